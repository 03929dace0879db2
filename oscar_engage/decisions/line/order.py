"""Who of those that wait for an agent comes before whom? Plain values: no clock, no database.

Two shoppers rank equally unless a model is sure that an agent's place is worth more to others than to one of them; that one
yields. Finer than that no model ranks: it knows gains by intervals, and ranked by what lies within them, places went to who
buys anyway (what-learning-wins.md). Of equals, whoever has waited longest comes first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Asked(NamedTuple):
    """What an invitation asks of the desk, as ``decisions.ports.Dialer`` takes it."""

    queue: str = ""
    path: str = ""
    language: str = ""


ANYTHING = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A shopper's place in line: since when, for what, and whether it yields; ``number`` tells who was noted first."""

    number: int
    since: datetime
    yields: bool = False
    asked: Asked = ANYTHING


def ahead_of(own: Standing | None, others: Iterable[Standing], *, yields: bool) -> tuple[Standing, ...]:
    """Return those of ``others`` who come before a shopper, the first of them first.

    ``own`` is the shopper's place, ``None`` for who has just come; ``yields``: whether it does now, whatever was noted.
    """
    before = [one for one in others if (one.yields, *_since(one)) < (yields, *_since(own))]
    return tuple(sorted(before, key=lambda one: (one.yields, *_since(one))))


def _since(one: Standing | None) -> tuple[bool, float, int]:
    return (True, 0.0, 0) if one is None else (False, one.since.timestamp(), one.number)
