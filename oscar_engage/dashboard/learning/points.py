"""Which points of a run's pictures can be drawn? What JSON holds, checked: a run of another version may have kept anything."""

import math
from collections.abc import Mapping
from typing import Any

MOST_POINTS = 200
"""Points of a picture that are read; training keeps forty-one at most."""

Points = tuple[tuple[float, ...], ...]


def read_points(curves: object, name: str, *, width: int) -> Points:
    """Return the points ``name`` of a run's ``curves``, each of ``width`` finite numbers; whatever is not such is left out."""
    rows = curves.get(name) if isinstance(curves, Mapping) else None
    if not isinstance(rows, list | tuple):
        return ()
    return tuple(point for row in rows[:MOST_POINTS] if (point := _read_point(row, width)) is not None)


def read_number(value: Any) -> float | None:
    """Return a finite number, or ``None`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _read_point(row: Any, width: int) -> tuple[float, ...] | None:
    if not isinstance(row, list | tuple) or len(row) < width:
        return None
    numbers = tuple(read_number(value) for value in row[:width])
    return None if None in numbers else tuple(number for number in numbers if number is not None)
