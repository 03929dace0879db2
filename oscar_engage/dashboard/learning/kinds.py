"""How many shoppers of each kind came in the last day, and when? By their last look, drawn as columns of three hours.

What help is foretold to add to the orders of each kind stands beside it, with its bounds: the means of all of that kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum
from typing import Any, NamedTuple

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oscar_engage.analytics.words import say_points
from oscar_engage.dashboard.templatetags.engage_numbers import percent
from oscar_engage.learning.leads.lead import Estimate, Lead
from oscar_engage.learning.words.meaning import MEANINGS

SPAN = timedelta(hours=3)
COLUMNS = 8
"""A day of columns."""

WIDTH, HEIGHT = 640, 220
LEFT, TOP, BOTTOM = 48, 16, 190
STEP, BAR = 72, 44
"""From one column to the next, and how wide one is."""


class Look(NamedTuple):
    """The last look at a shopper: when, of which kind, and the uplift with its bounds, where a model says it."""

    at: datetime
    lead: Lead
    uplift: Estimate | None = None


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind: its code for the style sheet, what it is called and means, and how many shoppers were of it.

    ``adds``: what help is foretold to add to the orders of a hundred such shoppers, with its bounds; empty: no model says it.
    """

    code: str
    label: str
    meaning: Any
    count: int
    share: str
    adds: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column: of which kind, and where it stands."""

    code: str
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A while: from when, how many of each kind in their order, and how they are drawn from the ground up.

    ``label`` stands below it and ``top_words`` above, empty where there is no room.
    """

    starts_at: str
    label: str
    top_words: str
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

    @property
    def middle(self) -> int:
        """From the left edge of a column to its middle."""
        return self.bar // 2


def draw_kinds(looks: Sequence[Look], *, now: datetime) -> Kinds:
    """Return the kinds of shoppers of the day before ``now``."""
    if not looks:
        return Kinds()
    by_kind = {lead: [look for look in looks if look.lead is lead] for lead in Lead}
    lines = tuple(
        KindLine(
            lead.value,
            str(lead.label),
            MEANINGS[lead],
            len(found),
            percent(len(found) / len(looks)),
            _say_adds([look.uplift for look in found if look.uplift]),
        )
        for lead, found in by_kind.items()
    )
    starts = [now - SPAN * (COLUMNS - place) for place in range(COLUMNS)]
    filled = [_count(looks, start) for start in starts]
    most = max(sum(one.values()) for one in filled) or 1
    columns = []
    for place, (start, counts) in enumerate(zip(starts, filled, strict=True)):
        total = sum(counts.values())
        words, hour = str(total) if total else "", f"{localtime(start):%H:%M}"
        columns.append(draw_column(counts, most, x=LEFT + place * STEP, starts_at=hour, label=hour, top_words=words))
    return Kinds(lines=lines, columns=tuple(columns))


def draw_column(counts: Mapping[str, int], most: int, *, x: int, starts_at: str, label: str, top_words: str) -> Column:
    """Return a column of kinds, one on the other in the order of ``counts``; one of ``most`` shoppers has the full height."""
    pieces, ground, so_far = [], BOTTOM, 0
    for code, count in counts.items():
        so_far += count
        top = BOTTOM - round((BOTTOM - TOP) * so_far / most)
        if count:
            pieces.append(Piece(str(code), top, ground - top))
        ground = top
    return Column(
        starts_at=starts_at,
        label=label,
        top_words=top_words,
        counts=tuple(counts.values()),
        total=so_far,
        x=x,
        top=ground,
        pieces=tuple(pieces),
    )


def _count(looks: Sequence[Look], start: datetime) -> Mapping[str, int]:
    within = [look.lead for look in looks if start < look.at <= start + SPAN]
    return {lead.value: within.count(lead) for lead in Lead}


def _say_adds(uplifts: Sequence[Estimate]) -> str:
    if not uplifts:
        return ""
    mean, low, high = (say_points(fsum(end) / len(uplifts)) for end in zip(*uplifts, strict=True))
    return _("Help adds %(points)s orders of 100 (%(low)s to %(high)s)") % {"points": mean, "low": low, "high": high}
