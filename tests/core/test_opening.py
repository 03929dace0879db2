"""Opening hours, as a shop writes them and as its clock meets them."""

from datetime import datetime
from typing import Any

import pytest

from oscar_engage.core.opening import WrongHoursError, clean_hours, edges, is_open

WEEK = clean_hours({"Mon-Fri": "9:00-12:30, 14:00-18:00", "sat": "10:00-24:00"})
FRIDAY, SATURDAY = datetime(2026, 3, 6), datetime(2026, 3, 7)  # noqa: DTZ001 - what a clock on the wall shows


def test_clean_hours__days_and_spans__are_listed_each() -> None:
    assert WEEK[:2] == ((0, 540, 750), (0, 840, 1080))
    assert len(WEEK) == 11
    assert WEEK[-1] == (5, 600, 1440)


@pytest.mark.parametrize(
    "raw",
    [
        "9:00-17:00",
        {"monday": "9:00-17:00"},
        {"fri-mon": "9:00-17:00"},
        {"mon-": ""},
        {"mon": "9-17"},
        {"mon": "17:00-9:00"},
        {"mon": "22:00-24:30"},
        {"mon": None},
        {1: "9:00-17:00"},
    ],
)
def test_clean_hours__anything_else__is_refused(raw: Any) -> None:
    with pytest.raises(WrongHoursError, match=r"9:00|sat"):
        clean_hours(raw)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "expected"),
    [
        (FRIDAY, 8, 59, False),
        (FRIDAY, 9, 0, True),
        (FRIDAY, 12, 29, True),
        (FRIDAY, 12, 30, False),
        (FRIDAY, 17, 59, True),
        (SATURDAY, 23, 59, True),
        (SATURDAY.replace(day=8), 11, 0, False),
    ],
)
def test_is_open__by_the_clock__from_opening_until_closing(day: datetime, hour: int, minute: int, expected: bool) -> None:
    assert is_open(WEEK, day.replace(hour=hour, minute=minute)) is expected


def test_edges__of_a_friday__are_those_of_today_and_tomorrow() -> None:
    found = list(edges(WEEK, FRIDAY.replace(hour=16, second=7)))

    assert [(edge.day, edge.hour, edge.minute, edge.second) for edge in found] == [
        *((6, 9, 0, 0), (6, 12, 30, 0), (6, 14, 0, 0), (6, 18, 0, 0)),
        *((7, 10, 0, 0), (8, 0, 0, 0)),
    ]
