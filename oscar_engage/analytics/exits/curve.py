"""What share leaves, after how many page views and how many idle seconds? Plain statistics over counts, without a database.

By page views it is a hazard in discrete time: of the page views that were the k-th at a stage, the share on which the visit
left. Visits that moved on to another stage, ordered or still run count in the k-th they made and in no later one; they are
censored. The product of the shares that stayed is the Kaplan-Meier curve. By idle seconds it is the share, of all page views
that had been idle for t seconds, which were the visit's last: who went on to another page did not leave, however idle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import exp, log, sqrt
from typing import TypeAlias

from oscar_engage.analytics.exits.views import IDLE_KNOTS, MOST_VIEWS, View
from oscar_engage.analytics.interval import CONFIDENCE_Z, Rate, wilson

FEWEST_VIEWS = 100
"""Below so many page views nothing is said: from there on a 95 % interval reaches at most ten points to either side of the
share, whatever that is (1.96 * sqrt(0.25 / 100) = 0.098). Rules act on it, so it is more than a report asks for."""


@dataclass(frozen=True, slots=True)
class Count:
    """Page views: on how many the visit left, after how many it stayed."""

    left: int = 0
    stayed: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.left + other.left, self.stayed + other.stayed)

    @property
    def all(self) -> int:
        """How many page views there were: those at risk."""
        return self.left + self.stayed


Key: TypeAlias = tuple[str, int, int]
"""Stage, number of the page view there, idle seconds reached: what a :class:`View` says but for how it ended."""

Counts: TypeAlias = Mapping[Key, Count]
"""The sufficient statistics of everything here. Those of two logs add up to those of both."""


@dataclass(frozen=True, slots=True)
class Step:
    """A point of a curve: ``at`` (the k-th page view, or t idle seconds), who was at risk, how many left, and which share.

    ``rate`` is ``None`` below :data:`FEWEST_VIEWS`. ``staying``, by page views only, is the share still there after the k-th
    page view if nobody had moved on; ``None`` from the first step without a rate on, and for the last, which is many steps.
    """

    at: int
    at_risk: int
    left: int
    rate: Rate | None
    staying: Rate | None = None


def count(views: Iterable[View]) -> dict[Key, Count]:
    """Return the counts of ``views``, in whatever order they come."""
    return merge({(view.stage, view.views, view.idle): Count(int(view.has_left), int(not view.has_left))} for view in views)


def merge(parts: Iterable[Counts]) -> dict[Key, Count]:
    """Return the sum of several counts."""
    total: dict[Key, Count] = {}
    for part in parts:
        for key, number in part.items():
            total[key] = total.get(key, Count()) + number
    return total


def rate_of(number: Count) -> Rate | None:
    """Return the share that left with its Wilson interval; ``None`` where there is too little to say."""
    return wilson(number.left, number.all) if number.all >= FEWEST_VIEWS else None


def pool(counts: Counts, stage: str, *, views: int | None = None, idle: int = 0) -> Count:
    """Return the page views at ``stage`` that were the ``views``-th there (``None``: any), idle ``idle`` seconds or more."""
    cells = (
        number
        for (where, nth, seconds), number in counts.items()
        if where == stage and views in (None, nth) and seconds >= idle
    )
    return sum(cells, Count())


def by_views(counts: Counts, stage: str) -> tuple[Step, ...]:
    """Return the hazard by page views at ``stage``, for each number up to :data:`MOST_VIEWS`.

    The last step is every page view from that number on: there it is the mean share that leaves on one of them.
    """
    numbers = [pool(counts, stage, views=nth) for nth in range(1, MOST_VIEWS + 1)]
    enough = list(takewhile(lambda number: number.all >= FEWEST_VIEWS, numbers[:-1]))
    staying = [*survive(enough), *[None] * (MOST_VIEWS - len(enough))]
    return tuple(
        Step(nth, number.all, number.left, rate_of(number), share)
        for nth, (number, share) in enumerate(zip(numbers, staying, strict=True), start=1)
    )


def by_idle(counts: Counts, stage: str) -> tuple[Step, ...]:
    """Return the share that left by idle seconds at ``stage``, for each of the knots; the first is all page views."""
    numbers = [pool(counts, stage, idle=knot) for knot in IDLE_KNOTS]
    return tuple(Step(knot, number.all, number.left, rate_of(number)) for knot, number in zip(IDLE_KNOTS, numbers, strict=True))


def survive(numbers: Iterable[Count]) -> list[Rate]:
    """Return the Kaplan-Meier share that is still there after each of ``numbers``, one a step, with 95 % intervals.

    Source: E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958) 457-481; the
    variance is Greenwood's, the interval that of log(-log S), which stays inside [0, 1] (J. D. Kalbfleisch and R. L. Prentice,
    "The statistical analysis of failure time data", 1980). Where it is not defined, since nobody has left, or everybody, the
    open bound is Wilson's for the last step. Steps at which nobody was at risk raise :class:`ValueError`.
    """
    steps = list(numbers)
    return [_point(steps[:end]) for end in range(1, len(steps) + 1)]


def _point(path: Sequence[Count]) -> Rate:
    """Return the share after the last step of ``path``, and its interval."""
    last = wilson(path[-1].left, path[-1].all)
    share = 1.0
    variance = 0.0  # Greenwood's sum, without the factor S²
    for number in path:
        share *= number.stayed / number.all
        if not number.stayed:
            return Rate(0.0, 0.0, 1 - last.low)
        variance += number.left / (number.all * number.stayed)
    if not variance:
        return Rate(1.0, 1 - last.high, 1.0)
    spread = CONFIDENCE_Z * sqrt(variance) / log(share)
    return Rate(share, share ** exp(-spread), share ** exp(spread))
