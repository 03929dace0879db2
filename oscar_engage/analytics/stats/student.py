"""How much of Student's t distribution lies below a point? A finite sum, for whole degrees of freedom."""

from math import atan, cos, pi, sin, sqrt


def below(point: float, freedom: int) -> float:
    """Return the share below ``point`` with ``freedom`` (1 or more) degrees of freedom.

    Source: M. Abramowitz and I. A. Stegun, "Handbook of mathematical functions", 1964, 26.7.3 and 26.7.4.
    """
    angle = atan(point / sqrt(freedom))
    square = cos(angle) ** 2
    is_odd = freedom % 2
    term = cos(angle) if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(2 + is_odd, freedom - 1, 2):
        term *= square * (step - 1) / step
        total += term
    within = 2 / pi * (angle + sin(angle) * total) if is_odd else sin(angle) * total
    return 0.5 + within / 2
