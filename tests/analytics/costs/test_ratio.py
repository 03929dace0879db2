"""Is a ratio told only where it has bounds, and does its interval hold what the increment's holds?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.costs.ratio import NotYet, cost_per_increment, return_per_unit
from oscar_engage.analytics.stats.estimate import Estimate


@pytest.mark.parametrize(
    ("cost", "increment", "expected"),
    [
        (1_000, None, NotYet.NOT_MEASURED),
        (0, Estimate(5, 1, 9), NotYet.NO_COST),
        (1_000, Estimate(5, -1, 11), NotYet.MAY_BE_NOTHING),
        (1_000, Estimate(5, 0, 10), NotYet.MAY_BE_NOTHING),
        (1_000, Estimate(-5, -10, 0), NotYet.MAY_BE_NOTHING),
        (1_000, Estimate(-5, -9, -1), NotYet.IS_LESS),
        (1_000, Estimate(5, 2, 10), Estimate(200, 100, 500)),
    ],
)
def test_cost_per_increment__each_case__is_told_or_why_not(
    cost: int, increment: Estimate | None, expected: Estimate | NotYet
) -> None:
    assert cost_per_increment(cost, increment) == expected


@pytest.mark.parametrize(
    ("revenue", "cost", "expected"),
    [
        (None, 100, NotYet.NOT_MEASURED),
        (Estimate(500, 100, 900), 0, NotYet.NO_COST),
        (Estimate(500, 100, 900), 200, Estimate(2.5, 0.5, 4.5)),
        (Estimate(0, -100, 100), 200, Estimate(0, -0.5, 0.5)),
    ],
)
def test_return_per_unit__each_case__has_an_interval_or_says_why_not(
    revenue: Estimate | None, cost: int, expected: Estimate | NotYet
) -> None:
    assert return_per_unit(revenue, cost) == expected


@given(st.integers(1, 10**9), st.floats(0.01, 1e6), st.floats(0, 1), st.floats(1, 10), st.floats(0, 1))
def test_cost_per_increment__any_true_increment_in_the_interval__its_price_is_in_the_ratios(
    cost: int, value: float, down: float, up: float, place: float
) -> None:
    increment = Estimate(value, value * down, value * up)
    ratio = cost_per_increment(cost, increment)
    if increment.low <= 0:
        assert ratio is NotYet.MAY_BE_NOTHING
        return
    assert isinstance(ratio, Estimate)
    true = increment.low + place * (increment.high - increment.low)
    assert ratio.low * (1 - 1e-9) <= cost / true <= ratio.high * (1 + 1e-9)
    assert ratio.low <= ratio.value * (1 + 1e-9)
