"""How is a distribution of seconds kept without keeping anybody's? As counts in classes, of which medians can be read."""

from collections.abc import Mapping
from math import floor, log

RATIO = 1.2
"""Each class is a fifth wider than the one before: a median read from it is at most a tenth off, at any size."""

_OFFSET = 5.0
"""Seconds below which classes are about a second wide: nobody feels less."""

HIGHEST = 79
"""The last class; it begins after a hundred days."""

MEDIAN, MOST = 0.5, 0.9
"""What is read: the middle, and what nine of ten do not exceed."""


def class_of(seconds: float) -> str:
    """Return the class of ``seconds``, two digits that sort as its numbers do; negative counts as none."""
    place = floor(log(max(0.0, seconds) / _OFFSET + 1.0) / log(RATIO))
    return f"{min(place, HIGHEST):02d}"


def edge_of(place: int) -> float:
    """Return the seconds at which class ``place`` begins."""
    return _OFFSET * (RATIO**place - 1.0)


def quantile(counts: Mapping[str, int | float], share: float) -> float | None:
    """Return the seconds that ``share`` of the values do not exceed, straight between a class's edges; ``None`` without any."""
    total = sum(counts.values())
    if not total:
        return None
    wanted, before = share * total, 0.0
    for name in sorted(counts):
        number = counts[name]
        if number and before + number >= wanted:
            low, high = edge_of(int(name)), edge_of(int(name) + 1)
            return low + (high - low) * (wanted - before) / number
        before += number
    raise AssertionError("the last class reaches every share")  # pragma: no cover - share is at most one
