"""How long are the bars? Geometry in whole SVG units, so that the template only prints."""

from collections.abc import Iterable
from dataclasses import dataclass

from oscar_engage.surveys.results import Share

WIDTH, ROW, BAR = 460, 34, 14
"""Size of the drawing: its width, the height of a row, and of the bar in it below the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A share as a bar; ``low`` and ``high`` are the ends of the line that shows its interval."""

    label: str
    count: int
    share: float
    words_at: int
    top: int
    length: int
    low: int
    high: int
    middle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """All bars, and the size of the drawing."""

    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    bar: int = BAR


def draw_bars(shares: Iterable[Share]) -> Bars | None:
    """Return a bar for each share, whole width for everybody; ``None`` where nobody answered."""
    known = [(share, share.rate) for share in shares if share.rate is not None]
    bars = tuple(
        Bar(
            label=share.label,
            count=share.count,
            share=rate.value,
            words_at=number * ROW + 12,
            top=number * ROW + 16,
            length=round(WIDTH * rate.value),
            low=round(WIDTH * rate.low),
            high=round(WIDTH * rate.high),
            middle=number * ROW + 16 + BAR // 2,
        )
        for number, (share, rate) in enumerate(known)
    )
    return Bars(bars=bars, height=len(bars) * ROW + 2) if bars else None
