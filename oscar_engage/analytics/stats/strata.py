"""Which units may be put side by side? Those that were drawn with the same probability."""

from collections.abc import Iterable
from dataclasses import dataclass

from oscar_engage.analytics.stats.moments import Moments

FEWEST_IN_STRATUM = 10
"""A stratum with fewer units in an arm is left out, by numbers alone and never by what they did: its own variance, which is
estimated from them, would say little. How many units that were is told."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Both arms of the units that were drawn with one probability, for example of one day.

    ``share`` is the probability with which each of them became treated, as stored at the draw: in (0, 1), else
    :class:`ValueError`. Of a rule compared without the shop's hold-out that is ``1 - holdout_share`` of that time.
    """

    share: float
    treated: Moments
    control: Moments

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"Nobody is drawn with a probability of {self.share}.")

    @property
    def units(self) -> int:
        """How many units there are in both arms."""
        return self.treated.units + self.control.units


def merge_by_share(strata: Iterable[Stratum]) -> tuple[Stratum, ...]:
    """Return one stratum for each share, smallest share first.

    When the share stays, a trend touches both arms alike and days may be added. When it changes, the arms are made of
    different days, and adding them would take the trend for our doing (E. H. Simpson, "The interpretation of interaction in
    contingency tables", JRSS B 13 (1951) 238-241): strata of different shares are compared each by itself, and only the
    differences are put together. Shares are told apart to six digits.
    """
    merged: dict[float, Stratum] = {}
    for stratum in strata:
        share = round(stratum.share, 6) or stratum.share
        kept = merged.get(share)
        merged[share] = (
            Stratum(stratum.share, stratum.treated, stratum.control)
            if kept is None
            else Stratum(kept.share, kept.treated + stratum.treated, kept.control + stratum.control)
        )
    return tuple(merged[share] for share in sorted(merged))


@dataclass(frozen=True, slots=True)
class Group:
    """The strata that can be compared, one for each share, and how many units were in those that cannot."""

    strata: tuple[Stratum, ...]
    left_out: int

    @property
    def treated(self) -> Moments:
        """All treated units, whatever their share: to count, not to compare."""
        return sum((one.treated for one in self.strata), Moments())

    @property
    def control(self) -> Moments:
        """All units of control, whatever their share: to count, not to compare."""
        return sum((one.control for one in self.strata), Moments())

    @property
    def units(self) -> int:
        """How many units are compared."""
        return sum(one.units for one in self.strata)


def gather(strata: Iterable[Stratum]) -> Group:
    """Return what of ``strata`` can be compared: merged by share, those below :data:`FEWEST_IN_STRATUM` left out."""
    merged = merge_by_share(strata)
    fit = tuple(one for one in merged if min(one.treated.units, one.control.units) >= FEWEST_IN_STRATUM)
    return Group(fit, sum(one.units for one in merged) - sum(one.units for one in fit))
