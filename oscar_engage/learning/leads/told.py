"""What did rules read of what models foretold, when it was asked? For dry runs and explanations, from the log of vectors.

The chances are those of then. The kind of shopper is what they come to against the bars of now, as everywhere in a past visit.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q

from oscar_engage.decisions.past.told import Told, told_by
from oscar_engage.learning.leads.advise import foretold_of
from oscar_engage.learning.leads.lead import Bars, Estimate
from oscar_engage.learning.leads.live import read_bars
from oscar_engage.learning.scoring.ways import OF_LOOKS
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from oscar_engage.rules.foretold import Foretold

_COLUMNS = ("visit_id", "at", "propensity", "exit", "uplift", "uplift_low", "uplift_high")


def read_foretold(visits: Collection[uuid.UUID], *, now: datetime) -> Mapping[uuid.UUID, Told]:
    """Return what was foretold in these visits, by the time; two queries.

    Of a moment of a rule that does not chat nothing is read: that was scored for what the rule does, and rules read another
    answer (``visit.uplift``).
    """
    looks = ScoredVector.objects.filter(visit_id__in=visits).exclude(~Q(way__in=OF_LOOKS), occasion=Occasion.MOMENT)
    bars = read_bars(now)
    found: dict[uuid.UUID, dict[datetime, Foretold]] = {}
    for visit, at, *scores in looks.order_by("at", "pk").values_list(*_COLUMNS):
        found.setdefault(visit, {})[at] = _foretold(*scores, bars=bars)
    return found


def _foretold(
    propensity: float | None, leaves: float | None, value: float | None, low: float | None, high: float | None, *, bars: Bars
) -> Foretold:
    scores: dict[str, Estimate] = {}
    for task, chance in (("propensity", propensity), ("exit", leaves)):
        if chance is not None:
            scores[task] = (chance, chance, chance)
    if value is not None and low is not None and high is not None:
        scores["uplift"] = (value, low, high)
    return foretold_of(scores, bars)


told_by(read_foretold)
