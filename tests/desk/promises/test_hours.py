"""Does whoever writes opening hours read what to type, and are all mistakes told at once?"""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from oscar_engage.desk.promises.hours import MOST_DAYS, build_opening
from oscar_engage.desk.promises.models import OpeningHours
from oscar_engage.desk.promises.terms import opening_of


def test_build_opening__as_written__is_what_the_clock_takes() -> None:
    special = {"2026-12-24": "10:00-12:00, 13:00-14:00", "2026-12-31": ""}
    opening = build_opening("Europe/Berlin", {"mon": "9:00-17:00"}, ["2026-12-25"], special)
    assert (opening.zone.key, opening.week, opening.closed) == ("Europe/Berlin", ((0, 540, 1020),), {date(2026, 12, 25)})
    assert opening.special == {date(2026, 12, 24): ((600, 720), (780, 840)), date(2026, 12, 31): ()}


def test_build_opening__no_hours__is_all_day_every_day() -> None:
    opening = build_opening("UTC", {}, ["2026-12-25"], {})
    assert opening.week == tuple((day, 0, 1440) for day in range(7))


def test_build_opening__day_written_as_closed__has_no_hours() -> None:
    assert build_opening("UTC", {"mon": "9:00-17:00", "sat-sun": ""}, [], {}).week == ((0, 540, 1020),)


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"time_zone": "Berlin"}, "time_zone", "Type one such as Europe/Berlin"),
        ({"weekly": {"monday": "9:00-17:00"}}, "weekly", "“monday: 9:00-17:00” are no opening hours. Type days and hours"),
        ({"weekly": {"sundays": ""}}, "weekly", "“sundays: ” are no opening hours."),
        ({"weekly": {"mon-sun": ""}}, "weekly", "Type at least one time of opening."),
        ({"weekly": ["mon"]}, "weekly", "such as mon-fri: 9:00-12:30"),
        ({"holidays": ["25.12.2026"]}, "holidays", "“25.12.2026” is no date. Type year, month and day, such as 2026-12-24."),
        ({"holidays": "2026-12-25"}, "holidays", "one on each line"),
        ({"holidays": ["2026-12-25"] * (MOST_DAYS + 1)}, "holidays", "at most 400 dates"),
        ({"special_days": {"2026-12-24": "10-14"}}, "special_days", "“2026-12-24: 10-14” are no opening hours."),
        ({"special_days": {"Christmas": ""}}, "special_days", "“Christmas” is no date."),
        ({"special_days": []}, "special_days", "one on each line"),
    ],
)
def test_clean__mistake__says_at_its_field_what_to_type(changed: dict[str, Any], field: str, says: str) -> None:
    hours = OpeningHours(**{"name": "Office", "time_zone": "UTC", **changed})
    with pytest.raises(ValidationError) as caught:
        hours.clean()
    assert list(caught.value.message_dict) == [field]
    assert says in caught.value.message_dict[field][0]


def test_clean__several_mistakes__are_told_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        OpeningHours(name="Office", time_zone="?", weekly={"x": ""}, holidays=["?"], special_days={"?": ""}).clean()
    assert set(caught.value.message_dict) == {"time_zone", "weekly", "holidays", "special_days"}


def test_opening_of__row_that_cannot_be_read__counts_as_always_open(caplog: pytest.LogCaptureFixture) -> None:
    assert opening_of(OpeningHours(name="Old", time_zone="Nowhere/Else")) is None
    assert "cannot be read" in caplog.text
    assert opening_of(None) is None
