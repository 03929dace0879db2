"""For how long had nothing been touched, and the page been in view, at a time that is past?

A browser does not tell each touch. It tells when nothing was touched for so many seconds (``page.idle``, at each *step*), when
a page was opened, and when it came back into view. So at any time, either an idle moment that was told later covers it, and
the idle time is exact; or it is one of few: below the first step, since that one would have been told, or on from the last one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oscar_engage.conf import EngageSettings
from oscar_engage.core.sensors import SENSORS
from oscar_engage.signals.shipped import ExitIntent, PageHidden, PageIdle, PageLeft, PageViewed, WidgetAccepted, WidgetDismissed
from oscar_engage.signals.signal import Source
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.recall import Heard

SLACK = 3.0
"""Seconds by which an idle moment is told late: the browser waits up to a second and 300 ms, and the way takes its time."""

_TOUCHES = (ExitIntent, WidgetAccepted, WidgetDismissed)
"""What nobody does without touching the page."""

Steps = Mapping[str, tuple[float, ...]]
"""The idle seconds that a browser tells, ``checkout`` there and ``seconds`` elsewhere; empty where the sensor is off."""


def read_steps(settings: EngageSettings) -> Steps:
    """Return the steps as the shop has set them today."""
    known = SENSORS["idle"]
    changed = dict(settings.sensors)
    if "idle" in changed and changed["idle"] is None:
        return dict.fromkeys(known, ())
    given = dict(changed.get("idle") or ())
    return {name: _numbers(given.get(name, threshold.default)) for name, threshold in known.items()}


def _numbers(steps: object) -> tuple[float, ...]:
    return tuple(float(step) for step in steps) if isinstance(steps, tuple) else ()


@dataclass(frozen=True, slots=True)
class Span:
    """Possible idle seconds: from ``low`` up to, and without, ``high``; one value when both are equal."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Whether it is one value."""
        return self.low == self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPage:
    """A page, from when it was opened until the next was.

    ``hidden`` are its spans out of view, ``told`` the idle moments that it told, ``touched`` when it was surely touched.
    """

    facts: PageFacts
    opened_at: datetime
    shown_at: datetime
    left_at: datetime | None
    hidden: tuple[tuple[datetime, datetime], ...]
    told: tuple[tuple[datetime, float], ...]
    touched: tuple[datetime, ...] = ()

    def visible_seconds(self, at: datetime) -> float:
        """Return for how long it had been in view at ``at``."""
        away = sum((_overlap(span, self.shown_at, at) for span in self.hidden), timedelta())
        return max(0.0, (at - self.shown_at - away).total_seconds())

    def is_hidden(self, at: datetime) -> bool:
        """Whether it was out of view then, as the browser told when it was back."""
        return any(begin <= at < end for begin, end in self.hidden)

    def idle_spans(self, at: datetime, steps: Steps) -> tuple[Span, ...]:
        """Return the idle seconds that are possible at ``at``: one exact span when that can be said."""
        touches = (*(end for _begin, end in self.hidden), *self.touched)
        since = max([min(self.opened_at, self.shown_at), *(touch for touch in touches if touch <= at)])
        longest = max(0.0, (at - since).total_seconds())
        own = steps["checkout" if self.facts.kind == "checkout" else "seconds"]
        for told_at, seconds in self.told:
            began = told_at - timedelta(seconds=seconds)
            if since - timedelta(seconds=SLACK) <= began <= at <= told_at + timedelta(seconds=SLACK):
                exact = max(0.0, (at - began).total_seconds())
                return (Span(exact, exact),)
        fresh = Span(0.0, min(longest, own[0] + SLACK) if own else longest)
        return (fresh, *self._going_on(at, since, own))

    def _going_on(self, at: datetime, since: datetime, own: Sequence[float]) -> Iterable[Span]:
        """Yield the idle time that goes on from the last step told, unless the next step would have been told by then."""
        last = next(((told_at, seconds) for told_at, seconds in reversed(self.told) if since <= told_at <= at), None)
        if last is not None:
            going = last[1] + (at - last[0]).total_seconds()
            further = next((step for step in own if step > last[1]), None)
            if further is None or going < further + SLACK:
                yield Span(going, going)


