"""What kinds of shoppers came in the last day, and in how many moments was an arm drawn?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oscar_engage.dashboard.learning.kinds import Kinds, Look, draw_kinds
from oscar_engage.learning.leads.lead import Estimate, lead_of
from oscar_engage.learning.leads.live import live_bars
from oscar_engage.learning.scoring.ways import OF_LOOKS
from oscar_engage.learning.vectors.models import Occasion, ScoredVector

A_DAY = timedelta(days=1)

MOST_LOOKS = 10_000
"""Vectors that are read, the latest: few a visit, so some thousand shoppers, which is enough for shares.

Where there are more, only these are told of.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The last day. ``moments``: an arm was drawn; ``explored``: though the model was against it."""

    visits: int
    kinds: Kinds
    moments: int
    explored: int


def read_day(*, now: datetime) -> Day:
    """Return the day before ``now``; one query. Of each visit the last look counts of which a model spoke.

    Moments of rules that do not chat are none: they are scored for what the rule does.
    """
    vectors = ScoredVector.objects.filter(at__gte=now - A_DAY, at__lte=now)
    columns = ("visit_id", "at", "propensity", "uplift", "uplift_low", "uplift_high", "occasion", "is_explored", "way")
    bars, moments, explored = live_bars(now), 0, 0
    looks: dict[object, Look] = {}
    visits: set[object] = set()
    latest = vectors.order_by("-at", "-pk").values_list(*columns)[:MOST_LOOKS]
    for visit, at, propensity, *uplift, occasion, is_explored, way in latest:
        visits.add(visit)
        moments += occasion == Occasion.MOMENT
        explored += is_explored
        estimate = _estimate(*uplift)
        lead = lead_of(propensity=propensity, uplift=estimate, bars=bars)
        if lead is not None and (occasion != Occasion.MOMENT or way in OF_LOOKS):
            looks.setdefault(visit, Look(at, lead, estimate))
    kinds = draw_kinds(list(looks.values()), now=now)
    return Day(visits=len(visits), kinds=kinds, moments=moments, explored=explored)


def _estimate(value: float | None, low: float | None, high: float | None) -> Estimate | None:
    return None if value is None or low is None or high is None else (value, low, high)
