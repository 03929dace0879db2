"""Which line lies nearest to some points? Least squares for a handful of columns, so that no process has to load numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import TypeAlias

Row: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """Coefficients, the diagonal of the inverse of X'X, the logarithm of its determinant, the sum of the squared rests."""

    coefficients: tuple[float, ...]
    diagonal: tuple[float, ...]
    log_determinant: float
    rest: float


def solve(columns: Sequence[Sequence[float]], values: Sequence[float]) -> Solved:
    """Return the fit of ``values`` by the columns, which must not be combinations of each other (Gauss-Jordan on X'X)."""
    size = len(columns)
    rows = [
        [*(_dot(one, other) for other in columns), *(float(i == j) for j in range(size)), _dot(one, values)]
        for i, one in enumerate(columns)
    ]
    log_determinant = 0.0
    for i in range(size):
        pivot = rows[i][i]  # X'X is positive: never 0, so no row has to be exchanged
        log_determinant += log(pivot)
        rows[i] = [value / pivot for value in rows[i]]
        for j in range(size):
            if j != i:
                rows[j] = [value - rows[j][i] * own for value, own in zip(rows[j], rows[i], strict=True)]
    coefficients = tuple(row[-1] for row in rows)
    rests = (value - _dot(point, coefficients) for value, *point in zip(values, *columns, strict=True))
    return Solved(coefficients, tuple(rows[i][size + i] for i in range(size)), log_determinant, sum(r * r for r in rests))


def _dot(first: Sequence[float], second: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))
