"""From which sum on does one order count no more? At the 99th percentile of the shop's order totals of a period *before*.

One order of 20 000 among many of 50 makes every mean a matter of who had it. What a unit spent is therefore counted up to a
cap, in both arms. The cap comes from orders before the comparison began and stays: taken from the data that are compared it
would move with what it is to measure. The lift of capped revenue is a little smaller than that of revenue. Source:
R. Kohavi, D. Tang and Y. Xu, "Trustworthy online controlled experiments", Cambridge 2020, chapter 18.
"""

from collections.abc import Iterable, Mapping
from math import ceil

CAPPED_FROM = 0.99
"""The share of order totals that lie at or below the cap."""

FEWEST_ORDERS = 100
"""With fewer, the 99th percentile is the largest order there was, which caps nothing."""


def find_cap(totals: Iterable[float], *, share: float = CAPPED_FROM) -> float | None:
    """Return the cap from order totals of one currency; ``None`` of fewer than :data:`FEWEST_ORDERS`.

    The smallest total that at least ``share`` of them do not exceed ("nearest rank"; numpy calls it ``inverted_cdf``): always
    a total that occurred.
    """
    counts: dict[float, int] = {}
    for total in totals:
        counts[total] = counts.get(total, 0) + 1
    return find_cap_of_counts(counts, share=share)


def find_cap_of_counts(counts: Mapping[float, int], *, share: float = CAPPED_FROM) -> float | None:
    """Return the cap from a histogram, ``{total: orders}``; of bins, give each bin's upper bound."""
    orders = sum(counts.values())
    if orders < FEWEST_ORDERS:
        return None
    missing = ceil(round(share * orders, 6))
    bounds = iter(sorted(counts))
    bound = next(bounds)
    while (missing := missing - counts[bound]) > 0:
        bound = next(bounds)
    return bound


def cap(value: float, at: float | None) -> float:
    """Return ``value`` (one unit's sum over the window) but no more than ``at``, and no less than its negative.

    ``at=None``: no cap is known, the value stays.
    """
    return value if at is None else max(-at, min(value, at))
