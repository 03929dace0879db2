"""When is so much open time over? Arithmetic with the opening hours of a week, exact to the second, also when clocks change.

Times in and out are aware; what comes out is in UTC, since between two times of one zone Python counts what the clocks show
and not what passes. A time of opening is what the clock on the wall shows: one that it skips in spring begins or ends when the
clock is put forward, and one that it shows twice in autumn counts the first time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from oscar_engage.core.opening import Hours

Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Times of opening in one day: the minutes since midnight from which and until which, at most 1440 (24:00)."""

FURTHEST_DAYS = 3660
"""Days that are looked through for open time; beyond them a promise means nothing."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class NeverOpenError(ValueError):
    """Within :data:`FURTHEST_DAYS` there is not as much open time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """When somebody is there: the hours of a week by the clock of ``zone``.

    On a day in ``special`` its hours hold instead of the week's (none: closed), on a day in ``closed`` none at all.
    """

    zone: ZoneInfo
    week: Hours
    closed: frozenset[date] = frozenset()
    special: Mapping[date, Spans] = field(default_factory=dict)

    def spans_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the times of opening of ``day`` in order, in UTC, none of them empty and no two with a time in common."""
        for start, end in _merged(self._minutes_on(day)):
            opens, closes = self._instant(day, start), self._instant(day, end)
            if opens < closes:  # else the clock skipped all of it
                yield opens, closes

    def _minutes_on(self, day: date) -> Iterable[tuple[int, int]]:
        if day in self.closed:
            return ()
        if day in self.special:
            return self.special[day]
        return ((start, end) for weekday, start, end in self.week if weekday == day.weekday())

    def _instant(self, day: date, minutes: int) -> datetime:
        """Return the first instant at which the clock shows ``minutes`` after the midnight of ``day``, or more."""
        shown = datetime.combine(day, time()) + timedelta(minutes=minutes)
        instant = shown.replace(tzinfo=self.zone).astimezone(UTC)
        if instant.astimezone(self.zone).replace(tzinfo=None) == shown:
            return instant
        skipped_from = shown.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        return _first(skipped_from, instant, lambda at: at.astimezone(self.zone).replace(tzinfo=None) > shown)


def _first(low: datetime, high: datetime, holds: Callable[[datetime], bool]) -> datetime:
    """Return the first whole second after ``low``, at ``high`` the latest, at which ``holds`` is true from then on."""
    while high - low > _SECOND:
        middle = low + (high - low) // (2 * _SECOND) * _SECOND
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans in order, with those that meet or have a time in common as one."""
    open_from = open_until = -1
    for start, end in sorted(spans):
        if start <= open_until:
            open_until = max(open_until, end)
            continue
        if open_until >= 0:
            yield open_from, open_until
        open_from, open_until = start, end
    if open_until >= 0:
        yield open_from, open_until


def add_open_time(start: datetime, minutes: float, opening: Opening | None = None) -> datetime:
    """Return when ``minutes`` of open time after ``start`` are over, in UTC; without ``opening`` it is always open.

    None are over at ``start`` itself, even while it is closed. Raises :class:`NeverOpenError`.
    """
    return add_open(start, timedelta(minutes=minutes), opening)


def add_open(start: datetime, duration: timedelta, opening: Opening | None = None) -> datetime:
    """Return what :func:`add_open_time` does, for a ``duration`` that is not negative."""
    begun = start.astimezone(UTC)
    if opening is None or duration <= timedelta():
        return begun + max(duration, timedelta())
    left = duration
    for opens, closes in _spans_from(begun, opening, FURTHEST_DAYS):
        from_here = max(opens, begun)
        if closes - from_here >= left:
            return from_here + left
        left -= closes - from_here
    raise NeverOpenError(f"There are no {duration} of open time within {FURTHEST_DAYS} days.")


def open_seconds_between(a: datetime, b: datetime, opening: Opening | None = None) -> float:
    """Return the seconds of open time from ``a`` to ``b``; negative if ``b`` is earlier. Without ``opening``, all of them."""
    return open_between(a, b, opening).total_seconds()


def open_between(a: datetime, b: datetime, opening: Opening | None = None) -> timedelta:
    """Return what :func:`open_seconds_between` does, as a duration."""
    first, last = a.astimezone(UTC), b.astimezone(UTC)
    if opening is None:
        return last - first
    if last < first:
        return -open_between(last, first, opening)
    found = timedelta()
    for opens, closes in _spans_from(first, opening, (last - first).days + 2):
        found += max(min(closes, last) - max(opens, first), timedelta())
    return found


def _spans_from(begun: datetime, opening: Opening, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times of opening that end after ``begun``, of its day and the ``days`` after it, in order."""
    day = begun.astimezone(opening.zone).date() - _DAY  # where clocks go back at midnight, a day begins before it
    for _count in range(days + 2):
        yield from (span for span in opening.spans_on(day) if span[1] > begun)
        day += _DAY
