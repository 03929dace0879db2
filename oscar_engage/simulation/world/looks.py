"""What does one page of a visit tell, and when? A page becomes the looks at which a browser would speak up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import Payload
from oscar_engage.visitors.page import PageFacts

TIMES = (12.0, 25.0, 47.0, 92.0)
"""Seconds in view after which a browser speaks up again, as far as the page is looked at for so long."""

TOLD_IDLE = (20.0, 45.0, 90.0)
"""Idle seconds at which a browser tells a pause, as the package's script does in the checkout."""

Told = tuple[str, Payload]


@dataclass(frozen=True, slots=True)
class Look:
    """One beat: ``after`` seconds of the visit, on ``page``, with what happened since the last, and the page's clocks."""

    after: float
    page: PageFacts
    told: tuple[Told, ...]
    idle: float = 0.0
    visible: float = 0.0


@dataclass(frozen=True, slots=True)
class Stop:
    """A page: ``told`` happens as it opens, then come ``active`` seconds of use and ``idle`` ones of none."""

    page: PageFacts
    told: tuple[Told, ...]
    active: float
    idle: float
    leaves: bool = False
    """Whether the pointer leaves the window at the end."""


def looks_of(stops: Sequence[Stop], *, begins: float = 0.0) -> tuple[Look, ...]:
    """Return the looks of all ``stops``, one after the other, from ``begins`` seconds of the visit on."""
    found: list[Look] = []
    after = begins
    for stop in stops:
        found += _looks(stop, after)
        after += stop.active + stop.idle
    return tuple(found)


def ends_at(stops: Sequence[Stop]) -> float:
    """Return how many seconds the stops take."""
    return sum(stop.active + stop.idle for stop in stops)


def _looks(stop: Stop, began: float) -> Iterator[Look]:
    page = stop.page
    opened = shipped.PageViewed(page=page.kind, product_id=page.product_id, category_id=page.category_id, step=page.step)
    yield Look(began, page, (*stop.told, ("page.viewed", opened)))
    before, seen, dwell = 0.0, 0.0, stop.active + stop.idle
    for visible in (time for time in TIMES if time < dwell):
        idle = max(0.0, visible - stop.active)
        told = [("page.idle", shipped.PageIdle(seconds=mark)) for mark in TOLD_IDLE if before < mark <= idle]
        yield Look(began + visible, page, tuple(told), idle, visible)
        before, seen = idle, visible
    if stop.leaves:
        last = max(seen, dwell - 0.5)
        yield Look(began + last, page, (("page.exit_intent", shipped.ExitIntent()),), max(0.0, last - stop.active), last)
