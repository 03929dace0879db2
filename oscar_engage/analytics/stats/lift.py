"""How much more do treated visitors buy than control? Difference and ratio of the arms with intervals that hold any day.

Per eligible visitor, by the arm that was drawn (intention to treat), stratum by stratum of equal probability, the strata
weighed by their size (post-stratification: D. Holt and T. M. F. Smith, JRSS A 142 (1979) 33-46). Give only units whose window
of counting has closed: what a unit still may buy is not independent of what it bought, and daily looks rely on that.
Two currencies are two calls; they are never added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from oscar_engage.analytics.stats.boundary import PLAN, Plan, half_width, p_value
from oscar_engage.analytics.stats.estimate import Estimate, Pair
from oscar_engage.analytics.stats.strata import Group, Stratum, gather
from oscar_engage.analytics.stats.weigh import ArmMeans, Whom, weigh

LEAST_LUCK = 0.4
"""How far an arm may lie below the fewest positives if both arms together have enough. It is the sum that opens a comparison:
waited one for each arm, control would be shown first where it had been lucky (measured: by 0.16 standard errors)."""


class Reason(Enum):
    """Why is nothing said yet?"""

    FEW_UNITS = "few units"
    """An arm has fewer units than :attr:`Plan.fewest_units`."""

    FEW_POSITIVES = "few positives"
    """Too few units of an arm did it, or of a share too few did not."""

    NO_SPREAD = "no spread"
    """All units of an arm are alike: nothing tells how far the mean may be off."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing can be said yet: why, and what there is. :mod:`~oscar_engage.analytics.stats.power` says when it will be."""

    reason: Reason
    treated_units: int
    control_units: int
    treated_positives: int
    control_positives: int
    left_out: int


class Verdict(Enum):
    """What may be said?"""

    MORE = "more"
    LESS = "less"
    OPEN = "open"
    """The interval holds "no difference": nothing is shown, which is not the same as showing that there is none."""


@dataclass(frozen=True, slots=True)
class Lift:
    """What the arms did and how they differ, in the measure's unit per eligible unit.

    ``ratio`` is treated divided by control (1: no difference), ``None`` while it has no upper bound: control may as well be
    zero. ``treated`` and ``control`` are adjusted by what was known before, as their difference is; ``variance_removed`` is the
    share of the difference's variance that this took away. ``p`` holds however often one looked if the plan is sequential.
    ``left_out`` units are in strata too small to be compared.
    """

    treated: float
    control: float
    difference: Estimate
    ratio: Estimate | None
    p: float
    treated_units: int
    control_units: int
    variance_removed: float
    left_out: int
    plan: Plan

    @property
    def relative(self) -> Estimate | None:
        """The difference in per cent of control; ``None`` as with ``ratio``."""
        if self.ratio is None:
            return None
        return Estimate(*(100 * (bound - 1) for bound in (self.ratio.value, self.ratio.low, self.ratio.high)))

    @property
    def verdict(self) -> Verdict:
        """Whether the interval of the difference leaves out 0, and on which side."""
        if self.difference.low > 0:
            return Verdict.MORE
        return Verdict.LESS if self.difference.high < 0 else Verdict.OPEN

    @property
    def gained(self) -> Estimate:
        """What the treated did beyond what they would have done without us, in all; ask for it with ``Whom.TREATED``."""
        return self.difference.times(self.treated_units)


def compare(strata: Iterable[Stratum], *, plan: Plan = PLAN, whom: Whom = Whom.EVERYBODY) -> Lift | NotYet:
    """Compare the means of ``y``, with less noise where ``x``, known before the draw, tells what a unit would have done anyway.

    ``strata``: the rollups, of any number of days; those with equal shares are added up. Shares (buyers per visitor) and means
    (orders, revenue per visitor) alike. ``x`` all 0: no adjustment. Source of the adjustment: A. Deng, Y. Xu, R. Kohavi and
    T. Walker, "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data", WSDM 2013; with
    the slope for unequal arms of W. Lin, "Agnostic notes on regression adjustments to experimental data", Annals of Applied
    Statistics 7 (2013) 295-318.
    """
    group = gather(strata)
    refusal = _refuse(group, plan)
    if refusal is not None:
        return _not_yet(refusal, group)
    treated, control = weigh(group, whom)
    plain = Pair(treated.y, control.y, treated.yy, control.yy)
    if not plain.has_spread:
        return _not_yet(Reason.NO_SPREAD, group)
    pair = _adjust(treated, control, group.treated.units / group.units)
    return _conclude(pair, group, removed=max(0.0, 1 - (pair.error / plain.error) ** 2), plan=plan)


