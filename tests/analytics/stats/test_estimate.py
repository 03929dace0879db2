"""Are the bounds of difference and ratio where the estimate stops being compatible with them?"""

from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oscar_engage.analytics.stats.estimate import Estimate, Pair

means = st.floats(0.01, 100)
errors = st.floats(0.001, 10)


@given(means, means, errors, errors, st.floats(-0.9, 0.9), st.floats(1, 4))
def test_ratio__at_each_bound__treated_is_just_compatible_with_that_many_times_control(
    treated: float, control: float, first: float, second: float, correlation: float, width: float
) -> None:
    """Fieller: at a bound r, |treated - r control| is exactly ``width`` standard errors of that."""
    pair = Pair(treated, control, first**2, second**2, correlation * first * second)
    ratio = pair.ratio(width)
    if ratio is None:
        assert control <= width * second
        return
    assume(control > 1.001 * width * second)
    assert ratio.low <= ratio.value == treated / control <= ratio.high
    for bound in {ratio.low, ratio.high} - {0.0}:
        error = sqrt(first**2 - 2 * bound * pair.covariance + bound**2 * second**2)
        assert abs(treated - bound * control) == pytest.approx(width * error, rel=1e-3, abs=1e-6)


def test_ratio__control_may_as_well_be_nothing__has_no_bounds() -> None:
    assert Pair(2.0, 1.0, 0.1, 1.0).ratio(1.96) is None


def test_ratio__treated_may_as_well_be_nothing__begins_at_nothing() -> None:
    ratio = Pair(0.1, 1.0, 0.1, 0.01).ratio(1.96)
    assert ratio is not None
    assert ratio.low == 0


def test_difference__width_in_errors__reaches_to_both_sides() -> None:
    pair = Pair(5.0, 3.0, 0.09, 0.16)
    assert pair.error == 0.5
    assert pair.difference(2) == Estimate(2.0, 1.0, 3.0)
    assert Estimate(2.0, 1.0, 3.0).times(10) == Estimate(20.0, 10.0, 30.0)


def test_spread__an_arm_all_alike__is_none() -> None:
    assert Pair(5.0, 3.0, 0.09, 0.16).has_spread
    assert not Pair(5.0, 3.0, 0.0, 0.16).has_spread
    assert not Pair(5.0, 3.0, 0.16, 0.16, 0.16).has_spread
