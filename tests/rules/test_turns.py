"""The clock on the wall: what it reads, and when it has the browser come back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine.tree import Condition
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.wake import HORIZON, TICK
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.turns import _TURNS, next_turn, turning_conditions, turns_at
from oscar_engage.rules.types import Integer
from oscar_engage.rules.variables import COSTLY, VARIABLES, reading, variable
from tests.rules.moments import condition, make_moment, rule_json

LONDON = {"OPENING_HOURS": {"mon-fri": "9:00-12:30, 14:00-18:00"}}
FRIDAY = datetime(2026, 7, 3, 11, 45, tzinfo=UTC)  # 12:45 in London


@pytest.fixture(autouse=True)
def _london(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/London"
    settings.OSCAR_ENGAGE = LONDON


def at(now: datetime) -> Moment:
    return make_moment(now=now)


def read(name: str, now: datetime) -> Value:
    return reading(at(now))(name)


def test_time__in_the_shops_zone__is_what_its_clock_shows() -> None:
    assert [read(name, FRIDAY) for name in ("time.weekday", "time.hour", "time.is_open")] == ["fri", 12, False]
    assert read("time.weekday", datetime(2026, 7, 3, 23, 30, tzinfo=UTC)) == "sat"
    assert read("time.is_open", FRIDAY + timedelta(minutes=75)) is True


def test_is_open__no_hours_set__is_not_known(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {}
    assert read("time.is_open", FRIDAY) is UNKNOWN


@pytest.mark.parametrize(
    ("asks", "now", "seconds"),
    [
        (Condition("time.hour", "=", 13), FRIDAY, 900),
        (Condition("time.hour", ">=", 12), FRIDAY, None),  # 13 is no other answer
        (Condition("time.hour", "=", 14), FRIDAY, None),  # further than a visit lasts
        (Condition("time.is_open", "=", True), FRIDAY + timedelta(minutes=60), 900),
        (Condition("time.is_open", "=", True), FRIDAY, None),
        (Condition("time.is_open", "=", True), datetime(2026, 7, 3, 11, 15, tzinfo=UTC), 900),  # it closes
        (Condition("time.weekday", "in", ("sat", "sun")), datetime(2026, 7, 3, 22, 50, tzinfo=UTC), 600),
        (Condition("time.weekday", "=", "fri"), datetime(2026, 7, 3, 21, 50, tzinfo=UTC), None),
    ],
)
def test_next_turn__of_a_condition__is_when_it_reads_otherwise(asks: Condition, now: datetime, seconds: float | None) -> None:
    assert next_turn([asks], at(now)) == (None if seconds is None else seconds + TICK)


def test_next_turn__nothing_that_turns__is_never() -> None:
    assert next_turn([], at(FRIDAY)) is None


def test_next_turn__clocks_put_forward__comes_when_the_hour_has_really_passed() -> None:
    """In the night of 29 March 2026, London's clocks go from 1:00 to 2:00."""
    night = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
    assert next_turn([Condition("time.hour", "=", 2)], at(night)) == 600 + TICK


def test_openings__clocks_put_forward__are_counted_in_real_time(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"OPENING_HOURS": {"sun": "2:10-4:00"}}
    night = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
    assert next_turn([Condition("time.is_open", "=", True)], at(night)) == 1200 + TICK


def test_turning_conditions__of_a_document__are_those_on_the_time() -> None:
    document = parse_document(rule_json(condition("time.hour", ">=", 9), condition("visit.pages", ">", 2)))
    assert turning_conditions(document) == (Condition("time.hour", ">=", 9),)


@given(
    minutes=st.integers(0, 8 * 24 * 60),
    asks=st.one_of(
        st.builds(Condition, st.just("time.hour"), st.sampled_from(("=", ">", "<=")), st.integers(0, 23)),
        st.builds(Condition, st.just("time.is_open"), st.just("="), st.booleans()),
        st.builds(Condition, st.just("time.weekday"), st.just("="), st.sampled_from(("mon", "sun"))),
    ),
)
def test_next_turn__any_time_of_week__is_the_first_minute_that_reads_otherwise(minutes: int, asks: Condition) -> None:
    now = at(FRIDAY + timedelta(minutes=minutes))
    found = next_turn([asks], now)

    def value(seconds: float) -> bool:
        actual = reading(now.later(seconds))(asks.field)
        return {"=": actual == asks.value, ">": _is_more(actual, asks.value), "<=": not _is_more(actual, asks.value)}[
            asks.operator
        ]

    changed = [minute * 60 for minute in range(1, int(HORIZON / 60) + 1) if value(minute * 60) != value(0)]
    assert found == (changed[0] + TICK if changed else None)


def _is_more(actual: Any, expected: Any) -> bool:
    return not isinstance(actual, str) and actual > expected


def test_next_turn__many_conditions_on_one_variable__ask_it_once_for_each_moment() -> None:
    asked: list[datetime] = []
    before = dict(VARIABLES._entries)
    try:

        @variable("test.sale", type=Integer(), label="sale", group="Test", cost=COSTLY)
        def sale(moment: Moment) -> Value:
            asked.append(moment.now)
            return moment.now.minute

        turns_at("test.sale", lambda moment, span: [60.0, 120.0])
        conditions = [Condition("test.sale", ">", number) for number in range(50, 59)]
        moment = at(FRIDAY)
        read_now = reading(moment)
        assert read_now("test.sale") == 45
        assert next_turn(conditions, moment, read=read_now) is None
        assert asked == [FRIDAY, *(FRIDAY + timedelta(seconds=seconds + TICK) for seconds in (60, 120))]
    finally:
        VARIABLES._entries = before
        _TURNS.pop("test.sale")
