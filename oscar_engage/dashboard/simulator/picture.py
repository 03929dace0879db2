"""How are truth and measurement drawn? A line for each interval, a bar where it was measured, a diamond for the truth."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LEFT, RIGHT = 640, 230, 24
ROW, TOP = 30, 18
SIZE = 6
"""Half the width of a diamond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One comparison, in points of a hundred shoppers; ``name`` stands at its left."""

    name: str
    truth: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One comparison as it is drawn; ``diamond``: the corners of the truth's mark."""

    name: str
    y: int
    low: int
    high: int
    value: int
    diamond: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All of them on one scale; ``zero`` is where help changes nothing."""

    marks: tuple[Mark, ...]
    zero: int
    height: int
    width: int = WIDTH
    left: int = LEFT


def draw(lines: Sequence[Measured]) -> Picture | None:
    """Return the picture; ``None`` where nothing was measured."""
    if not lines:
        return None
    low = min(0.0, *(min(one.low, one.truth) for one in lines))
    high = max(0.0, *(max(one.high, one.truth) for one in lines))
    scale = (WIDTH - LEFT - RIGHT) / (high - low or 1.0)

    def across(value: float) -> int:
        return LEFT + round((value - low) * scale)

    marks = []
    for place, one in enumerate(lines):
        y, x = TOP + place * ROW, across(one.truth)
        diamond = f"{x - SIZE},{y} {x},{y - SIZE} {x + SIZE},{y} {x},{y + SIZE}"
        marks.append(
            Mark(name=one.name, y=y, low=across(one.low), high=across(one.high), value=across(one.value), diamond=diamond)
        )
    return Picture(marks=tuple(marks), zero=across(0.0), height=2 * TOP + (len(lines) - 1) * ROW)
