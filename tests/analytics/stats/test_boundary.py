"""Is the interval as wide as the theory says, and as tight as can be where it was tuned?"""

from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from oscar_engage.analytics.stats.boundary import PLAN, Looks, Plan, half_width, p_value

ONCE = Plan(looks=Looks.ONCE)


def test_half_width__one_look__as_scipy_says() -> None:
    assert half_width(500, ONCE) == pytest.approx(norm.ppf(0.975))
    assert p_value(2.3, 500, ONCE) == pytest.approx(2 * norm.sf(2.3))


@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.001])
def test_half_width__at_any_time__is_tightest_where_it_was_tuned(alpha: float) -> None:
    """No other tuning gives a narrower interval with that many units."""
    plan = Plan(alpha=alpha, tuned_for=7_000)
    there = half_width(7_000, plan)
    others = [half_width(7_000, Plan(alpha=alpha, tuned_for=tuned)) for tuned in range(1_000, 30_000, 500)]
    assert there == pytest.approx(min(others), rel=1e-9)


def test_half_width__the_published_example__agrees() -> None:
    """Theorem 2.2 of Waudby-Smith et al., written out: sigma 1, t = 1000, rho = 0.1, alpha = 0.05."""
    t, rho, alpha = 1_000, 0.1, 0.05
    published = sqrt(2 * (t * rho**2 + 1) / (t**2 * rho**2) * np.log(sqrt(t * rho**2 + 1) / alpha))
    best = half_width_information()
    assert half_width(t, Plan(tuned_for=round(best / rho**2))) / sqrt(t) == pytest.approx(published, rel=1e-3)


def half_width_information() -> float:
    """Return the tau at the tuned point, found by search."""
    taus = np.linspace(1, 20, 200_000)
    return float(taus[np.argmin((1 + 1 / taus) * (np.log1p(taus) - 2 * np.log(PLAN.alpha)))])


@pytest.mark.parametrize("z", [0.0, 1.5, 3.0, 4.5])
def test_p_value__is_one_over_the_mixture_of_likelihood_ratios(z: float) -> None:
    """The mixture over effects d ~ N(0, tau), in standard errors, of exp(d z - d²/2), by numerical integration."""
    tau = half_width_information()
    mixture = quad(lambda d: exp(d * z - d * d / 2) * norm.pdf(d, scale=sqrt(tau)), -40, 40, limit=200)[0]
    assert p_value(z, PLAN.tuned_for) == pytest.approx(min(1.0, 1 / mixture), rel=1e-3)


@given(st.sampled_from(Looks), st.integers(10, 10**7))
def test_p_value__at_the_end_of_the_interval__is_alpha(looks: Looks, units: int) -> None:
    plan = Plan(looks=looks)
    assert p_value(half_width(units, plan), units, plan) == pytest.approx(plan.alpha)
