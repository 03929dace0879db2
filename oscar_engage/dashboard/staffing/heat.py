"""Where do the squares of a week stand, and how dark is each? Whole SVG units; the number stands in the square, too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HOURS = 24
LEFT, TOP, SIDE, GAP = 44, 22, 26, 2
"""Where the squares begin, how large one is, and what is between two."""

LEVELS = 5
"""Shades, the lightest for a little; none for nothing."""


@dataclass(frozen=True, slots=True)
class Square:
    """One hour of one weekday: its place, its shade from 0 to :data:`LEVELS`, its number (empty for none) and what it says."""

    x: int
    y: int
    level: int
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Words at the edge."""

    x: int
    y: int
    label: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A week as squares: seven rows of 24."""

    squares: tuple[Square, ...]
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]
    width: int = LEFT + HOURS * SIDE + GAP
    height: int = TOP + 7 * SIDE + GAP
    side: int = SIDE - GAP


def draw_heat(
    values: Mapping[tuple[int, int], int], *, weekdays: Sequence[Any], words: Mapping[tuple[int, int], str]
) -> Heat | None:
    """Return ``values`` by ``(weekday, hour)``, Monday being 0, as squares; ``None`` where all are 0.

    ``weekdays``: short names; ``words``: what each square says to who points at it.
    """
    most = max(values.values(), default=0)
    if most <= 0:
        return None
    squares = tuple(
        Square(
            x=LEFT + hour * SIDE,
            y=TOP + weekday * SIDE,
            level=shade_of(values.get((weekday, hour), 0), most),
            number=str(values.get((weekday, hour), 0) or ""),
            words=words.get((weekday, hour), ""),
        )
        for weekday in range(len(weekdays))
        for hour in range(HOURS)
    )
    rows = tuple(Mark(LEFT - 6, TOP + place * SIDE + 16, label) for place, label in enumerate(weekdays))
    columns = tuple(Mark(LEFT + hour * SIDE + 12, TOP - 7, f"{hour:02d}") for hour in range(0, HOURS, 3))
    return Heat(squares=squares, rows=rows, columns=columns)


def shade_of(value: int, most: int) -> int:
    """Return the shade of ``value``, of which the largest is ``most``: 0 for nothing, else 1 to :data:`LEVELS`, evenly."""
    return 0 if value <= 0 else max(1, -(-value * LEVELS // most))
