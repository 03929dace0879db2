"""Which days are counted when, and where does a day begin?"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from oscar_engage.analytics.rollups.days import Kept, find_due, is_closed, make_day

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 10, 12, tzinfo=BERLIN)
TODAY = NOON.date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def due(kept: dict[date, Kept], *, begins: int = 4, open_days: int = 2) -> list[int]:
    """Return how many days ago each day was that is due."""
    begins_at = NOON - timedelta(days=begins)
    days = find_due(kept, begins_at=begins_at, version=1, open_days=open_days, sweep_at=NOON, zone=BERLIN)
    return [(TODAY - day).days for day in days]


def kept(filled_at: datetime, *, version: int = 1, is_frozen: bool = False) -> Kept:
    return Kept(filled_at=filled_at, version=version, is_frozen=is_frozen)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 6, 1), 24), (date(2026, 10, 25), 25)],
    ids=["spring", "summer", "autumn"],
)
def test_make_day__any_day__is_as_long_as_the_clock_says(day: date, hours: int) -> None:
    made = make_day(day, BERLIN)
    assert made.ends_at.astimezone(UTC) - made.starts_at.astimezone(UTC) == timedelta(hours=hours)


def test_is_closed__open_days_have_passed__only_then() -> None:
    day = make_day(TODAY, BERLIN)
    closes_at = datetime(2026, 6, 13, tzinfo=BERLIN)
    assert not is_closed(day, open_days=2, now=closes_at - timedelta(seconds=1))
    assert is_closed(day, open_days=2, now=closes_at)


def test_find_due__nothing_counted__is_every_day_the_newest_first() -> None:
    assert due({}) == [0, 1, 2, 3, 4]


def test_find_due__counted_an_hour_ago__only_today_and_yesterday_again() -> None:
    assert due({ago(days): kept(NOON - timedelta(hours=1)) for days in range(5)}) == [0, 1]


def test_find_due__counted_in_this_sweep__is_done() -> None:
    assert due({ago(days): kept(NOON) for days in range(5)}) == []


def test_find_due__open_day_not_counted_since_midnight__is_due() -> None:
    rows = {ago(days): kept(NOON) for days in range(5)} | {ago(2): kept(NOON - timedelta(hours=13))}
    assert due(rows) == [2]


def test_find_due__day_over_since_its_last_count__is_counted_once_more() -> None:
    rows = {ago(days): kept(NOON) for days in range(5)}
    before_the_end = make_day(ago(1), BERLIN).starts_at + timedelta(hours=1)
    assert due(rows | {ago(4): kept(before_the_end)}) == [4]
    assert due(rows | {ago(4): kept(before_the_end, is_frozen=True)}) == []


def test_find_due__other_version__counts_open_days_anew() -> None:
    rows = {ago(days): kept(NOON, version=0) for days in range(5)} | {ago(4): kept(NOON, version=0, is_frozen=True)}
    assert due(rows) == [0, 1, 2, 3]


def test_find_due__raw_rows_of_the_future__is_nothing() -> None:
    assert due({}, begins=-2) == []
