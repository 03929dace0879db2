"""How sure is a median? The order statistics around it: no assumption about the noise, which here is never normal."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from math import comb

_ONE_IN = 40  # misses on each side: 95 % lie between
_FEWEST = 6  # with fewer, not even the whole range covers 95 %


@dataclass(frozen=True, slots=True)
class Median:
    """The median of a sample, and the bounds between which the true one lies 95 times in a hundred."""

    value: float
    low: float
    high: float


def find_median(sample: Iterable[float]) -> Median:
    """Return the median with its 95 % interval; raise ``ValueError`` for fewer than six values."""
    ordered = sorted(sample)
    size = len(ordered)
    if size < _FEWEST:
        raise ValueError(f"{size} values say nothing about a median.")
    rank = _rank(size)
    return Median(statistics.median(ordered), ordered[rank], ordered[size - 1 - rank])


def _rank(size: int) -> int:
    """Return how many values may be left out at each end: each value is below the true median with a chance of one half."""
    left_out, below = 0, 1
    while _ONE_IN * (below + comb(size, left_out + 1)) <= 2**size:  # whole numbers: a float ends at 2**1024
        left_out += 1
        below += comb(size, left_out)
    return left_out
