"""How many shoppers of each kind came in the last day, and when? By their last look, drawn as columns of three hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from oscar_engage.dashboard.templatetags.engage_numbers import percent
from oscar_engage.learning.leads.lead import Lead
from oscar_engage.learning.words.meaning import MEANINGS

SPAN = timedelta(hours=3)
COLUMNS = 8
"""A day of columns."""

WIDTH, HEIGHT = 640, 220
LEFT, TOP, BOTTOM = 48, 16, 190
STEP, BAR = 72, 44
"""From one column to the next, and how wide one is."""


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind: its code for the style sheet, what it is called and means, and how many shoppers were of it."""

    code: str
    label: str
    meaning: Any
    count: int
    share: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column: of which kind, and where it stands."""

    code: str
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Three hours: from when, how many of each kind in the order of ``Lead``, and how they are drawn from the ground up."""

    starts_at: str
    counts: tuple[int, ...]
    total: int
    x: int
    top: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """The day by kinds; without a shopper of any kind it is empty."""

    lines: tuple[KindLine, ...] = ()
    columns: tuple[Column, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = BOTTOM
    bar: int = BAR


def draw_kinds(looks: Sequence[tuple[datetime, Lead]], *, now: datetime) -> Kinds:
    """Return the kinds of shoppers of the day before ``now``, of each when the last look was and what it said."""
    if not looks:
        return Kinds()
    counts = {lead: sum(one is lead for _at, one in looks) for lead in Lead}
    lines = tuple(
        KindLine(lead.value, str(lead.label), MEANINGS[lead], counts[lead], percent(counts[lead] / len(looks))) for lead in Lead
    )
    starts = [now - SPAN * (COLUMNS - place) for place in range(COLUMNS)]
    filled = [_count(looks, start) for start in starts]
    most = max(sum(one.values()) for one in filled) or 1
    columns = tuple(_column(place, starts[place], one, most) for place, one in enumerate(filled))
    return Kinds(lines=lines, columns=columns)


def _count(looks: Sequence[tuple[datetime, Lead]], start: datetime) -> Mapping[Lead, int]:
    within = [lead for at, lead in looks if start < at <= start + SPAN]
    return {lead: within.count(lead) for lead in Lead}


def _column(place: int, start: datetime, counts: Mapping[Lead, int], most: int) -> Column:
    pieces, ground, so_far = [], BOTTOM, 0
    for lead in Lead:
        so_far += counts[lead]
        top = BOTTOM - round((BOTTOM - TOP) * so_far / most)
        if counts[lead]:
            pieces.append(Piece(lead.value, top, ground - top))
        ground = top
    return Column(
        starts_at=f"{localtime(start):%H:%M}",
        counts=tuple(counts.values()),
        total=so_far,
        x=LEFT + place * STEP,
        top=ground,
        pieces=tuple(pieces),
    )
