"""Did as many fall into each arm as the lot should give? If not, something loses units of one arm, and no lift is to be shown.

Two tests of the same question. :func:`check_once` is the textbook's chi-square, for one look. :func:`check_any_time` is exact
and may be looked at daily: each stored probability p is tilted to p e^t / (1 - p + p e^t) for a grid of tilts t, and the
mixture of the likelihood ratios exceeds 1/alpha at any time with a probability of at most alpha if the lot is right. Source:
M. Lindon and A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022; the tilt stands in the place of
their Dirichlet, for the probabilities may differ between units. On the alarm: A. Fabijan and others, "Diagnosing sample ratio
mismatch in online controlled experiments", KDD 2019.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import erfc, exp, log, log1p, sqrt

from oscar_engage.analytics.stats.strata import Stratum, merge_by_share

ALARM = 0.001
"""Below this the arms are not what was drawn. One shop in a thousand is alarmed for nothing."""

TILTS = tuple(sign * 0.01 * 2 ** (step / 2) for sign in (-1, 1) for step in range(17))
"""Log odds by which the share may be off: 0.01 (50.0 % is 50.25 %) to 2.56 (50 % is 93 %), all equally likely beforehand."""


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """How many units were treated, how many should be, and how unlikely a lot as uneven as this would be."""

    treated: int
    expected: float
    p: float

    @property
    def is_alarm(self) -> bool:
        """Whether the comparison must not be shown."""
        return self.p < ALARM


def check_once(treated: int, *, expected: float, variance: float) -> SampleRatio:
    """Test at one look that was fixed beforehand: ``expected`` is the sum of p over all units, ``variance`` that of p (1 - p).

    With one p for all it is the chi-square test of goodness of fit with one degree of freedom. No units: p is 1.
    """
    z = (treated - expected) / sqrt(variance) if variance > 0 else 0.0
    return SampleRatio(treated, expected, erfc(abs(z) / sqrt(2)))


def check_any_time(strata: Iterable[Stratum]) -> SampleRatio:
    """Test at any time, as often as one likes: ``p`` below alpha at *some* time has a probability of at most alpha."""
    merged = merge_by_share(strata)
    treated = sum(one.treated.units for one in merged)
    logs = [tilt * treated - sum(one.units * log1p(one.share * (exp(tilt) - 1)) for one in merged) for tilt in TILTS]
    highest = max(logs)
    evidence = highest + log(sum(exp(each - highest) for each in logs) / len(logs))
    return SampleRatio(treated, sum(one.share * one.units for one in merged), min(1.0, exp(-evidence)))