def _overlap(span: tuple[datetime, datetime], begin: datetime, end: datetime) -> timedelta:
    return max(timedelta(), min(span[1], end) - max(span[0], begin))


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one visit, in the order in which the server heard of them."""

    pages: tuple[OpenPage, ...]
    heard_at: tuple[datetime, ...]

    def at(self, time: datetime) -> OpenPage | None:
        """Return the page in view at ``time``, as far as the server had heard; ``None`` before the first."""
        place = bisect_right(self.heard_at, time)
        return self.pages[place - 1] if place else None


def find_pages(heard: Sequence[Heard]) -> Pages:
    """Return the pages in ``heard`` (in the order of arrival). Of two tabs at once the one opened last counts as in view."""
    opened = [place for place, one in enumerate(heard) if isinstance(one.signal.payload, PageViewed)]
    ends = [*opened[1:], len(heard)][: len(opened)]
    pages = tuple(_page(heard[start:end]) for start, end in zip(opened, ends, strict=True))
    return Pages(pages, tuple(heard[place].received_at for place in opened))


def _page(heard: Sequence[Heard]) -> OpenPage:
    hidden = tuple(_hidden(heard))
    left = next((one for one in heard if isinstance(one.signal.payload, PageLeft)), None)
    return OpenPage(
        facts=heard[0].page,
        opened_at=heard[0].signal.at,
        shown_at=_shown_at(heard[0], left, hidden),
        left_at=left.signal.at if left else None,
        hidden=hidden,
        told=tuple((one.signal.at, one.signal.payload.seconds) for one in heard if isinstance(one.signal.payload, PageIdle)),
        touched=tuple(one.signal.at for one in heard if isinstance(one.signal.payload, _TOUCHES)),
    )


def _shown_at(first: Heard, left: Heard | None, hidden: Iterable[tuple[datetime, datetime]]) -> datetime:
    """Return when the page came into view, by what it said when it was left: its clock runs since before our script did."""
    if left is not None and isinstance(left.signal.payload, PageLeft):
        away = sum((end - begin for begin, end in hidden), timedelta())
        return left.signal.at - away - timedelta(seconds=left.signal.payload.visible)
    was_behind = (first.received_at - first.signal.at).total_seconds() > SLACK  # such a tab speaks when it is looked at
    return first.received_at if was_behind else first.signal.at


def _hidden(heard: Iterable[Heard]) -> Iterable[tuple[datetime, datetime]]:
    for one in heard:
        if isinstance(one.signal.payload, PageHidden):
            yield one.signal.at - timedelta(seconds=one.signal.payload.seconds), one.signal.at


@dataclass(frozen=True, slots=True)
class RecordedBeat:
    """A beat that the browser waited for: when, and how many of the visit's signals the server had with it."""

    at: datetime
    heard: int


def find_beats(heard: Sequence[Heard], pages: Pages) -> tuple[RecordedBeat, ...]:
    """Return the beats in ``heard`` that were answered: not those by which a page said farewell, or went out of view."""
    together: dict[datetime, list[int]] = {}
    for place, one in enumerate(heard):
        together.setdefault(one.received_at, []).append(place)
    return tuple(
        RecordedBeat(at, places[-1] + 1)
        for at, places in together.items()
        if _is_answered([heard[place] for place in places], pages.at(at), at)
    )


def _is_answered(together: Sequence[Heard], page: OpenPage | None, at: datetime) -> bool:
    if not any(one.signal.source is Source.BROWSER for one in together):
        return False
    if any(isinstance(one.signal.payload, PageLeft) for one in together):
        return False
    return page is None or not page.is_hidden(at)
