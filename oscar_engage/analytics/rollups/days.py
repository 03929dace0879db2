"""Which day is it, by the shop's clock? And which days of a rollup have to be counted?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from oscar_engage.analytics.rollups.declare import Day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is known of a day that was counted."""

    filled_at: datetime
    version: int
    is_frozen: bool


def make_day(of: date, zone: tzinfo) -> Day:
    """Return the day ``of`` in ``zone``."""
    starts_at, ends_at = (datetime.combine(start, time.min, tzinfo=zone) for start in (of, of + ONE_DAY))
    return Day(date=of, starts_at=starts_at, ends_at=ends_at)


def is_closed(day: Day, *, open_days: int, now: datetime) -> bool:
    """Whether nothing that belongs to the day can come in any more: ``open_days`` full days have passed since its end."""
    return now >= make_day(day.date + (open_days + 1) * ONE_DAY, day.starts_at.tzinfo or now.tzinfo).starts_at  # type: ignore[arg-type]  # aware, both


def find_due(
    kept: Mapping[date, Kept], *, begins_at: datetime, version: int, open_days: int, sweep_at: datetime, zone: tzinfo
) -> list[date]:
    """Return the days that the sweep that began at ``sweep_at`` still has to count, the newest first.

    Today and yesterday in every sweep; an open day before them once a day, for an order or a return belongs to the day of what
    caused it; a day that is over for good once more, to be frozen; and whatever was never counted. ``kept``: by day.
    """
    today = sweep_at.astimezone(zone).date()
    midnight = make_day(today, zone).starts_at

    def is_due(day: date) -> bool:
        known = kept.get(day)
        if known is None:
            return True
        if known.is_frozen:
            return False
        if day >= today - ONE_DAY:
            return known.filled_at < sweep_at or known.version != version
        closes_at = make_day(day + (open_days + 1) * ONE_DAY, zone).starts_at
        return known.version != version or known.filled_at < midnight or known.filled_at < closes_at <= sweep_at

    first = begins_at.astimezone(zone).date()
    days = (today - number * ONE_DAY for number in range((today - first).days + 1))
    return [day for day in days if is_due(day)]
