"""Where do the points of a curve stand? Geometry in whole SVG units, so that the template only prints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oscar_engage.analytics.exits.curve import Step

WIDTH, HEIGHT = 460, 200
"""Size of the drawing."""

LEFT, RIGHT, TOP, BOTTOM = 48, 440, 12, 170
"""Edges of the field in which the curve lies; the words of the axes stand around it."""

SCALES = (0.05, 0.1, 0.25, 0.5, 1.0)
"""Shares that the upper edge may stand for: the smallest that has room for every interval is taken."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place, and the number that it stands for."""

    at: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A curve with its band: ``line`` and ``band`` are lists of points as SVG wants them, ``dots`` the points one by one."""

    line: str
    band: str
    dots: tuple[tuple[int, int], ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM


def draw(steps: Sequence[Step], marks: Sequence[int]) -> Chart | None:
    """Return the curve of those ``steps`` whose share is known, with ``marks`` below it; ``None`` when none is.

    The axis reaches from the first mark to the last, whatever is known, so that the curves of all stages compare.
    """
    known = [(step.at, step.rate) for step in steps if step.rate is not None]
    if not known:
        return None
    top = next(scale for scale in SCALES if all(rate.high <= scale for _at, rate in known))

    def x(at: int) -> int:
        return round(LEFT + (RIGHT - LEFT) * (at - marks[0]) / (marks[-1] - marks[0]))

    def y(share: float) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * share / top)

    def points(shares: Iterable[tuple[int, float]]) -> tuple[tuple[int, int], ...]:
        return tuple((x(at), y(share)) for at, share in shares)

    dots = points((at, rate.value) for at, rate in known)
    band = (*points((at, rate.high) for at, rate in known), *points((at, rate.low) for at, rate in reversed(known)))
    return Chart(
        line=_text(dots),
        band=_text(band),
        dots=dots,
        across=tuple(Tick(x(mark), mark) for mark in marks),
        up=tuple(Tick(y(top * part), top * part) for part in (0.0, 0.5, 1.0)),
    )


def _text(points: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)
