"""What is the mean of an arm over strata of different shares? Each stratum's mean, by the size of the stratum."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.stats.strata import Group


class Whom(Enum):
    """Of whom is the effect? Where it is the same for all, or the share never changed, that is the same."""

    EVERYBODY = "everybody"
    """All eligible units: what it would do if it were shown to all of them."""

    TREATED = "treated"
    """Those who were treated: what it did."""


@dataclass(frozen=True, slots=True)
class ArmMeans:
    """The weighed means of an arm, and the variances and the covariance of these means."""

    y: float
    x: float
    yy: float
    xx: float
    xy: float


def weigh(group: Group, whom: Whom) -> tuple[ArmMeans, ArmMeans]:
    """Return the means of treated and control, both over the same mix of strata; of no strata, 0."""
    sizes = [one.units if whom is Whom.EVERYBODY else one.treated.units for one in group.strata]
    weights = [size / sum(sizes) for size in sizes]
    return (
        _mean([one.treated for one in group.strata], weights),
        _mean([one.control for one in group.strata], weights),
    )


def _mean(arms: Sequence[Moments], weights: Sequence[float]) -> ArmMeans:
    parts = list(zip(arms, weights, strict=True))
    return ArmMeans(
        y=sum(weight * arm.mean_y for arm, weight in parts),
        x=sum(weight * arm.mean_x for arm, weight in parts),
        yy=sum(weight**2 * arm.variance_y / arm.units for arm, weight in parts),
        xx=sum(weight**2 * arm.variance_x / arm.units for arm, weight in parts),
        xy=sum(weight**2 * arm.covariance / arm.units for arm, weight in parts),
    )
