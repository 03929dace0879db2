"""What does a line of the trail tell beside the deed? Its detail in words: from and to, or plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext

from oscar_engage.dashboard.rules.trail import say_changes

_LONGEST = 120
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Told:
    """One thing: its name, what it was (``None`` where nothing is told of before), and what it is."""

    label: str
    before: str | None
    after: str


MEMBERS = "members"
"""The detail that names agents by their ids: who belongs to a queue, before and after."""


def agents_of(detail: Mapping[str, Any]) -> Iterable[int]:
    """Return the ids of agents that the detail names."""
    pair = detail.get(MEMBERS)
    return [pk for one in pair or () for pk in one or ()] if isinstance(pair, list) else ()


def say_detail(detail: Mapping[str, Any], agents: Mapping[int, str]) -> Sequence[Told]:
    """Return the detail of an entry in words, in its order; columns of rules by the names that their form has.

    ``agents`` are the names of :func:`agents_of`; who is gone is a number.
    """
    if MEMBERS in detail:
        detail = {**detail, MEMBERS: [[agents.get(pk, f"#{pk}") for pk in one or ()] for one in detail[MEMBERS]]}
    named = {name: said for name in detail for said in say_changes({name: detail[name]})}
    return [
        Told(str(named[name].label), named[name].before, named[name].after) if name in named else _told(name, value)
        for name, value in detail.items()
        if value not in (None, "", [], {})
    ]


def _told(name: str, value: Any) -> Told:
    label = name if name.isupper() else name.replace("_", " ")  # a setting is called as in the shop's code
    if isinstance(value, list) and len(value) == _PAIR and name not in _LISTS:
        return Told(label, None if value[0] is None else _say(value[0]), _say(value[1]))
    return Told(label, None, _say(value))


_LISTS = frozenset({"scopes", "given", "taken", "fields"})
"""Details whose value is a list of its own, and no pair of before and after."""


def _say(value: Any) -> str:
    if value is None:
        return pgettext("trail", "nothing")
    if isinstance(value, bool):
        return pgettext("trail", "yes") if value else pgettext("trail", "no")
    if isinstance(value, list):
        text = ", ".join(_say(one) for one in value) or pgettext("trail", "nothing")
    elif isinstance(value, dict):
        text = ", ".join(f"{key}: {_say(one)}" for key, one in value.items())
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
