"""How did the kinds of shoppers fill, day by day? The last four weeks, from the rollup ``leads``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oscar_engage.analytics.rollups.declare import Cells
from oscar_engage.analytics.rollups.read import read_counts
from oscar_engage.dashboard.learning.kinds import LEFT, Kinds, draw_column
from oscar_engage.learning.leads.counted import LEADS, NO_KIND
from oscar_engage.learning.leads.lead import Lead

DAYS = 28
STEP, BAR = 21, 16
"""From one day's column to the next, and how wide one is."""

_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Head:
    """A kind in the table and the legend: its code for the style sheet, and what it is called."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """The days with their kinds; ``kinds`` is empty where nobody was of any kind. ``sentence``: since when there are any."""

    kinds: Kinds = field(default_factory=Kinds)
    heads: tuple[Head, ...] = ()
    sentence: str = ""


def read_weeks(*, today: date) -> Weeks:
    """Return the last :data:`DAYS` days up to ``today`` by the shop's clock; one query."""
    since = today - timedelta(days=DAYS - 1)
    return draw_weeks(read_counts(LEADS.name, since=since, until=today + timedelta(days=1)).days, since=since)


def draw_weeks(days: Mapping[date, Cells], *, since: date) -> Weeks:
    """Return the picture of the cells of each day, from ``since`` on; a day that was not counted is an empty column."""
    filled = [(day := since + timedelta(days=place), _count(days.get(day, {}))) for place in range(DAYS)]
    told = [day for day, counts in filled if any(counts[lead.value] for lead in Lead)]
    if not told:
        return Weeks()
    most = max(sum(counts.values()) for _day, counts in filled)
    columns = [
        draw_column(
            counts,
            most,
            x=LEFT + place * STEP,
            starts_at=date_format(day, "SHORT_DATE_FORMAT"),
            label=date_format(day, "MONTH_DAY_FORMAT") if place % _A_WEEK == 0 else "",
            top_words="",
        )
        for place, (day, counts) in enumerate(filled)
    ]
    heads = (*(Head(lead.value, str(lead.label)) for lead in Lead), Head(NO_KIND, _("no model spoke")))
    sentence = _("A model has said of what kind shoppers are since %(day)s.") % {"day": date_format(told[0], "DATE_FORMAT")}
    return Weeks(kinds=Kinds(columns=tuple(columns), bar=BAR), heads=heads, sentence=sentence if told[0] > since else "")


def _count(cells: Cells) -> Mapping[str, int]:
    kinds = (*(lead.value for lead in Lead), NO_KIND)
    return {kind: int(cells.get((kind,), (0,))[0]) for kind in kinds}
