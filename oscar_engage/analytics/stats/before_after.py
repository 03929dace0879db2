"""Did the level change when something began for everybody? Interrupted time series, where nothing could be drawn by lot.

Segmented regression: level and slope before, and what both became after. Source: A. K. Wagner, S. B. Soumerai, F. Zhang and
D. Ross-Degnan, "Segmented regression analysis of interrupted time series studies in medication use research", Journal of
Clinical Pharmacy and Therapeutics 27 (2002) 299-309.

Days resemble their neighbours, by a rho that is not known. The line is fitted for each rho of a grid (generalised least
squares), each fit has the weight of its restricted likelihood, and the interval is that of the mixture: A. Zellner and G. C.
Tiao, "Bayesian analysis of the regression model with autocorrelated errors", JASA 59 (1964) 763-778; the likelihood as in S. L.
Turner et al., "Evaluation of statistical methods used in the analysis of interrupted time series studies", BMC Medical Research
Methodology 21 (2021) 181. The usual errors of Newey and West are wrong two to five times as often as they say, on series as
short as these.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, log1p, sqrt

from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.stats.least_squares import Row, solve
from oscar_engage.analytics.stats.student import below

FEWEST_POINTS = 12
"""Points on each side; with fewer, a slope and how days resemble each other cannot both be had."""

RHOS = tuple(step / 10 for step in range(-5, 10))
"""From -0.5 (a high day is followed by a low one) to 0.9 (days hardly differ), all equally likely beforehand."""

LEVEL, SLOPE = 2, 3


@dataclass(frozen=True, slots=True)
class Change:
    """What changed at the break, with 95 % intervals, in the unit of the values."""

    level: Estimate
    """By how much the level jumped, beyond where the line before would have led."""

    slope: Estimate
    """By how much more it rises with each point since."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The line for one rho: coefficients (level, slope, change of level, change of slope), their errors, log likelihood."""

    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    log_likelihood: float


def before_after(before: Sequence[float], after: Sequence[float]) -> Change | None:
    """Return how level and slope changed; ``None`` of fewer than :data:`FEWEST_POINTS` on a side, or if nothing strays.

    One value for each point of time, oldest first, none left out; of a weekly rhythm give weeks, or whole weeks of days.
    It cannot tell what we did from whatever else happened that day.
    """
    if min(len(before), len(after)) < FEWEST_POINTS:
        return None
    values = [*before, *after]
    rows: list[Row] = [(1.0, float(point - len(before)), 0.0, 0.0) for point in range(len(before))]
    rows += [(1.0, float(point), 1.0, float(point)) for point in range(len(after))]
    fits = [fit(rows, values, rho) for rho in RHOS]
    found = [one for one in fits if one is not None]
    if len(found) < len(fits):
        return None
    return Change(_mix(found, LEVEL, len(values) - 4), _mix(found, SLOPE, len(values) - 4))


def fit(rows: Sequence[Row], values: Sequence[float], rho: float) -> Fit | None:
    """Return the line when each point's error is ``rho`` times the one before and something new; ``None`` if nothing strays."""
    solved = solve([_whiten(column, rho) for column in zip(*rows, strict=True)], _whiten(values, rho))
    freedom = len(values) - len(solved.coefficients)
    if solved.rest <= 1e-20 * sum(value * value for value in values):
        return None
    variance = solved.rest / freedom
    return Fit(
        solved.coefficients,
        tuple(sqrt(variance * each) for each in solved.diagonal),
        -0.5 * (freedom * log(variance) - log1p(-rho * rho) + solved.log_determinant),
    )


def _whiten(values: Sequence[float], rho: float) -> list[float]:
    """Return the values less what the one before told of each (Prais and Winsten, Cowles Commission paper 383, 1954)."""
    return [sqrt(1 - rho * rho) * values[0], *(now - rho * past for past, now in pairwise(values))]


def _mix(fits: Sequence[Fit], which: int, freedom: int) -> Estimate:
    """Return median and 95 % interval of the mixture of the fits' t distributions."""
    highest = max(one.log_likelihood for one in fits)
    weights = [exp(one.log_likelihood - highest) for one in fits]

    def mass(point: float) -> float:
        parts = (
            weight * below((point - one.coefficients[which]) / one.errors[which], freedom)
            for one, weight in zip(fits, weights, strict=True)
        )
        return sum(parts) / sum(weights)

    reach = 40 * max(one.errors[which] for one in fits)
    low = min(one.coefficients[which] for one in fits) - reach
    high = max(one.coefficients[which] for one in fits) + reach
    return Estimate(*(_find(mass, share, low, high) for share in (0.5, 0.025, 0.975)))


def _find(mass: Callable[[float], float], share: float, low: float, high: float) -> float:
    """Return where the rising ``mass`` reaches ``share``, by halving [low, high] to one part in 10^9."""
    for _step in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if mass(middle) < share else (low, middle)
    return (low + high) / 2
