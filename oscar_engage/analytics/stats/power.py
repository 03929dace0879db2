"""What could be seen with this traffic, and when? The page makes "not measurable yet" a sentence of these numbers.

An effect is called visible in n weeks if, were it real, the interval would leave out 0 by then in :data:`POWER` of shops.
Source: the usual calculation (R. Kohavi, D. Tang and Y. Xu, "Trustworthy online controlled experiments", Cambridge 2020,
chapter 17) with the half-width of the plan's own interval in the place of 1.96. The variance of the treated is taken to grow as
their mean does, which is so where more visitors do the same. A forecast, not a promise.
"""

from dataclasses import dataclass
from math import ceil, sqrt

from oscar_engage.analytics.stats.boundary import PLAN, Plan, half_width, normal_quantile
from oscar_engage.analytics.stats.moments import Moments

POWER = 0.8
"""In how many of shops with such an effect it is to be seen by then."""

MOST_WEEKS = 260
"""Beyond five years nobody waits: we say never."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a week brings, and what is measured.

    ``units``: eligible visitors a week, of both arms, above 0. ``share``: the part that becomes treated, in (0, 1).
    ``mean`` and ``variance``: of one unit of control; the mean is not 0. ``positives``: the share of units whose value is not
    0. ``variance_removed``: by what was known before, as :attr:`Lift.variance_removed`.
    """

    units: float
    share: float
    mean: float
    variance: float
    positives: float
    variance_removed: float = 0.0

    @classmethod
    def of(cls, past: Moments, *, units: float, share: float) -> "Traffic":
        """Return the traffic of a mean whose past (of two units at least, best of control) is known."""
        return cls(units, share, past.mean_y, past.variance_y, past.positives / past.units)

    @classmethod
    def of_ratio(cls, past: Moments, *, units: float, share: float) -> "Traffic":
        """Return the traffic of a ratio of sums, y / x, as :func:`~oscar_engage.analytics.stats.lift.compare_ratio`."""
        ratio = past.sum_y / past.sum_x
        variance = past.variance_y - 2 * ratio * past.covariance + ratio * ratio * past.variance_x
        # half of the positives, for a ratio asks for twice as many
        return cls(units, share, ratio, max(0.0, variance) / past.mean_x**2, past.positives / past.units / 2)


def smallest_effect(traffic: Traffic, weeks: float, *, plan: Plan = PLAN) -> float:
    """Return the smallest visible effect after ``weeks`` (above 0), as a share of control's mean: 0.1 is 10 % more."""
    units = traffic.units * weeks
    reach = half_width(units, plan) + normal_quantile(POWER)
    noise = reach**2 * traffic.variance * (1 - traffic.variance_removed) / (units * traffic.mean**2)
    # effect² = noise ((1 + effect) / share + 1 / (1 - share)), solved for the effect
    per_treated = noise / traffic.share
    return (per_treated + sqrt(per_treated**2 + 4 * (per_treated + noise / (1 - traffic.share)))) / 2


def weeks_to_see(traffic: Traffic, effect: float, *, plan: Plan = PLAN) -> int | None:
    """Return in how many whole weeks an effect (a share of control's mean, above 0) is visible.

    ``None``: not within :data:`MOST_WEEKS`. Not before there are as many units and positives as the plan asks for.
    """
    first = weeks_to_begin(traffic, plan=plan)
    if first is None:
        return None
    return next((week for week in range(first, MOST_WEEKS + 1) if smallest_effect(traffic, week, plan=plan) <= effect), None)


def weeks_to_begin(traffic: Traffic, *, plan: Plan = PLAN) -> int | None:
    """Return in how many whole weeks the smaller arm has the fewest units and positives that the plan asks for.

    ``None``: not within :data:`MOST_WEEKS`.
    """
    smaller = traffic.units * min(traffic.share, 1 - traffic.share)
    a_week = min(smaller / plan.fewest_units, smaller * traffic.positives / plan.fewest_positives)
    return max(1, ceil(1 / a_week)) if a_week * MOST_WEEKS >= 1 else None
