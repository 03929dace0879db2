"""Are slots within the opening hours, whole, and none twice, also when clocks change? And when is somebody called again?"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.calls.slots import is_open, next_open, retry_at, slots_of
from oscar_engage.desk.promises.clock import Opening, open_between

BERLIN = ZoneInfo("Europe/Berlin")

openings = st.builds(
    Opening,
    zone=st.sampled_from([BERLIN, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")]),
    week=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 1400), st.integers(0, 1440)).filter(lambda span: span[1] < span[2]),
        min_size=1,
        max_size=6,
    ).map(tuple),
    closed=st.frozensets(st.dates(date(2026, 3, 20), date(2026, 4, 5)), max_size=3),
)
moments = st.datetimes(datetime(2026, 3, 25), datetime(2026, 3, 31)).map(lambda at: at.replace(tzinfo=UTC, microsecond=0))  # noqa: DTZ001 - the zone comes with map


@given(openings, st.integers(5, 240), moments)
def test_slots__any_hours_and_the_night_clocks_change__whole_open_in_order_and_apart(
    opening: Opening, minutes: int, since: datetime
) -> None:
    length = timedelta(minutes=minutes)
    slots = list(slots_of(opening, minutes=minutes, since=since, until=since + timedelta(days=5)))

    assert all(slot.ends_at - slot.starts_at == length for slot in slots)
    assert all(open_between(slot.starts_at, slot.ends_at, opening) == length for slot in slots)
    assert all(earlier.ends_at <= later.starts_at for earlier, later in pairwise(slots))
    assert all(since <= slot.starts_at < since + timedelta(days=5) for slot in slots)


def test_slots__holiday_and_the_day_clocks_go_forward__by_the_wall_clock() -> None:
    opening = Opening(zone=BERLIN, week=((6, 60, 240), (0, 540, 570)), closed=frozenset({date(2026, 4, 6)}))
    slots = slots_of(opening, minutes=30, since=datetime(2026, 3, 28, tzinfo=UTC), until=datetime(2026, 4, 8, tzinfo=UTC))

    shown = [f"{slot.starts_at.astimezone(BERLIN):%d %H:%M}" for slot in slots]
    assert shown[:4] == ["29 01:00", "29 01:30", "29 03:00", "29 03:30"], "two o'clock is skipped"
    assert shown[4] == "30 09:00"
    assert "06 09:00" not in shown


@given(openings, moments, st.integers(1, 500))
def test_retry__within_the_opening_hours_and_not_before_the_pause(opening: Opening, now: datetime, pause: int) -> None:
    again = retry_at(opening, tries=1, pauses=[pause], now=now)

    assert again is not None
    assert again >= now + timedelta(minutes=pause)
    assert is_open(opening, at=again)
    assert retry_at(opening, tries=2, pauses=[pause], now=now) is None
    assert retry_at(opening, tries=0, pauses=[pause], now=now) is None


def test_next_open__closed_for_good__never() -> None:
    opening = Opening(zone=BERLIN, week=())

    assert next_open(opening, at=datetime(2026, 3, 28, tzinfo=UTC)) is None
