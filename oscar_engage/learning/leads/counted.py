"""How many shoppers of each kind came on a day? The rollup ``leads``, which outlives the vectors that it counts.

Of each visit its last look counts of which a model spoke (no moment of a rule that does not chat: that is scored for what the
rule does), held against the bars of when the day was counted: so a day that is over keeps what was said of it then. Where no
model spoke, the visit is of no kind.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Q

from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.learning.leads.lead import Bars, Estimate, Lead, lead_of
from oscar_engage.learning.leads.live import read_bars
from oscar_engage.learning.scoring.ways import OF_LOOKS
from oscar_engage.learning.vectors.models import Occasion, ScoredVector

NO_KIND = "none"
"""The key of visits of which no model spoke."""

OPEN_DAYS = 1
"""For visits that go on over midnight, and for the sweep that finds them."""

_CHUNK = 2000
_COLUMNS = ("propensity", "uplift", "uplift_low", "uplift_high")


def count_leads(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Yield for each kind, and for :data:`NO_KIND`, how many visits were last looked at as such on ``day``; three queries.

    Which look was a visit's last is the database's work: of a busy day there are a million.
    """
    bars = read_bars(now)
    looks = ScoredVector.objects.filter(at__gte=day.starts_at, at__lt=day.ends_at)
    told = looks.filter(Q(propensity__isnull=False) | Q(uplift__isnull=False)).exclude(
        ~Q(way__in=OF_LOOKS), occasion=Occasion.MOMENT
    )
    last = told.order_by().values("visit").annotate(last=Max("pk")).values("last")
    found: Counter[str] = Counter()
    for columns in ScoredVector.objects.filter(pk__in=last).values_list(*_COLUMNS).iterator(chunk_size=_CHUNK):
        lead = judge(*columns, bars=bars)
        found[NO_KIND if lead is None else lead.value] += 1
    visits = looks.aggregate(visits=Count("visit", distinct=True))["visits"]
    found[NO_KIND] += visits - found.total()
    for kind, number in sorted(found.items()):
        if number:
            yield (kind,), (number,)


def judge(propensity: float | None, value: float | None, low: float | None, high: float | None, *, bars: Bars) -> Lead | None:
    """Return the kind that these columns of a vector come to."""
    uplift: Estimate | None = None if value is None or low is None or high is None else (value, low, high)
    return lead_of(propensity=propensity, uplift=uplift, bars=bars)


def _begins() -> datetime | None:
    return ScoredVector.objects.order_by("at").values_list("at", flat=True).first()


LEADS = declare(
    Rollup(
        name="leads",
        keys=("kind",),
        values=("visits",),
        count=count_leads,
        open_days=lambda: OPEN_DAYS,
        reads=("vectors",),
        begins=_begins,
    )
)
