"""Where do the points of a picture stand? Geometry in whole SVG units, so that the template only prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from oscar_engage.dashboard.reports.chart import Scale, Tick

WIDTH, HEIGHT = 460, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 440, 12, 200
"""Size of a picture, and the edges of its field; the words of the axes stand around it."""

SMALLEST, LARGEST = 3, 9
"""Radius of a dot that stands for the fewest, and for the most."""


@dataclass(frozen=True, slots=True)
class Curve:
    """What one line shows: (across, up); ``sizes`` (as many) make dots of them, larger for more. No line: ``is_line`` false."""

    label: Any
    points: Sequence[tuple[float, float]]
    sizes: Sequence[float] = ()
    is_line: bool = True


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line as SVG wants it, ``""`` for none, and its dots: x, y, radius. ``place`` chooses the colour."""

    label: Any
    line: str
    dots: tuple[tuple[int, int, int], ...]
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A picture of lines and dots over two scales."""

    curves: tuple[Drawn, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


def draw_plot(curves: Sequence[Curve], *, across: Scale, up: Scale) -> Plot:
    """Return ``curves`` over the two axes; the first is drawn first, so that what matters most comes last."""
    left = up.find_left(LEFT)

    def x(value: float) -> int:
        return round(left + (RIGHT - left) * (value - across.low) / (across.high - across.low))

    def y(value: float) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * (value - up.low) / (up.high - up.low))

    def draw(place: int, curve: Curve) -> Drawn:
        spots = [(x(first), y(second)) for first, second in curve.points]
        line = " ".join(f"{one},{other}" for one, other in spots) if curve.is_line else ""
        radii = _radii(curve.sizes)
        return Drawn(curve.label, line, tuple((*spot, radius) for spot, radius in zip(spots, radii, strict=False)), place)

    return Plot(
        curves=tuple(draw(place, curve) for place, curve in enumerate(curves)),
        across=tuple(Tick(x(mark), across.say(mark)) for mark in across.marks),
        up=tuple(Tick(y(mark), up.say(mark)) for mark in up.marks),
        left=left,
    )


def _radii(sizes: Sequence[float]) -> list[int]:
    """Return radii whose areas, roughly, are as the sizes."""
    most = max(sizes, default=0.0)
    if most <= 0:
        return [SMALLEST for _size in sizes]
    return [round(SMALLEST + (LARGEST - SMALLEST) * (max(size, 0.0) / most) ** 0.5) for size in sizes]
