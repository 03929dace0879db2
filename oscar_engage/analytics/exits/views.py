"""At which stage, after how many pages and how many idle seconds did a visit go on, and where did it leave? Without a database.

A *page view* is a page that was opened: ``page.viewed``, or on the pages where the shopper pays, which carry no script of
ours, the server's ``checkout.step``. It belongs to the stage at which the visit stood when the page was opened and is the k-th
there. A visit that is over left on its last page; every other page view is one after which it stayed. So is the last one of a
visit that still runs, or whose end is an order: what they would have done is not known (they are *censored*).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oscar_engage.signals import shipped
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.page import UNKNOWN_PAGE, PageFacts
from oscar_engage.visitors.state import PAYING, STAGES, VisitState, begin

LEAVABLE = STAGES[:-1]
"""The stages at which leaving is a loss; who has ordered may go."""

MOST_VIEWS = 12
"""The twelfth page at a stage stands for all later ones: a visit's state remembers as many pages."""

MOST_PAGES = 200
"""A visit of more page views than this is a machine's, whatever it calls itself, and says nothing about shoppers."""

IDLE_KNOTS = (0, 10, 20, 30, 45, 60, 90, 120, 180, 240, 300)
"""Idle seconds at which we look. The browser tells 20, 30, 45, 60, 90 and 120 as they are reached, the rest when it leaves."""


@dataclass(frozen=True, slots=True, order=True)
class View:
    """One page view: the ``views``-th at ``stage`` (:data:`MOST_VIEWS` at most), and whether the visit left there.

    ``idle``: the latest of :data:`IDLE_KNOTS` that was reached on the page, in one go or several.
    """

    stage: str
    views: int
    idle: int
    has_left: bool


def cap_views(pages: int) -> int:
    """Return which of the counted page views the ``pages``-th at a stage is."""
    return min(max(pages, 1), MOST_VIEWS)


def find_knot(seconds: float) -> int:
    """Return the latest of :data:`IDLE_KNOTS` that ``seconds`` has reached."""
    return IDLE_KNOTS[max(0, bisect_right(IDLE_KNOTS, seconds) - 1)]


def read_views(signals: Iterable[Signal], *, started_at: datetime, is_over: bool = True) -> tuple[View, ...]:
    """Return the page views of one visit at the stages where it could be left; the same for every order of its ``signals``.

    Empty for a visit of which no page view is known, or more than :data:`MOST_PAGES`. The stage is worked out by the visit's
    own fold, so that what is learnt here is what a rule reads there.
    """
    state, pages = begin(started_at), list[_Page]()
    for signal in sorted(signals, key=_place):
        state = fold(state, signal, _facts(signal.payload))
        _follow(pages, signal, state)
    return tuple(_close(pages, state, is_over=is_over)) if len(pages) <= MOST_PAGES else ()


@dataclass(slots=True)
class _Page:
    """A page while the visit is read. ``is_idle``: nothing was heard since the browser told that nothing is touched."""

    stage: str
    views: int
    facts: PageFacts | None
    idle: float = 0
    is_idle: bool = False
    is_closed: bool = False

    def as_view(self, *, has_left: bool) -> View:
        return View(self.stage, self.views, find_knot(self.idle), has_left)


def _place(signal: Signal) -> tuple[Any, ...]:
    """Order by time; at the same instant the server's word on a page comes before the browser's that it was opened."""
    return signal.at, isinstance(signal.payload, shipped.PageViewed), signal.kind, signal.event_id


def _facts(payload: object) -> PageFacts:
    if not isinstance(payload, shipped.PageViewed | shipped.PageLeft):
        return UNKNOWN_PAGE
    return PageFacts(kind=payload.page, product_id=payload.product_id, category_id=payload.category_id, step=payload.step)


def _follow(pages: list[_Page], signal: Signal, state: VisitState) -> None:
    payload = signal.payload
    if isinstance(payload, shipped.PageViewed):
        pages.append(_Page(state.stage, cap_views(state.stage_pages), _facts(payload)))
    elif isinstance(payload, shipped.CheckoutStep) and payload.step in PAYING:
        pages.append(_Page(state.stage, cap_views(state.stage_pages), None))
    elif isinstance(payload, shipped.PageLeft):
        _leave(pages, payload)
    elif pages and signal.source is Source.BROWSER:
        last = pages[-1]
        last.is_idle = isinstance(payload, shipped.PageIdle)
        last.idle = max(last.idle, getattr(payload, "seconds", 0)) if last.is_idle else last.idle


def _leave(pages: list[_Page], left: shipped.PageLeft) -> None:
    """Note how long the page was idle in all: the latest that is still open and shows the same, for there may be two tabs."""
    facts = _facts(left)
    page = next((page for page in reversed(pages) if page.facts == facts and not page.is_closed), None)
    if page is not None:
        page.idle, page.is_closed = max(page.idle, left.idle), True


def _close(pages: list[_Page], state: VisitState, *, is_over: bool) -> Iterator[View]:
    """Give each page view; a visit that reached a further stage on its last page left at that one."""
    has_left = bool(pages) and is_over and state.stage in LEAVABLE
    if has_left and pages[-1].is_idle and not pages[-1].is_closed:
        pages[-1].idle = IDLE_KNOTS[-1]  # nothing was heard until the visit had ended: that is how long the page was idle
    leaving = pages[-1] if has_left and pages[-1].stage == state.stage else None
    for page in pages:
        if page.stage in LEAVABLE:
            yield page.as_view(has_left=page is leaving)
    if has_left and leaving is None:
        yield View(state.stage, cap_views(state.stage_pages), find_knot(pages[-1].idle), has_left=True)
