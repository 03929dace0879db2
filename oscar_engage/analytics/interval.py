"""How sure can we be of a share? The Wilson score interval."""

from dataclasses import dataclass
from math import sqrt

CONFIDENCE_Z = 1.959964
"""The 97.5 % point of the normal distribution: two-sided 95 % intervals."""

FEWEST_VISITORS = 50
"""Below this many visitors in an arm we show no rate: a 95 % interval around 5 % would be wider than 12 points."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval, all in [0, 1]."""

    value: float
    low: float
    high: float


def wilson(successes: int, trials: int) -> Rate:
    """Return ``successes / trials`` with its Wilson interval.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212.
    It stays inside [0, 1] and keeps its coverage at small shares, where the textbook interval does not.
    ``trials`` below 1 or ``successes`` outside ``[0, trials]`` raise :class:`ValueError`.
    """
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a share.")
    share = successes / trials
    square = CONFIDENCE_Z**2
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    spread = CONFIDENCE_Z / (1 + square / trials) * sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    # rounding may push a bound past the share itself when nobody, or everybody, succeeded
    return Rate(share, max(0.0, min(share, centre - spread)), min(1.0, max(share, centre + spread)))


def rate_or_nothing(successes: int, trials: int) -> Rate | None:
    """Return the rate, or ``None`` where there is not enough data yet (:data:`FEWEST_VISITORS`)."""
    return wilson(successes, trials) if trials >= FEWEST_VISITORS else None
