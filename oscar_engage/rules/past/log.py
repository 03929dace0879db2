"""What happened before, and how often? Pure questions to the facts of one visitor's log, oldest first.

What is not known is never guessed: a question that reaches further back than the log was read, or asks for a kind that was not
read, has the answer ``UNKNOWN``, unless what was read decides it already.
"""

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from operator import attrgetter
from typing import Any, NamedTuple

from oscar_engage.rules.engine.values import UNKNOWN, Value

_at = attrgetter("at")

CategoriesOf = Callable[[Collection[int]], Mapping[int, frozenset[int]]]
"""Gives for ids of products the ids of all categories that each is in, those above them included."""


def _no_categories(products: Collection[int]) -> Mapping[int, frozenset[int]]:
    return {}


class Fact(NamedTuple):
    """One signal of the log; ``visit`` is empty when the visitor was not here, ``number`` orders what was at one instant."""

    at: datetime
    kind: str
    payload: Mapping[str, Any]
    visit: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The facts of the kinds that were read, by kind, complete after ``known_since``; the times are in order.

    ``is_whole``: nothing is kept that is older than ``known_since``.
    """

    facts: Mapping[str, Sequence[Fact]]
    known_since: datetime
    is_whole: bool
    categories_of: CategoriesOf = _no_categories

    def knows(self, kind: str, *, since: datetime) -> bool:
        """Whether everything of this kind after ``since`` is in here."""
        return self.known_since <= since and kind in self.facts


def sort_facts(facts: Iterable[Fact], kinds: Iterable[str]) -> dict[str, list[Fact]]:
    """Return the facts, which are in the order of their times, by kind; a kind of which there is none is there, too."""
    sorted_out: dict[str, list[Fact]] = {kind: [] for kind in kinds}
    for fact in facts:
        if fact.kind in sorted_out:
            sorted_out[fact.kind].append(fact)
    return sorted_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which facts count: those of a kind, and of them those about a thing. What is ``None`` or empty does not matter."""

    kind: str
    product: int | None = None
    category: int | None = None
    page: str = ""
    words: str = ""

    @property
    def is_any(self) -> bool:
        """Whether all facts of the kind count."""
        return self.product is None and self.category is None and not self.page and not self.words


def seek(past: Past, sought: Sought, *, after: datetime, until: datetime) -> Iterator[Fact]:
    """Yield the facts that count, later than ``after`` and not later than ``until``, in their order."""
    facts = past.facts[sought.kind]
    found = facts[bisect_right(facts, after, key=_at) : bisect_right(facts, until, key=_at)]
    if sought.is_any:
        return iter(found)
    if sought.category is None:
        categories: Mapping[int, frozenset[int]] = {}
    else:
        categories = past.categories_of({product for fact in found if (product := _product(fact)) is not None})
    return (fact for fact in found if _counts(fact, sought, categories))


def count(past: Past, sought: Sought, *, window: timedelta, now: datetime) -> Value:
    """Return how often it happened in the ``window`` before ``now``."""
    if not past.knows(sought.kind, since=now - window):
        return UNKNOWN
    return sum(1 for _fact in seek(past, sought, after=now - window, until=now))


def count_visits(past: Past, sought: Sought, *, window: timedelta, now: datetime) -> Value:
    """Return in how many visits it happened in the ``window`` before ``now``."""
    if not past.knows(sought.kind, since=now - window):
        return UNKNOWN
    return len({fact.visit for fact in seek(past, sought, after=now - window, until=now)} - {""})


def seconds_since(past: Past, sought: Sought, *, now: datetime) -> Value:
    """Return the seconds since it happened last; infinitely many when it never did, as far as is kept."""
    if sought.kind not in past.facts:
        return UNKNOWN
    last = deque(seek(past, sought, after=past.known_since, until=now), maxlen=1)
    if last:
        return (now - last[0].at).total_seconds()
    return math.inf if past.is_whole else UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Kinds that follow one another ``within`` a time, from the first to the last, with none of ``without`` in between.

    Anything else may come in between. A fact stands for one step only.
    """

    kinds: tuple[str, ...]
    within: timedelta
    without: str = ""

    @property
    def asked(self) -> frozenset[str]:
        """All kinds that matter."""
        return frozenset({*self.kinds, self.without} - {""})


def happened(past: Past, steps: Steps, *, window: timedelta, now: datetime) -> Value:
    """Return whether the ``steps`` were gone, all of them in the ``window`` before ``now``."""
    if not past.facts.keys() >= steps.asked:
        return UNKNOWN
    since = max(past.known_since, now - window)
    facts = merge(*(past.facts[kind] for kind in steps.asked), key=_place)
    if _is_gone((fact for fact in facts if since < fact.at <= now), steps):
        return True
    return False if past.known_since <= now - window else UNKNOWN


def _place(fact: Fact) -> tuple[datetime, int]:
    return fact.at, fact.number


def _is_gone(facts: Iterable[Fact], steps: Steps) -> bool:
    """Walk the facts once; for each number of steps gone, the latest beginning is the one most likely to be in time."""
    began: list[datetime | None] = [None] * len(steps.kinds)
    for fact in facts:
        if fact.kind == steps.without:
            began = [None] * len(steps.kinds)
        for place in range(len(steps.kinds) - 1, -1, -1):  # from the last: a fact is not to follow itself
            if fact.kind == steps.kinds[place]:
                start = fact.at if place == 0 else began[place - 1]
                if start is not None and fact.at - start <= steps.within:
                    began[place] = start
        if began[-1] is not None:
            return True
    return False


def _product(fact: Fact) -> int | None:
    product = fact.payload.get("product_id")
    return product if isinstance(product, int) else None


def _counts(fact: Fact, sought: Sought, categories: Mapping[int, frozenset[int]]) -> bool:
    product = _product(fact)
    if sought.product is not None and product != sought.product:
        return False
    if sought.category is not None:
        shown = fact.payload.get("category_id") == sought.category
        if not shown and (product is None or sought.category not in categories.get(product, ())):
            return False
    if sought.page and fact.payload.get("page") != sought.page:
        return False
    return not sought.words or sought.words.casefold() in str(fact.payload.get("query", "")).casefold()
