"""Does the comparison of arms say what statsmodels and arithmetic say?"""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.weightstats import CompareMeans

from oscar_engage.analytics.stats.boundary import Looks, Plan, half_width
from oscar_engage.analytics.stats.lift import Lift, NotYet, Reason, Verdict, compare, compare_ratio
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.stats.strata import Stratum
from oscar_engage.analytics.stats.weigh import Whom

ONCE = Plan(looks=Looks.ONCE)


def a_shop(seed: int, units: int = 4_000, *, follows: float = 0.8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return revenue, what was known before, and who is treated; ``follows``: how much of the latter the former tells."""
    rng = np.random.default_rng(seed)
    known = rng.lognormal(0, 0.7, units)
    treated = rng.random(units) < 0.8
    revenue = (follows * known + rng.gamma(1, 1, units) + 0.2 * treated) * (rng.random(units) < 0.5)
    return revenue, known, treated


def moments(y: np.ndarray, x: np.ndarray) -> Moments:
    return Moments.of(zip(y.tolist(), x.tolist(), strict=True))


def said(strata: list[Stratum], **arguments: object) -> Lift:
    lift = compare(strata, **arguments)
    assert isinstance(lift, Lift)
    return lift


def test_compare__one_look_without_what_was_known__as_statsmodels_says() -> None:
    y, x, treated = a_shop(1)
    lift = said([Stratum(0.8, moments(y[treated], 0 * x[treated]), moments(y[~treated], 0 * x[~treated]))], plan=ONCE)
    other = CompareMeans.from_data(y[treated], y[~treated])
    low, high = other.zconfint_diff(usevar="unequal")
    assert (lift.difference.low, lift.difference.high) == pytest.approx((low, high))
    assert lift.p == pytest.approx(other.ztest_ind(usevar="unequal")[1])
    assert lift.variance_removed == 0


def test_compare__adjusted__as_the_regression_with_interactions_says() -> None:
    """Lin's regression (y on arm, centred x and their product, robust errors) by statsmodels: equal but for the sample."""
    y, x, treated = a_shop(2, 20_000)
    lift = said([Stratum(0.8, moments(y[treated], x[treated]), moments(y[~treated], x[~treated]))], plan=ONCE)
    centred = x - x.mean()
    fitted = sm.OLS(y, np.column_stack([np.ones(len(y)), treated, centred, centred * treated])).fit(cov_type="HC2")
    error = fitted.bse[1]
    assert lift.difference.value == pytest.approx(fitted.params[1], abs=0.02 * error)
    assert (lift.difference.high - lift.difference.value) / half_width(1, ONCE) == pytest.approx(error, rel=0.03)
    assert lift.control == pytest.approx(fitted.params[0], abs=0.02 * error)
    assert lift.treated - lift.control == pytest.approx(lift.difference.value)
    assert lift.variance_removed == pytest.approx(
        1 - (error / CompareMeans.from_data(y[treated], y[~treated]).std_meandiff_separatevar) ** 2, abs=0.03
    )


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_compare__what_was_known_tells_nothing_or_much__never_widens_the_interval(seed: int) -> None:
    y, x, treated = a_shop(seed, 1_000, follows=(seed % 3) / 3)
    plain = said([Stratum(0.8, moments(y[treated], 0 * x[treated]), moments(y[~treated], 0 * x[~treated]))])
    adjusted = said([Stratum(0.8, moments(y[treated], x[treated]), moments(y[~treated], x[~treated]))])
    width, plain_width = (one.difference.high - one.difference.low for one in (adjusted, plain))
    assert width <= plain_width * (1 + 1e-9)
    assert adjusted.variance_removed == pytest.approx(1 - (width / plain_width) ** 2, abs=1e-9)


def test_compare_ratio__order_value__as_statsmodels_says() -> None:
    """Sum y / sum x is the weighted regression of y on x through 0 with weights 1/x; its robust error is the delta method's."""
    rng = np.random.default_rng(3)
    orders = 1.0 + rng.poisson(0.3, 3_000)
    revenue = np.round(100 * orders * rng.lognormal(3, 0.8, 3_000))
    arms = [(revenue[part], orders[part]) for part in (slice(0, 2_400), slice(2_400, None))]
    lift = compare_ratio([Stratum(0.8, *(moments(*arm) for arm in arms))], plan=ONCE)
    assert isinstance(lift, Lift)
    fits = [sm.WLS(y, x, weights=1 / x).fit(cov_type="HC0") for y, x in arms]
    variance = sum(fit.bse[0] ** 2 * len(y) / (len(y) - 1) for fit, (y, _x) in zip(fits, arms, strict=True))
    assert (lift.treated, lift.control) == pytest.approx([fit.params[0] for fit in fits])
    assert lift.difference.high - lift.difference.value == pytest.approx(1.959964 * np.sqrt(variance), rel=1e-6)


def test_compare__days_of_one_share__are_as_one() -> None:
    days = [Stratum(0.8, Moments.of_share(30 + day, 800), Moments.of_share(5, 200)) for day in range(10)]
    assert compare(days) == compare(
        [Stratum(0.8, sum((d.treated for d in days), Moments()), sum((d.control for d in days), Moments()))]
    )


TREND = [
    Stratum(0.5, Moments.of_share(500, 5_000), Moments.of_share(500, 5_000)),  # 10 % buy, half are treated
    Stratum(0.9, Moments.of_share(450, 9_000), Moments.of_share(50, 1_000)),  # 5 % buy, nine in ten are
]


def test_compare__the_share_changed_with_the_season__is_not_taken_for_our_doing() -> None:
    """Simpson: added up, 6.8 % of the treated buy and 9.2 % of control, though both bought alike on every day."""
    assert said(TREND).difference.value == pytest.approx(0)
    assert said(TREND).treated == pytest.approx(0.075)
    added = Stratum(0.7, TREND[0].treated + TREND[1].treated, TREND[0].control + TREND[1].control)
    assert said([added]).verdict is Verdict.LESS


def test_compare__over_strata__variance_is_that_of_the_weighed_sum() -> None:
    lift = said(TREND, plan=ONCE)
    variance = sum(0.25 * one.variance_y / one.units for stratum in TREND for one in (stratum.treated, stratum.control))
    assert lift.difference.high == pytest.approx(1.959964 * np.sqrt(variance), rel=1e-6)


def test_compare__for_the_treated__weighs_by_them_and_counts_what_they_gained() -> None:
    strata = [
        Stratum(0.5, Moments.of_share(600, 5_000), Moments.of_share(500, 5_000)),
        Stratum(0.9, Moments.of_share(450, 9_000), Moments.of_share(50, 1_000)),
    ]
    lift = said(strata, whom=Whom.TREATED)
    assert lift.gained.value == pytest.approx(100)
    assert said(strata).difference.value == pytest.approx(0.01)
    assert lift.difference.value == pytest.approx(100 / 14_000)


def test_lift__twice_as_many_buyers__says_more_and_how_much() -> None:
    lift = said([Stratum(0.8, Moments.of_share(400, 8_000), Moments.of_share(50, 2_000))])
    assert lift.verdict is Verdict.MORE
    assert lift.relative is not None
    assert lift.relative.value == 100
    assert lift.relative.low > 0
    assert lift.p < 0.05


def test_lift__half_as_many__says_less() -> None:
    assert said([Stratum(0.8, Moments.of_share(400, 8_000), Moments.of_share(200, 2_000))]).verdict is Verdict.LESS


def test_lift__alike__is_open() -> None:
    assert said([Stratum(0.8, Moments.of_share(400, 8_000), Moments.of_share(100, 2_000))]).verdict is Verdict.OPEN


def test_lift__control_may_as_well_be_nothing__has_no_relative() -> None:
    lift = said([Stratum(0.8, Moments.of_share(200, 1_600), Moments.of_share(10, 400))])
    assert lift.ratio is None
    assert lift.relative is None


def test_compare__nobody__says_that_there_are_too_few() -> None:
    assert compare([]) == NotYet(Reason.FEW_UNITS, 0, 0, 0, 0, 0)
    assert compare_ratio([]) == NotYet(Reason.FEW_UNITS, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("treated", "control", "reason"),
    [
        ((60, 1_000), (60, 99), Reason.FEW_UNITS),
        ((60, 1_000), (9, 1_000), Reason.FEW_POSITIVES),  # together enough, but for one arm too unlucky
        ((20, 1_000), (20, 1_000), Reason.FEW_POSITIVES),
        ((980, 1_000), (980, 1_000), Reason.FEW_POSITIVES),  # too few who did not
        ((30, 1_000), (20, 1_000), None),  # together enough
    ],
)
def test_compare__few_of_something__says_of_what(
    treated: tuple[int, int], control: tuple[int, int], reason: Reason | None
) -> None:
    found = compare([Stratum(0.5, Moments.of_share(*treated), Moments.of_share(*control))])
    assert (found.reason if isinstance(found, NotYet) else None) is reason


@pytest.mark.parametrize(
    ("happy", "rated", "reason"),
    [(80, 120, None), (49, 120, Reason.FEW_POSITIVES), (110, 120, Reason.FEW_POSITIVES)],
)
def test_compare_ratio__happy_of_rated__needs_enough_of_both(happy: int, rated: int, reason: Reason | None) -> None:
    arm = Moments.of([(1, 1)] * happy + [(0, 1)] * (rated - happy) + [(0, 0)] * 500)
    found = compare_ratio([Stratum(0.5, arm, arm)])
    assert (found.reason if isinstance(found, NotYet) else None) is reason


def test_compare__all_units_alike__says_that_nothing_tells_how_sure() -> None:
    alike, varied = Moments.of_values([2] * 200), Moments.of_values([1, 3] * 100)
    for strata in ([Stratum(0.5, alike, varied)], [Stratum(0.5, varied, alike)]):
        found = compare(strata)
        assert isinstance(found, NotYet)
        assert found.reason is Reason.NO_SPREAD


def test_compare_ratio__every_order_alike__says_that_nothing_tells_how_sure() -> None:
    alike = Moments.of([(50, 1)] * 200)
    found = compare_ratio([Stratum(0.5, alike, alike)])
    assert isinstance(found, NotYet)
    assert found.reason is Reason.NO_SPREAD
