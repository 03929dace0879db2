"""How are truth and measurement drawn? A line for each interval, a bar where it was measured, a diamond for the truth.

The name stands above its line, so that a phone has the whole width for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, EDGE = 640, 12
ROW, NAME, BELOW = 58, 24, 14
"""From one comparison to the next, from the top of one to the foot of its name, and from there to its line."""

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
    name_y: int
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


def draw(lines: Sequence[Measured]) -> Picture | None:
    """Return the picture; ``None`` where nothing was measured."""
    if not lines:
        return None
    low = min(0.0, *(min(one.low, one.truth) for one in lines))
    high = max(0.0, *(max(one.high, one.truth) for one in lines))
    scale = (WIDTH - 2 * EDGE) / (high - low or 1.0)

    def across(value: float) -> int:
        return EDGE + round((value - low) * scale)

    marks = []
    for place, one in enumerate(lines):
        name_y, x = NAME + place * ROW, across(one.truth)
        y = name_y + BELOW
        diamond = f"{x - SIZE},{y} {x},{y - SIZE} {x + SIZE},{y} {x},{y + SIZE}"
        low_x, high_x, value_x = across(one.low), across(one.high), across(one.value)
        marks.append(Mark(name=one.name, name_y=name_y, y=y, low=low_x, high=high_x, value=value_x, diamond=diamond))
    return Picture(marks=tuple(marks), zero=across(0.0), height=len(lines) * ROW)
