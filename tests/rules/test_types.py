"""Percentages, points in time, times of day, spans: what may be typed, and how it is read back."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.errors import WrongValueError
from oscar_engage.rules.named import CategoryNumber
from oscar_engage.rules.spans import Days, Minutes
from oscar_engage.rules.types import DateTime, Duration, Percent, TimeOfDay

KINDS = (Percent(), DateTime(), TimeOfDay(), Days(), Minutes())
AT = datetime(2026, 12, 24, 17, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("kind", "raw", "value", "words"),
    [
        (Percent(), 30, 30.0, "30 %"),
        (Percent(), " 12.5 % ", 12.5, "12.5 %"),
        (Percent(), "0", 0.0, "0 %"),
        (DateTime(), "2026-12-24T17:30:00+00:00", AT, "12/24/2026 5:30 p.m."),
        (DateTime(), "2026-12-24 17:30", AT, "12/24/2026 5:30 p.m."),
        (DateTime(), "2026-12-24T18:30+01:00", AT, "12/24/2026 5:30 p.m."),
        (DateTime(), "2026-12-24", AT - 17.5 * 3600, "12/24/2026 midnight"),
        (TimeOfDay(), "9:05", 545, "9:05 a.m."),
        (TimeOfDay(), "23:59", 1439, "11:59 p.m."),
        (Days(), "7", 7, "7 days"),
        (Days(), 1, 1, "24 hours"),
        (Minutes(), 1440, 1440, "1440 minutes"),
    ],
)
def test_type__what_is_typed__is_cleaned_and_said(kind: Any, raw: Any, value: Any, words: str) -> None:
    cleaned = kind.clean_one(raw)
    assert cleaned == value
    assert kind.describe(cleaned).replace("\xa0", " ") == words
    assert kind.clean_one(kind.to_json(cleaned)) == cleaned


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        *((Percent(), raw) for raw in (-1, 1001, "x", "%", None, True, [], math.nan, "30 % %")),
        *(
            (DateTime(), raw)
            for raw in ("x", "2026-02-30", "2026-02-30T10:00", "1960-01-01", "9999-12-31T23:59", 7, None, "", {})
        ),
        *((TimeOfDay(), raw) for raw in ("24:00", "9", "9:60", "09:05:00", 545, None, "\u0669:\u0660\u0665")),
        *((Days(), raw) for raw in (0, 91, 1.5, "x", None)),
        *((Minutes(), raw) for raw in (0, 1441, True)),
        (CategoryNumber(), "boots"),
    ],
)
def test_type__what_it_does_not_take__is_refused_with_advice(kind: Any, raw: Any) -> None:
    with pytest.raises(WrongValueError) as caught:
        kind.clean_one(raw)
    assert str(caught.value)


def test_datetime__without_an_offset__is_the_shops_time() -> None:
    with timezone.override("Europe/Berlin"):
        value = DateTime().clean_one("2026-12-24T18:30")
        assert value == AT
        assert DateTime().describe(value) == "12/24/2026 6:30 p.m."
    assert DateTime().to_json(value) == "2026-12-24T17:30:00+00:00"


@pytest.mark.parametrize("kind", [Percent(), DateTime(), TimeOfDay()])
def test_type__operators__are_those_of_an_order_and_no_equals_for_times(kind: Any) -> None:
    assert {"<", "<=", ">", ">=", "between", "null", "notNull"} == set(kind.operators)


def test_datetime__between__the_wrong_way_round__is_refused() -> None:
    with pytest.raises(WrongValueError):
        DateTime().clean("between", ["2026-12-25", "2026-12-24"])
    assert DateTime().to_json_of("between", (AT, AT)) == ["2026-12-24T17:30:00+00:00"] * 2


def test_duration__never__has_words() -> None:
    assert Duration().describe(math.inf) == "never, as far as is kept"


@given(
    st.text() | st.integers() | st.floats() | st.none(),
    st.sampled_from(KINDS),
)
def test_type__anything_typed__is_taken_or_refused(raw: Any, kind: Any) -> None:
    try:
        value = kind.clean_one(raw)
    except WrongValueError:
        return
    assert kind.clean_one(kind.to_json(value)) == value
    assert kind.describe(value)
