"""Is a change of level found, and left open where days only resemble their neighbours?"""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.linalg import toeplitz
from scipy.stats import t as student

from oscar_engage.analytics.stats.before_after import FEWEST_POINTS, RHOS, before_after, fit
from oscar_engage.analytics.stats.least_squares import solve
from oscar_engage.analytics.stats.student import below


def a_series(seed: int, points: int = 30, level: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """Return values with a change of level in the middle, and the columns of the line."""
    time = np.arange(2 * points) - points
    columns = np.column_stack([np.ones(2 * points), time, time >= 0, np.maximum(time, 0)])
    noise = np.random.default_rng(seed).standard_normal(2 * points)
    return 10 + 0.05 * time + level * (time >= 0) + noise, columns


@pytest.mark.parametrize("rho", [-0.5, 0.0, 0.4, 0.9])
def test_fit__one_rho__as_generalised_least_squares_of_statsmodels(rho: float) -> None:
    values, columns = a_series(1)
    found = fit([tuple(row) for row in columns.tolist()], values.tolist(), rho)
    other = sm.GLS(values, columns, sigma=toeplitz(rho ** np.arange(len(values)))).fit()
    assert found is not None
    assert found.coefficients == pytest.approx(other.params)
    assert found.errors == pytest.approx(other.bse)


def test_before_after__a_series__is_the_mixture_over_all_rhos() -> None:
    """The same with numpy and scipy: restricted likelihood of each rho, then the t distributions at the interval's ends."""
    values, columns = a_series(2)
    points, freedom = len(values), len(values) - 4
    logs, fits = [], []
    for rho in RHOS:
        sigma = toeplitz(rho ** np.arange(points)) / (1 - rho**2)
        inverse = np.linalg.inv(sigma)
        other = sm.GLS(values, columns, sigma=sigma).fit()
        determinants = np.linalg.slogdet(sigma)[1] + np.linalg.slogdet(columns.T @ inverse @ columns)[1]
        logs.append(-0.5 * (freedom * np.log(other.scale) + determinants))
        fits.append((other.params, other.bse))
    weights = np.exp(np.array(logs) - max(logs))
    change = before_after(values[:30].tolist(), values[30:].tolist())
    assert change is not None
    for which, found in ((2, change.level), (3, change.slope)):
        for point, share in ((found.low, 0.025), (found.value, 0.5), (found.high, 0.975)):
            masses = [student.cdf((point - at[which]) / error[which], freedom) for at, error in fits]
            assert np.average(masses, weights=weights) == pytest.approx(share, abs=1e-6)


def test_before_after__a_jump__is_found() -> None:
    values, _columns = a_series(3, level=4.0)
    change = before_after(values[:30].tolist(), values[30:].tolist())
    assert change is not None
    assert 0 < change.level.low < 4 < change.level.high
    assert change.slope.low < 0 < change.slope.high


def test_before_after__a_rise_that_goes_on__is_no_jump() -> None:
    """The mean after is much higher than before, and nothing has changed."""
    rng = np.random.default_rng(4)
    values = (np.arange(60) * 0.5 + rng.standard_normal(60)).tolist()
    change = before_after(values[:30], values[30:])
    assert change is not None
    assert change.level.low < 0 < change.level.high


def test_before_after__too_few_points__is_none() -> None:
    values, _columns = a_series(5)
    assert before_after(values[: FEWEST_POINTS - 1].tolist(), values.tolist()) is None
    assert before_after(values.tolist(), values[: FEWEST_POINTS - 1].tolist()) is None


@pytest.mark.parametrize("values", [[0.0] * 15, [3.0] * 15])
def test_before_after__nothing_strays__is_none(values: list[float]) -> None:
    assert before_after(values, values) is None


def test_solve__columns__as_numpy_says() -> None:
    rng = np.random.default_rng(6)
    columns, values = rng.standard_normal((40, 4)), rng.standard_normal(40)
    found = solve(columns.T.tolist(), values.tolist())
    coefficients, rest, _rank, _sizes = np.linalg.lstsq(columns, values)
    assert found.coefficients == pytest.approx(coefficients)
    assert found.rest == pytest.approx(rest[0])
    assert found.diagonal == pytest.approx(np.diag(np.linalg.inv(columns.T @ columns)))
    assert found.log_determinant == pytest.approx(np.linalg.slogdet(columns.T @ columns)[1])


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 20, 21, 176])
def test_below__any_point__as_scipy_says(freedom: int) -> None:
    for point in (-50, -3, -0.2, 0, 1, 2.5, 9):
        assert below(point, freedom) == pytest.approx(student.cdf(point, freedom), abs=1e-12)
