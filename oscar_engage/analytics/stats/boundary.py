"""How many standard errors wide is an interval? One number for one look, another that holds however often one looks.

Looked at every day, the usual 95 % interval is wrong at some time in a third of all shops in which nothing happens. The
sequential one is an asymptotic confidence sequence: it covers at all times together with 95 %. Source: I. Waudby-Smith,
D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
Annals of Statistics 52 (2024) 2613-2640, theorem 2.2 (Robbins' normal mixture). With V units of information, rho chosen
beforehand and tau = rho² V, the half-width in standard errors is sqrt((1 + 1/tau) (log(1 + tau) + 2 log(1/alpha))).
"""

from dataclasses import dataclass
from enum import Enum
from math import erfc, exp, inf, log, log1p, sqrt
from statistics import NormalDist


class Looks(Enum):
    """How often is the result looked at?"""

    ANY_TIME = "any time"
    """Every day, and one may stop when one likes: what pages use."""

    ONCE = "once"
    """Once, at an end that was fixed before the beginning. The usual, narrower interval."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is laid down before anybody looks.

    ``alpha``: how often all statements of one measure together may be wrong (0.05: intervals of 95 %). ``tuned_for``: units in
    both arms at which the sequential interval is tightest, 3.04 standard errors; at ten times as many it is 3.25, at a tenth
    3.82. It must not be chosen after the data. ``fewest_units`` and ``fewest_positives``: what each arm needs before anything
    is said. Of a share, as many must not have done it; of a ratio of sums, which rests on those alone, twice as many must have.
    With fewer, order sums are not yet distributed as the interval supposes (measured: wrong in 7 % with 10, in 3 % with 25),
    and nothing below a doubling could be seen anyway.
    """

    looks: Looks = Looks.ANY_TIME
    alpha: float = 0.05
    tuned_for: int = 20_000
    fewest_units: int = 100
    fewest_positives: int = 25


PLAN = Plan()
"""What the pages use."""


def half_width(units: float, plan: Plan = PLAN) -> float:
    """Return how many standard errors the interval reaches to either side when ``units`` are in both arms together."""
    if plan.looks is Looks.ONCE:
        return normal_quantile(1 - plan.alpha / 2)
    tau = _information(units, plan)
    return sqrt((1 + 1 / tau) * (log1p(tau) - 2 * log(plan.alpha)))


def p_value(z: float, units: float, plan: Plan = PLAN) -> float:
    """Return the largest alpha at which the interval, ``z`` standard errors from nothing, still holds nothing.

    Valid at any time if the plan is: one divided by the mixture of likelihood ratios, which exceeds 1/alpha at some time with
    a probability of at most alpha (Ville). With one look, the two-sided p of the normal distribution.
    """
    if plan.looks is Looks.ONCE:
        return erfc(abs(z) / sqrt(2))
    tau = _information(units, plan)
    return min(1.0, exp(0.5 * (log1p(tau) - z * z * tau / (1 + tau))))


def normal_quantile(probability: float) -> float:
    """Return the point below which a standard normal value lies with ``probability``."""
    return NormalDist().inv_cdf(probability)


def _information(units: float, plan: Plan) -> float:
    """Return tau. At the best point d/dtau of the half-width is 0: tau = log(1 + tau) + 2 log(1/alpha)."""
    best, before = 1.0, inf
    while abs(best - before) > 1e-9 * best:
        best, before = log1p(best) - 2 * log(plan.alpha), best
    return best * units / plan.tuned_for
