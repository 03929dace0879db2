"""Is what we promise to see what the usual calculation says?"""

import pytest
from statsmodels.stats.power import NormalIndPower

from oscar_engage.analytics.stats.boundary import Looks, Plan
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.stats.power import MOST_WEEKS, Traffic, smallest_effect, weeks_to_begin, weeks_to_see

TRAFFIC = Traffic(units=2_000, share=0.8, mean=0.03, variance=0.03 * 0.97, positives=0.03)


def test_smallest_effect__one_look_and_much_traffic__as_statsmodels_says() -> None:
    """With much traffic the effect is small, and the variance that grows with it plays no part."""
    large = Traffic(units=10_000_000, share=0.8, mean=0.03, variance=0.03 * 0.97, positives=0.03)
    size = NormalIndPower().solve_power(nobs1=80_000_000, ratio=0.25, alpha=0.05, power=0.8)
    expected = size * (0.03 * 0.97) ** 0.5 / 0.03
    assert smallest_effect(large, 10, plan=Plan(looks=Looks.ONCE)) == pytest.approx(expected, rel=0.01)


def test_smallest_effect__longer_or_with_less_noise__is_smaller() -> None:
    effects = [smallest_effect(TRAFFIC, weeks) for weeks in (1, 2, 10, 100)]
    assert effects == sorted(effects, reverse=True)
    quiet = Traffic(units=2_000, share=0.8, mean=0.03, variance=0.03 * 0.97, positives=0.03, variance_removed=0.5)
    assert smallest_effect(quiet, 10) < smallest_effect(TRAFFIC, 10)


def test_weeks_to_see__an_effect__is_the_first_week_in_which_it_is_visible() -> None:
    weeks = weeks_to_see(TRAFFIC, 0.3)
    assert weeks is not None
    assert smallest_effect(TRAFFIC, weeks) <= 0.3 < smallest_effect(TRAFFIC, weeks - 1)


def test_weeks_to_see__an_effect_too_small_for_the_traffic__is_never() -> None:
    assert weeks_to_see(TRAFFIC, 0.001) is None
    assert smallest_effect(TRAFFIC, MOST_WEEKS) > 0.001


def test_weeks_to_begin__the_smaller_arm__has_to_have_the_fewest() -> None:
    assert weeks_to_begin(TRAFFIC) == 3  # 25 buyers of 3 % of 400 a week
    assert weeks_to_see(TRAFFIC, 100) == 3
    assert weeks_to_begin(Traffic(units=50, share=0.5, mean=1, variance=1, positives=1)) == 4  # 100 units


@pytest.mark.parametrize(("units", "positives"), [(50, 0), (0, 1), (0.5, 1)])
def test_weeks__nobody_comes_or_ever_does_it__is_never(units: float, positives: float) -> None:
    traffic = Traffic(units=units, share=0.5, mean=positives, variance=1, positives=positives)
    assert weeks_to_begin(traffic) is None
    assert weeks_to_see(traffic, 1) is None


def test_traffic__of_the_past__is_its_mean_and_variance() -> None:
    past = Moments.of([(200, 2), (100, 1), (0, 0), (60, 1)])
    assert Traffic.of(past, units=10, share=0.5) == Traffic(10, 0.5, 90, past.variance_y, 0.75)
    ratio = Traffic.of_ratio(past, units=10, share=0.5)
    assert ratio.mean == 90
    assert ratio.positives == 0.375
    rests = Moments.of_values([200 - 180, 100 - 90, 0, 60 - 90])
    assert ratio.variance == pytest.approx(rests.variance_y)
