"""How often is a statement about simulated shops wrong at some time, when one looks at it every day?

The statements are those of ``analytics.stats``. To look at 100 000 days in seconds, the distance of each estimate from the
truth is first calculated with numpy, apart from the code under test; only where it is near an interval's end, or beyond, is
that code asked.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.lift_shops import BASKET, Shops
from oscar_engage.analytics.stats.boundary import PLAN, Looks, Plan
from oscar_engage.analytics.stats.lift import Lift, NotYet, compare, compare_ratio
from oscar_engage.analytics.stats.moments import Moments
from oscar_engage.analytics.stats.strata import FEWEST_IN_STRATUM, Stratum

NEAR = {Looks.ANY_TIME: 2.9, Looks.ONCE: 1.9}
"""Standard errors that an interval surely reaches: the sequential one is 3.04 at its tightest, the other 1.96."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Of shops: in how many anything was said, in how many an interval left out the truth at some time, and the last errors.

    ``errors`` are those of the last day's estimates in standard errors, one of each shop that spoke by then.
    """

    spoke: int
    wrong: int
    wrong_ratio: int
    errors: np.ndarray

    @property
    def wrong_share(self) -> float:
        """The share of shops in which difference or ratio was wrong at some time."""
        return max(self.wrong, self.wrong_ratio) / self.spoke


def cumulate(days: np.ndarray, shops: Shops) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers up to each day by stratum of share, ``[shop, day, stratum, arm, measure, number]``, and the shares."""
    shares = np.unique(shops.share)
    parts = [(days * (shops.share == share)[:, :, None, None, None]).cumsum(axis=1) for share in shares]
    return np.stack(parts, axis=2), shares


def strata_of(numbers: np.ndarray, shares: np.ndarray) -> list[Stratum]:
    """Return the strata of one shop, day and measure: ``numbers`` is ``[stratum, arm, number]``."""
    return [
        Stratum(share, Moments.from_numbers(treated), Moments.from_numbers(control))
        for share, (control, treated) in zip(shares.tolist(), numbers.tolist(), strict=True)
        if treated[0] + control[0]
    ]


def look(numbers: np.ndarray, shares: np.ndarray, measure: int, plan: Plan = PLAN) -> Lift | NotYet:
    """Return what the code under test says."""
    return (compare_ratio if measure == BASKET else compare)(strata_of(numbers, shares), plan=plan)


def look_daily(
    so_far: np.ndarray, shares: np.ndarray, measure: int, *, difference: np.ndarray, ratio: np.ndarray, plan: Plan = PLAN
) -> Seen:
    """Look at every shop on every day; the truth is ``[shop, day]`` for the difference, ``[shop]`` for the ratio."""
    numbers = so_far[:, :, :, :, measure]
    distances = find_distances(numbers, is_ratio=measure == BASKET, difference=difference, ratio=ratio[:, None])
    errors, spoke, wrong, wrong_ratio = [], 0, 0, 0
    for shop in range(len(numbers)):
        last = look(numbers[shop, -1], shares, measure, plan)
        if isinstance(last, NotYet):
            continue
        spoke += 1
        errors.append(distances[0][shop, -1])
        found = [
            (said, difference[shop, day])
            for day in np.flatnonzero((np.abs(distances[:, shop]) > NEAR[plan.looks]).any(axis=0))
            if isinstance(said := look(numbers[shop, day], shares, measure, plan), Lift)
        ]
        wrong += any(not said.difference.low <= truth <= said.difference.high for said, truth in found)
        wrong_ratio += any(said.ratio is not None and not said.ratio.low <= ratio[shop] <= said.ratio.high for said, _ in found)
    return Seen(spoke, wrong, wrong_ratio, np.array(errors))


def find_distances(numbers: np.ndarray, *, is_ratio: bool, difference: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """Return by how many standard errors difference and ratio miss the truth: ``[2, shop, day]``, 0 where nothing is known."""
    units = numbers[..., 0]
    is_fit = (units >= FEWEST_IN_STRATUM).all(axis=-1)
    sizes = np.where(is_fit, units.sum(axis=-1), 0)
    with np.errstate(all="ignore"):
        weights = sizes / sizes.sum(axis=-1, keepdims=True)
        treated, control = (_describe(numbers[..., arm, :], weights, is_fit) for arm in (1, 0))
        y1, x1, yy1, xx1, xy1 = treated
        y0, x0, yy0, xx0, xy0 = control
        if is_ratio:
            r1, r0 = y1 / x1, y0 / x0
            v1, v0 = (yy1 - 2 * r1 * xy1 + r1**2 * xx1) / x1**2, (yy0 - 2 * r0 * xy0 + r0**2 * xx0) / x0**2
            found = (r1 - r0 - difference) / np.sqrt(v1 + v0), (r1 - ratio * r0) / np.sqrt(v1 + ratio**2 * v0)
        else:
            slope = np.nan_to_num((xy1 + xy0) / (xx1 + xx0))
            part = np.where(is_fit, units[..., 1], 0).sum(axis=-1) / sizes.sum(axis=-1)
            a1 = y1 - slope * (1 - part) * (x1 - x0)
            a0 = y0 + slope * part * (x1 - x0)
            found = tuple(
                (a1 - factor * a0 - truth) / np.sqrt(_variance(treated, control, slope, part, factor))
                for factor, truth in ((1.0, difference), (ratio, 0.0))
            )
    return np.nan_to_num(np.stack(np.broadcast_arrays(*found)), nan=0.0, posinf=0.0, neginf=0.0)


def _describe(arm: np.ndarray, weights: np.ndarray, is_fit: np.ndarray) -> tuple[np.ndarray, ...]:
    n, _positives, y, yy, x, xx, xy = np.moveaxis(np.where(is_fit[..., None], arm, 0), -1, 0)
    means = [np.nansum(weights * each / n, axis=-1) for each in (y, x)]
    scatters = [(n * both - one * other) / (n * (n - 1)) for both, one, other in ((yy, y, y), (xx, x, x), (xy, x, y))]
    return (*means, *(np.nansum(weights**2 * each / n, axis=-1) for each in scatters))


def _variance(treated: tuple, control: tuple, slope: np.ndarray, part: np.ndarray, factor: np.ndarray | float) -> np.ndarray:
    """Return the variance of adjusted treated less ``factor`` times adjusted control: what each arm's y and x add to it."""
    on_gap = slope * (1 - part + factor * part)
    _y, _x, yy1, xx1, xy1 = treated
    _y, _x, yy0, xx0, xy0 = control
    return (yy1 - 2 * on_gap * xy1 + on_gap**2 * xx1) + (factor**2 * yy0 - 2 * factor * on_gap * xy0 + on_gap**2 * xx0)
