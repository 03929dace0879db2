"""How far does a model reach? As far as what it learnt from: whatever lies beyond is read as if it stood at the edge.

A sum goes on rising where nobody has ever been, and says of the longest visit what no visit has shown. Refits of it disagree
there as far as they like, so that bounds say nothing of just those shoppers who are farthest along.
"""

from collections.abc import Sequence
from typing import TypeAlias

Reach: TypeAlias = tuple[tuple[float, float], ...]
"""The least and the most of each feature, in their order; empty: nothing is known of it, and nothing is cut."""


def is_within(reach: Reach, vector: Sequence[float | None]) -> bool:
    """Return whether ``vector`` is one of those learnt from, feature by feature: nothing of it would be cut."""
    return all(value is None or low <= value <= high for value, (low, high) in zip(vector, reach, strict=False))


def cut(reach: Reach, vector: Sequence[float | None]) -> Sequence[float | None]:
    """Return ``vector`` no farther than ``reach``; what is missing stays missing. Costs some 2 µs."""
    if not reach:
        return vector
    return [
        value if value is None or low <= value <= high else low if value < low else high
        for value, (low, high) in zip(vector, reach, strict=True)
    ]