def compare_ratio(strata: Iterable[Stratum], *, plan: Plan = PLAN, whom: Whom = Whom.EVERYBODY) -> Lift | NotYet:
    """Compare sum of ``y`` / sum of ``x``: revenue per order, stars per rating, happy per rated.

    Linearised ("delta method"; A. Deng, U. Knoblich and J. Lu, "Applying the delta method in metric analytics", KDD 2018): a
    visitor with three orders is one unit, not three. Who orders or rates is not drawn by lot: a difference can come from *who*
    did as well as from what they did. No adjustment.
    """
    group = gather(strata)
    refusal = _refuse_ratio(group, plan)
    if refusal is not None:
        return _not_yet(refusal, group)
    (treated, treated_variance), (control, control_variance) = map(_divide, weigh(group, whom))
    pair = Pair(treated, control, treated_variance, control_variance)
    return _conclude(pair, group, removed=0.0, plan=plan)


def _adjust(treated: ArmMeans, control: ArmMeans, share: float) -> Pair:
    """Take away what x explains: the slope is the one with the smallest variance, each arm is moved to the mean x of both."""
    spread = treated.xx + control.xx
    slope = (treated.xy + control.xy) / spread if spread else 0.0
    gap = treated.x - control.x
    up, down = slope * share, slope * (1 - share)
    return Pair(
        treated.y - down * gap,
        control.y + up * gap,
        treated.yy - 2 * down * treated.xy + down * down * spread,
        control.yy - 2 * up * control.xy + up * up * spread,
        up * treated.xy + down * control.xy - up * down * spread,
    )


def _divide(arm: ArmMeans) -> tuple[float, float]:
    """Return y / x and the variance of that."""
    ratio = arm.y / arm.x
    return ratio, max(0.0, arm.yy - 2 * ratio * arm.xy + ratio * ratio * arm.xx) / arm.x**2


def _conclude(pair: Pair, group: Group, *, removed: float, plan: Plan) -> Lift | NotYet:
    if not pair.has_spread:
        return _not_yet(Reason.NO_SPREAD, group)
    width = half_width(group.units, plan)
    return Lift(
        treated=pair.treated,
        control=pair.control,
        difference=pair.difference(width),
        ratio=pair.ratio(width),
        p=p_value((pair.treated - pair.control) / pair.error, group.units, plan),
        treated_units=group.treated.units,
        control_units=group.control.units,
        variance_removed=removed,
        left_out=group.left_out,
        plan=plan,
    )


def _refuse(group: Group, plan: Plan) -> Reason | None:
    treated, control = group.treated, group.control
    counts = [(treated.positives, control.positives)]
    if treated.is_share and control.is_share:
        counts.append((treated.units - treated.positives, control.units - control.positives))
    return _refuse_counts(treated.units, control.units, counts, plan, fewest=plan.fewest_positives)


def _refuse_ratio(group: Group, plan: Plan) -> Reason | None:
    treated, control = group.treated, group.control
    counts: list[tuple[float, float]] = [(treated.positives, control.positives)]
    others = (treated.sum_x - treated.sum_y, control.sum_x - control.sum_y)
    if min(others) >= 0:  # a share: of those who rated, the others are not happy
        counts.append((2 * others[0], 2 * others[1]))
    return _refuse_counts(treated.units, control.units, counts, plan, fewest=2 * plan.fewest_positives)


def _refuse_counts(
    treated: int, control: int, counts: Sequence[tuple[float, float]], plan: Plan, *, fewest: float
) -> Reason | None:
    if min(treated, control) < plan.fewest_units:
        return Reason.FEW_UNITS
    part = min(treated, control) / (treated + control)
    if all(part * sum(both) >= fewest and min(both) >= LEAST_LUCK * fewest for both in counts):
        return None
    return Reason.FEW_POSITIVES


def _not_yet(reason: Reason, group: Group) -> NotYet:
    treated, control = group.treated, group.control
    return NotYet(reason, treated.units, control.units, treated.positives, control.positives, group.left_out)
