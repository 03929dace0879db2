"""What was foretold of the shoppers of the last day, and in how many moments was an arm drawn?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from oscar_engage.dashboard.reports.chart import Bars, Value, draw_bars
from oscar_engage.dashboard.templatetags.engage_numbers import number, percent
from oscar_engage.decisions.models import Decision, Reason
from oscar_engage.learning.vectors.models import Occasion, ScoredVector

A_DAY = timedelta(days=1)

MOST_LOOKS = 10_000
"""Vectors that are read, the latest: few a visit, so some thousand shoppers, which is enough for shares.

Where there are more, only these are told of.
"""

BANDS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Where the bands of the chance of buying begin: shops sell to one in fifty, so most of what happens is near zero."""


@dataclass(frozen=True, slots=True)
class Band:
    """Shoppers whose chance of buying lies in a band."""

    words: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The last day. ``helped``, ``put_off``, ``unsure``: visits by what help would do, as far as its interval says.

    ``moments``: an arm was drawn; ``explored``: though the model was against it. ``advised_against``, ``outranked``: moments in
    which the model kept a rule from acting.
    """

    visits: int
    bands: tuple[Band, ...]
    chart: Bars | None
    helped: int
    put_off: int
    unsure: int
    moments: int
    explored: int
    advised_against: int
    outranked: int

    @property
    def has_uplift(self) -> bool:
        """Whether a model said whom help makes buy."""
        return bool(self.helped + self.put_off + self.unsure)


def read_day(*, now: datetime) -> Day:
    """Return the day before ``now``; two queries. Of each visit its last look counts."""
    since = now - A_DAY
    refused = _count_refused(since, now)
    vectors = ScoredVector.objects.filter(at__gte=since, at__lte=now)
    columns = ("visit_id", "propensity", "uplift_low", "uplift_high", "occasion", "is_explored")
    moments = explored = 0
    chances: dict[object, float] = {}
    bounds: dict[object, tuple[float, float]] = {}
    visits: set[object] = set()
    for visit, propensity, low, high, occasion, is_explored in vectors.order_by("-at", "-pk").values_list(*columns)[
        :MOST_LOOKS
    ]:
        visits.add(visit)
        moments += occasion == Occasion.MOMENT
        explored += is_explored
        if propensity is not None:
            chances.setdefault(visit, propensity)
        if low is not None and high is not None:
            bounds.setdefault(visit, (low, high))
    helped = sum(low > 0 for low, _high in bounds.values())
    put_off = sum(high < 0 for _low, high in bounds.values())
    bands = _bands(list(chances.values()))
    return Day(
        visits=len(visits),
        bands=bands,
        chart=draw_bars([Value(band.words, band.count, number(band.count)) for band in bands]),
        helped=helped,
        put_off=put_off,
        unsure=len(bounds) - helped - put_off,
        moments=moments,
        explored=explored,
        advised_against=refused.get(Reason.ADVISED_AGAINST, 0),
        outranked=refused.get(Reason.OUTRANKED, 0),
    )


def _count_refused(since: datetime, now: datetime) -> dict[str, int]:
    rows = Decision.objects.filter(eligible_at__gte=since, eligible_at__lte=now)
    rows = rows.filter(reason__in=[Reason.ADVISED_AGAINST, Reason.OUTRANKED])
    return dict(rows.order_by().values_list("reason").annotate(Count("pk")))


def _bands(chances: list[float]) -> tuple[Band, ...]:
    if not chances:
        return ()
    ends = (*BANDS[1:], 1.0)
    counts = [sum(low <= chance < high for chance in chances) for low, high in zip(BANDS, ends, strict=True)]
    counts[-1] += sum(chance >= 1.0 for chance in chances)
    dash = "\N{EN DASH}"
    labels = [f"{percent(low)} {dash} {percent(high)}" for low, high in zip(BANDS, ends, strict=True)]
    return tuple(Band(label, count) for label, count in zip(labels, counts, strict=True))
