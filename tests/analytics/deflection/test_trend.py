"""Are the days before laid beside those since by whole weeks, none left out?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.deflection.trend import MOST_DAYS, compare_sides, fit_line

BEGAN = date(2026, 6, 1)
ONE_DAY = timedelta(days=1)


def volumes(before: int, after: int, *, then: int = 100, now: int = 60) -> dict[date, int]:
    days = {BEGAN - place * ONE_DAY: then + place % 3 for place in range(1, before + 1)}
    return days | {BEGAN + place * ONE_DAY: now + place % 3 for place in range(after)}


def test_compare_sides__level_that_fell__is_found_with_its_interval() -> None:
    trend = compare_sides(volumes(70, 70), began=BEGAN, until=BEGAN + 70 * ONE_DAY)
    assert trend is not None
    assert trend.change is not None
    assert trend.change.level.low < -40 < trend.change.level.high < 0
    assert trend.before.mean == pytest.approx(101, abs=0.1)
    assert trend.foreseen[0] == pytest.approx(101, abs=0.5)


def test_compare_sides__nothing_before__says_nothing() -> None:
    assert compare_sides({}, began=BEGAN, until=BEGAN + ONE_DAY) is None
    assert compare_sides({BEGAN: 4}, began=BEGAN, until=BEGAN + ONE_DAY) is None


def test_compare_sides__less_than_a_week__says_no_change() -> None:
    trend = compare_sides(volumes(3, 3), began=BEGAN, until=BEGAN + 3 * ONE_DAY)
    assert trend is not None
    assert trend.change is None
    assert trend.before.days == trend.after.days == trend.foreseen == ()
    assert trend.before.mean is None


def test_compare_sides__day_without_a_line__had_no_contacts() -> None:
    known = volumes(21, 21)
    del known[BEGAN - 4 * ONE_DAY]
    trend = compare_sides(known, began=BEGAN, until=BEGAN + 21 * ONE_DAY)
    assert trend is not None
    assert trend.before.values[-4] == 0


@given(before=st.integers(1, 900), after=st.integers(-5, 900))
def test_compare_sides__any_lengths__whole_weeks_nearest_to_the_change(before: int, after: int) -> None:
    trend = compare_sides({BEGAN - before * ONE_DAY: 1}, began=BEGAN, until=BEGAN + after * ONE_DAY)
    assert trend is not None
    for side, length in ((trend.before, before), (trend.after, after)):
        assert len(side.days) % 7 == 0
        assert len(side.days) <= min(max(length, 0), MOST_DAYS)
        assert min(max(length, 0), MOST_DAYS) - len(side.days) < 7
    assert not trend.before.days or trend.before.days[-1] == BEGAN - ONE_DAY
    assert not trend.after.days or trend.after.days[0] == BEGAN
    assert len(trend.foreseen) in (0, len(trend.after.days))


@given(st.lists(st.integers(-1000, 1000), max_size=30))
def test_fit_line__any_values__leaves_nothing_over(values: list[int]) -> None:
    line = fit_line(values)
    assert len(line) == len(values)
    assert sum(line) == pytest.approx(sum(values), abs=1e-6)


def test_fit_line__of_one_point__is_the_point() -> None:
    assert fit_line([4]) == (4.0,)
