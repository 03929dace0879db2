"""When can we call? The slots of opening hours, and when to try again. Values in, values out: no clock, no database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oscar_engage.desk.promises.clock import FURTHEST_DAYS, Opening

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time in which a call is made: it begins from ``starts_at`` on and before ``ends_at``, both in UTC."""

    starts_at: datetime
    ends_at: datetime


def slots_of(opening: Opening, *, minutes: int, since: datetime, until: datetime) -> Iterator[Slot]:
    """Yield the slots of ``minutes`` that begin in ``[since, until)``, in order.

    Each time of opening is cut up from its beginning; what is left at its end is too short for a slot. Minutes are those that
    pass, so a day on which clocks are put forward has fewer slots.
    """
    length = timedelta(minutes=minutes)
    for opens, closes in _spans(opening, since, (until - since).days + 2):
        begins = opens
        while begins + length <= closes:
            if since <= begins < until:
                yield Slot(begins, begins + length)
            begins += length


def is_open(opening: Opening, *, at: datetime) -> bool:
    """Whether ``at`` is in a time of opening; its end is not."""
    return any(opens <= at < closes for opens, closes in _spans(opening, at, 1))


def next_open(opening: Opening, *, at: datetime) -> datetime | None:
    """Return ``at`` if it is open then, else when it opens next; ``None``: never again."""
    for opens, closes in _spans(opening, at, FURTHEST_DAYS):
        if at < closes:
            return max(opens, at)
    return None


def retry_at(opening: Opening, *, tries: int, pauses: Sequence[int], now: datetime) -> datetime | None:
    """Return when to call again after ``tries`` that reached nobody, the last one ``now``; ``None``: it is over.

    After try number n it is ``pauses[n - 1]`` minutes later, or when it opens next after that.
    """
    if not 0 < tries <= len(pauses):
        return None
    return next_open(opening, at=now + timedelta(minutes=pauses[tries - 1]))


def _spans(opening: Opening, since: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times of opening of the day of ``since``, the one before and the ``days`` after it, in order."""
    day = since.astimezone(opening.zone).date() - _DAY
    for _count in range(days + 2):
        yield from opening.spans_on(day)
        day += _DAY
