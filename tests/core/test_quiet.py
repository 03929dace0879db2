"""Quiet hours: written, asked, and when they end, on every day of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.conf import EngageSettings
from oscar_engage.core.bounds import InvalidSettingError
from oscar_engage.core.quiet import WrongQuietError, clean_quiet, is_quiet, quiet_for

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def at(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=BERLIN, fold=fold)  # type: ignore[arg-type, misc]  # year to minute


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ()),
        ([], ()),
        ("22:00-7:00", ((1320, 420),)),
        ("12:30 - 13:00, 0:00-6:00", ((0, 360), (750, 780))),
        (["0:00-24:00"], ((0, 1440),)),
    ],
)
def test_clean_quiet__what_a_shop_writes__is_minutes(written: object, kept: object) -> None:
    assert clean_quiet(written) == kept


@pytest.mark.parametrize("written", ["22-7", "7:00-7:00", "24:00-6:00", "9:00-24:30", "25:00-26:00", 7, None, "0:00-0:00"])
def test_clean_quiet__anything_else__says_what_to_type(written: object) -> None:
    with pytest.raises(WrongQuietError, match="22:00-7:00"):
        clean_quiet(written)
    with pytest.raises(InvalidSettingError, match="QUIET_HOURS"):
        EngageSettings.from_mapping({"QUIET_HOURS": written})


def test_settings__nothing_said__are_quiet_from_midnight_to_six() -> None:
    assert EngageSettings.__dataclass_fields__["quiet_hours"].default == clean_quiet("0:00-6:00")


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"), [(21, 59, False), (22, 0, True), (0, 0, True), (6, 59, True), (7, 0, False), (12, 0, False)]
)
def test_is_quiet__over_midnight__both_sides_of_it(hour: int, minute: int, quiet: bool) -> None:
    assert is_quiet(clean_quiet("22:00-7:00"), at(2026, 3, 2, hour, minute)) is quiet


def test_quiet_for__night_ends_soon__is_the_rest_to_the_second() -> None:
    now = at(2026, 3, 2, 6, 59).astimezone(UTC) + timedelta(seconds=20)
    assert quiet_for(clean_quiet("22:00-7:00"), now, BERLIN, within=DAY) == 40
    assert quiet_for(clean_quiet("22:00-7:00"), now - timedelta(hours=2), BERLIN, within=timedelta(minutes=30)) is None


def test_quiet_for__clock_jumps_past_the_end__is_over_with_the_jump() -> None:
    now = at(2026, 3, 29, 1, 50).astimezone(UTC)  # at 2:00 it is 3:00
    assert quiet_for(clean_quiet("22:00-2:30"), now, BERLIN, within=DAY) == 600


def test_quiet_for__hour_that_comes_twice__is_quiet_twice() -> None:
    quiet = clean_quiet("22:00-2:30")
    first, second = at(2026, 10, 25, 2, 20).astimezone(UTC), at(2026, 10, 25, 2, 20, fold=1).astimezone(UTC)
    assert second - first == timedelta(hours=1)
    assert [quiet_for(quiet, now, BERLIN, within=DAY) for now in (first, second)] == [600, 600]
    assert is_quiet(quiet, at(2026, 10, 25, 2, 10, fold=1))


@given(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] != span[1]),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - made aware
)
def test_quiet_for__any_moment_in_them__ends_where_they_end_and_not_before(span: tuple[int, int], now: datetime) -> None:
    quiet = (span,)
    if not is_quiet(quiet, now.astimezone(BERLIN)):
        return
    rest = quiet_for(quiet, now, BERLIN, within=timedelta(days=2))
    if rest is None:
        assert span == (0, 1440)
        return
    end = now + timedelta(seconds=rest)
    assert not is_quiet(quiet, end.astimezone(BERLIN))
    assert is_quiet(quiet, (end - timedelta(microseconds=1)).astimezone(BERLIN))
