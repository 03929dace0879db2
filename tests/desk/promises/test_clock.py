"""Is open time counted to the second, through nights, weekends, holidays and both changes of the clocks?"""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.core.opening import clean_hours
from oscar_engage.desk.promises.clock import (
    NeverOpenError,
    Opening,
    add_open,
    add_open_time,
    open_between,
    open_seconds_between,
)

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Opening(
    zone=BERLIN,
    week=clean_hours({"mon-fri": "9:00-12:30, 13:30-18:00"}),
    closed=frozenset({date(2026, 5, 1)}),
    special={date(2026, 12, 24): ((600, 720),), date(2026, 12, 23): ()},
)
NIGHTS = Opening(zone=BERLIN, week=clean_hours({"mon-sun": "22:00-24:00, 0:00-6:00"}))
ALL_DAY = Opening(zone=BERLIN, week=clean_hours({"mon-sun": "0:00-24:00"}))
EARLY = Opening(zone=BERLIN, week=clean_hours({"sun": "2:30-5:00"}))
SKIPPED = Opening(zone=BERLIN, week=clean_hours({"sun": "2:10-2:50, 8:00-9:00"}))
OVERLAP = Opening(zone=BERLIN, week=((0, 540, 720), (0, 600, 660), (0, 700, 780), (0, 780, 800)))
MIDNIGHT_GAP = Opening(zone=ZoneInfo("Africa/Cairo"), week=clean_hours({"mon-sun": "0:00-1:30"}))

SUMMER, WINTER = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))


def at(text: str) -> datetime:
    """Read a time with its offset, such as ``2026-03-29 01:30 +1``."""
    day, clock, offset = text.split()
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SUMMER if offset == "+2" else WINTER)


CASES = [
    ("in the morning", OFFICE, "2026-05-04 09:30 +2", 40, "2026-05-04 10:10 +2"),
    ("before opening", OFFICE, "2026-05-04 07:00 +2", 40, "2026-05-04 09:40 +2"),
    ("at opening", OFFICE, "2026-05-04 09:00 +2", 5, "2026-05-04 09:05 +2"),
    ("over lunch", OFFICE, "2026-05-04 12:00 +2", 40, "2026-05-04 13:40 +2"),
    ("in lunch", OFFICE, "2026-05-04 12:45 +2", 40, "2026-05-04 14:10 +2"),
    ("to the closing minute exactly", OFFICE, "2026-05-04 17:20 +2", 40, "2026-05-04 18:00 +2"),
    ("a second beyond it", OFFICE, "2026-05-04 17:20:01 +2", 40, "2026-05-05 09:00:01 +2"),
    ("at the closing minute", OFFICE, "2026-05-04 18:00 +2", 5, "2026-05-05 09:05 +2"),
    ("over night", OFFICE, "2026-05-04 17:50 +2", 40, "2026-05-05 09:30 +2"),
    ("over a closed weekend", OFFICE, "2026-05-08 17:50 +2", 40, "2026-05-11 09:30 +2"),
    ("on a closed Saturday", OFFICE, "2026-05-09 11:00 +2", 120, "2026-05-11 11:00 +2"),
    ("over a holiday and the weekend", OFFICE, "2026-04-30 17:30 +2", 60, "2026-05-04 09:30 +2"),
    ("on a holiday", OFFICE, "2026-05-01 10:00 +2", 1, "2026-05-04 09:01 +2"),
    ("on a day with other hours", OFFICE, "2026-12-24 11:00 +1", 90, "2026-12-25 09:30 +1"),
    ("on a special day that is closed", OFFICE, "2026-12-23 11:00 +1", 30, "2026-12-24 10:30 +1"),
    ("nothing, while closed", OFFICE, "2026-05-09 11:00 +2", 0, "2026-05-09 11:00 +2"),
    ("several days", OFFICE, "2026-05-04 09:00 +2", 8 * 60 * 3, "2026-05-06 18:00 +2"),
    ("over midnight", NIGHTS, "2026-05-04 23:30 +2", 60, "2026-05-05 00:30 +2"),
    ("to midnight", NIGHTS, "2026-05-04 22:00 +2", 120, "2026-05-05 00:00 +2"),
    ("from midnight", NIGHTS, "2026-05-05 00:00 +2", 30, "2026-05-05 00:30 +2"),
    ("over two nights", NIGHTS, "2026-05-05 05:00 +2", 120, "2026-05-05 23:00 +2"),
    ("night with an hour less", NIGHTS, "2026-03-28 22:00 +1", 7 * 60, "2026-03-29 06:00 +2"),
    ("night with an hour more", NIGHTS, "2026-10-24 22:00 +2", 9 * 60, "2026-10-25 06:00 +1"),
    ("day with an hour less", ALL_DAY, "2026-03-29 00:00 +1", 23 * 60, "2026-03-30 00:00 +2"),
    ("day with an hour more", ALL_DAY, "2026-10-25 00:00 +2", 25 * 60, "2026-10-26 00:00 +1"),
    ("second before the gap", ALL_DAY, "2026-03-29 01:59:59 +1", 1, "2026-03-29 03:00:59 +2"),
    ("opening that the clock skips", EARLY, "2026-03-28 12:00 +1", 60, "2026-03-29 04:00 +2"),
    ("opening shown twice, the first time", EARLY, "2026-10-24 12:00 +2", 60, "2026-10-25 02:30 +1"),
    ("in the fold, the first time", EARLY, "2026-10-25 02:40 +2", 10, "2026-10-25 02:50 +2"),
    ("in the fold, the second time", EARLY, "2026-10-25 02:40 +1", 10, "2026-10-25 02:50 +1"),
    ("before the fold, to its second time", ALL_DAY, "2026-10-25 02:30 +2", 60, "2026-10-25 02:30 +1"),
    ("all of it skipped", SKIPPED, "2026-03-29 00:00 +1", 30, "2026-03-29 08:30 +2"),
    ("not skipped a week later", SKIPPED, "2026-04-05 00:00 +2", 30, "2026-04-05 02:40 +2"),
    ("spans with a time in common", OVERLAP, "2026-05-04 08:00 +2", 260, "2026-05-04 13:20 +2"),
    ("always open", None, "2026-03-29 01:30 +1", 60, "2026-03-29 03:30 +2"),
]


