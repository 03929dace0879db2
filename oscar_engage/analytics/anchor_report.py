"""Which places of the pages are looked at, clicked and asked about?"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum
from django.utils import timezone

from oscar_engage.analytics.interval import Rate, rate_or_nothing
from oscar_engage.analytics.models import AnchorCount
from oscar_engage.desk.queries import count_questions_by_anchor

MOST_THINGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorReport:
    """One place: ``seen`` and ``clicked`` count pages, ``asked`` questions that were asked at it.

    ``thing`` is empty for the place on all things together, else such as ``"product:12"``.
    """

    slot: str
    thing: str = ""
    seen: int = 0
    clicked: int = 0
    asked: int = 0

    @property
    def click_rate(self) -> Rate | None:
        """Share of the pages on which it was clicked, of those on which it was seen; ``None``: not enough data yet."""
        return rate_or_nothing(min(self.clicked, self.seen), self.seen)


def report_anchors(*, since: datetime, until: datetime) -> tuple[AnchorReport, ...]:
    """Return every place that was seen, clicked or asked about in ``[since, until)``, the most asked about first.

    Two queries.
    """
    counted = _counts(since, until).values("slot").annotate(seen=Sum("seen"), clicked=Sum("clicked"))
    by_slot = {row["slot"]: (row["seen"], row["clicked"]) for row in counted}
    asked = count_questions_by_anchor(since=since, until=until)
    reports = []
    for slot in by_slot.keys() | asked.keys():
        seen, clicked = by_slot.get(slot, (0, 0))
        reports.append(AnchorReport(slot=slot, seen=seen, clicked=clicked, asked=asked.get(slot, 0)))
    return tuple(sorted(reports, key=lambda report: (-report.asked, -report.clicked, -report.seen, report.slot)))


def report_things(slot: str, *, since: datetime, until: datetime) -> tuple[AnchorReport, ...]:
    """Return the things at whose ``slot`` shoppers looked most, up to fifty; one query."""
    counted = _counts(since, until).filter(slot=slot).exclude(thing="").values("thing")
    rows = counted.annotate(seen=Sum("seen"), clicked=Sum("clicked")).order_by("-clicked", "-seen", "thing")[:MOST_THINGS]
    return tuple(AnchorReport(slot=slot, thing=row["thing"], seen=row["seen"], clicked=row["clicked"]) for row in rows)


def _counts(since: datetime, until: datetime) -> "QuerySet[AnchorCount]":
    # Whole days: a day that the period touches counts as a whole, and the page says so.
    return AnchorCount.objects.filter(day__gte=timezone.localdate(since), day__lte=timezone.localdate(until)).order_by()
