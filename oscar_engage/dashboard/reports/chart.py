"""Where do bars and lines stand? Geometry in whole SVG units, so that templates only print; beside each stands its table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10
from typing import Any

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 628, 12, 190
"""Size of a line chart, and the edges of its field."""

LABEL_GAP, LETTER = 8, 9
"""Between the axis and its labels, and the width of a letter of theirs on a phone, where letters are largest."""

BAR_LEFT, BAR_WIDTH, ROW, BAR = 200, 340, 30, 16
"""Where the bars of a bar chart begin, the length of the longest, and the height of a row and of a bar."""

MOST_TICKS = 6


Say = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its place and its words."""

    at: int
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, its points as SVG wants them (a part for each gap-free stretch), and a band around it or ``""``."""

    label: Any
    parts: tuple[str, ...]
    band: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A line chart over days."""

    series: tuple[Series, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    zero: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM


@dataclass(frozen=True, slots=True)
class Line:
    """What a line shows: a value a day, ``None`` where nothing is known; ``low`` and ``high`` are the edges of its band."""

    label: Any
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


def draw_lines(days: Sequence[date], lines: Sequence[Line], *, say: Say, say_day: Callable[[date], str]) -> Lines | None:
    """Return ``lines`` over ``days``; ``None`` when no value is known. ``say`` writes the numbers of the upright axis.

    The axis includes zero, so that a small change does not look like a large one.
    """
    known = [value for line in lines for value in (*line.values, *line.low, *line.high) if value is not None]
    if not known or not days:
        return None
    up = make_scale([0.0, *known], say=say)
    left = up.find_left(LEFT)

    def x(place: int) -> int:
        return round(left + (RIGHT - left) * (place + 0.5) / len(days))

    def y(value: float) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * (value - up.low) / (up.high - up.low))

    marks = range(0, len(days), ceil(len(days) / MOST_TICKS))
    return Lines(
        series=tuple(
            Series(line.label, _parts(line.values, x, y), _band(line, x, y), place) for place, line in enumerate(lines)
        ),
        across=tuple(Tick(x(place), say_day(days[place])) for place in marks),
        up=tuple(Tick(y(mark), say(mark)) for mark in up.marks),
        zero=y(0.0),
        left=left,
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it stands for, its words, and its place; ``low`` and ``high`` are the ends of its interval, if known."""

    label: Any
    words: str
    y: int
    x: int
    width: int
    low: int | None = None
    high: int | None = None
    is_negative: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars one below the other; ``zero`` is where they begin."""

    bars: tuple[Bar, ...]
    zero: int
    height: int
    width: int = BAR_LEFT + BAR_WIDTH + 100
    left: int = BAR_LEFT
    thickness: int = BAR


@dataclass(frozen=True, slots=True)
class Value:
    """What a bar shows, ``value`` and the interval around it, and the words beside it."""

    label: Any
    value: float
    words: str
    low: float | None = None
    high: float | None = None


def draw_bars(values: Sequence[Value]) -> Bars | None:
    """Return a bar for each of ``values``, all on one scale that includes zero; ``None`` without any."""
    if not values:
        return None
    known = [number for value in values for number in (value.value, value.low, value.high) if number is not None]
    low, high = min(0.0, *known), max(0.0, *known)
    span = (high - low) or 1.0

    def x(value: float) -> int:
        return round(BAR_LEFT + BAR_WIDTH * (value - low) / span)

    bars = tuple(
        Bar(
            label=value.label,
            words=value.words,
            y=place * ROW + (ROW - BAR) // 2,
            x=min(x(value.value), x(0.0)),
            width=abs(x(value.value) - x(0.0)),
            low=None if value.low is None else x(value.low),
            high=None if value.high is None else x(value.high),
            is_negative=value.value < 0,
        )
        for place, value in enumerate(values)
    )
    return Bars(bars, x(0.0), ROW * len(values))


@dataclass(frozen=True, slots=True)
class Scale:
    """From where to where an axis reaches, its marks, and how a mark is written."""

    low: float
    high: float
    marks: tuple[float, ...]
    say: Say

    def find_left(self, least: int) -> int:
        """Return where a field may begin at the left of which this axis has its words; never before ``least``."""
        return max(least, LABEL_GAP + LETTER * max(len(self.say(mark)) for mark in self.marks))


def make_scale(values: Sequence[float], *, say: Say, low: float | None = None) -> Scale:
    """Return an axis with round ends that holds ``values`` (at least one), and begins at ``low`` or lower, if that is given."""
    bottom, top, step = find_scale(min(values) if low is None else min(low, *values), max(values))
    marks = tuple(bottom + number * step for number in range(round((top - bottom) / step) + 1))
    return Scale(bottom, top, marks, say)


NO_WIDTH = 1e-300
"""What differs by less is drawn as equal: a quarter of it may be no number any more that has a logarithm."""


def find_scale(low: float, high: float) -> tuple[float, float, float]:
    """Return round ends of an axis around ``[low, high]`` and the step between its marks: 1, 2 or 5 times a power of ten."""
    wide = high - low
    rough = (wide if wide > NO_WIDTH else 1.0) / 4
    power: float = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    bottom, top = floor(low / step) * step, ceil(high / step) * step
    return bottom, max(top, bottom + step), step


def _parts(values: Sequence[float | None], x: Callable[[int], int], y: Callable[[float], int]) -> tuple[str, ...]:
    parts: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            parts.append([])
        else:
            parts[-1].append(f"{x(place)},{y(value)}")
    return tuple(" ".join(part) for part in parts if part)


def _band(line: Line, x: Callable[[int], int], y: Callable[[float], int]) -> str:
    known = [
        (place, low, high)
        for place, (low, high) in enumerate(zip(line.low, line.high, strict=True))
        if low is not None and high is not None
    ]
    upper = [f"{x(place)},{y(high)}" for place, _low, high in known]
    return " ".join([*upper, *(f"{x(place)},{y(low)}" for place, low, _high in reversed(known))])