@pytest.mark.attack("N07")
@pytest.mark.parametrize(("name", "opening", "start", "minutes", "end"), CASES, ids=[case[0] for case in CASES])
def test_clock__by_hand__adds_and_counts_to_the_second(
    name: str, opening: Opening | None, start: str, minutes: int, end: str
) -> None:
    assert add_open_time(at(start), minutes, opening) == at(end)
    assert open_seconds_between(at(start), at(end), opening) == minutes * 60


def test_clock__start_given_by_a_clock_in_the_gap__is_the_time_python_takes_it_for() -> None:
    in_gap = datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN)  # 01:30 in UTC, when clocks show 03:30
    assert add_open_time(in_gap, 30, ALL_DAY) == at("2026-03-29 04:00 +2")
    assert add_open_time(in_gap, 30, EARLY) == at("2026-03-29 04:00 +2")


def test_clock__start_in_the_fold__is_told_apart_by_its_fold() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    assert open_seconds_between(first, first.replace(fold=1), ALL_DAY) == 3600
    assert add_open_time(first.replace(fold=1), 30, EARLY) == at("2026-10-25 03:00 +1")


def test_clock__midnight_that_the_clock_skips__opens_when_it_is_put_forward() -> None:
    # In Cairo, clocks go from 24:00 of 2026-04-23 to 01:00 of the 24th.
    night = datetime(2026, 4, 23, 20, tzinfo=UTC)
    assert list(MIDNIGHT_GAP.spans_on(date(2026, 4, 24))) == [(night.replace(hour=22), night.replace(hour=22, minute=30))]
    assert add_open_time(night, 30, MIDNIGHT_GAP) == night.replace(hour=22, minute=30)


def test_clock__never_open__says_so() -> None:
    with pytest.raises(NeverOpenError):
        add_open_time(at("2026-05-04 09:00 +2"), 1, Opening(zone=BERLIN, week=()))
    assert open_seconds_between(at("2026-05-04 09:00 +2"), at("2027-05-04 09:00 +2"), Opening(zone=BERLIN, week=())) == 0


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is UTC
durations = st.timedeltas(timedelta(), timedelta(days=3))
openings = st.sampled_from([None, OFFICE, NIGHTS, ALL_DAY, EARLY, SKIPPED, OVERLAP, MIDNIGHT_GAP])


@given(start=moments, duration=durations, opening=openings)
def test_clock__time_added__is_the_time_counted(start: datetime, duration: timedelta, opening: Opening | None) -> None:
    assert open_between(start, add_open(start, duration, opening), opening) == duration


@given(start=moments, one=durations, other=durations, opening=openings)
def test_clock__added_in_two_steps__ends_at_the_same_time(
    start: datetime, one: timedelta, other: timedelta, opening: Opening | None
) -> None:
    halfway = add_open(start, one, opening)
    assert add_open(halfway, other, opening) == add_open(start, one + other, opening) or not other


@given(times=st.tuples(moments, moments, moments), opening=openings)
def test_clock__counted_in_two_parts__is_the_whole_in_any_order(
    times: tuple[datetime, datetime, datetime], opening: Opening | None
) -> None:
    a, b, c = times
    assert open_between(a, b, opening) + open_between(b, c, opening) == open_between(a, c, opening)
    assert open_between(a, b, opening) == -open_between(b, a, opening)


@given(a=moments, b=moments, opening=openings)
def test_clock__counted__is_never_more_than_what_passed(a: datetime, b: datetime, opening: Opening | None) -> None:
    first, last = sorted((a, b))
    assert timedelta() <= open_between(first, last, opening) <= last - first
    assert add_open(first, open_between(first, last, opening), opening) <= last
