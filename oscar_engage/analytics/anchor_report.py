"""Which places of the pages are looked at, clicked and asked about?"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum
from django.utils import timezone

from oscar_engage.analytics.anchor_counts import FIGURES
from oscar_engage.analytics.interval import Rate, rate_or_nothing, wilson
from oscar_engage.analytics.models import AnchorCount
from oscar_engage.desk.queries import Asked, count_questions_by_anchor

MOST_THINGS = 50
_SUMS = {name: Sum(name) for name in FIGURES}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorReport:
    """One place: ``seen`` and ``clicked`` count pages, ``asked`` questions that were asked at it.

    ``lost`` and ``ordered`` count the baskets of those who had clicked it or asked there within a day before the basket was
    left behind or became an order.

    ``at_once`` of the questions were solved by what was found for them; the others went to an agent. ``rated`` were rated,
    ``helped`` of these well. ``thing`` is empty for the place on all things together, else such as ``"product:12"``.
    """

    slot: str
    thing: str = ""
    seen: int = 0
    clicked: int = 0
    asked: int = 0
    at_once: int = 0
    rated: int = 0
    helped: int = 0
    lost: int = 0
    ordered: int = 0

    @property
    def lost_rate(self) -> Rate | None:
        """Share of the baskets that were left behind, of those that ended after it; ``None``: not enough data yet."""
        return rate_or_nothing(self.lost, self.ended)

    @property
    def ended(self) -> int:
        """How many baskets ended, one way or the other."""
        return self.lost + self.ordered

    @property
    def click_rate(self) -> Rate | None:
        """Share of the pages on which it was clicked, of those on which it was seen; ``None``: not enough data yet."""
        return rate_or_nothing(min(self.clicked, self.seen), self.seen)

    @property
    def to_agent(self) -> int:
        """How many questions nothing solved at once."""
        return self.asked - self.at_once

    @property
    def question_rate(self) -> Rate | None:
        """Questions for each page on which it was seen; ``None``: not enough data yet."""
        return rate_or_nothing(min(self.asked, self.seen), self.seen)

    @property
    def at_once_rate(self) -> Rate | None:
        """Share of the questions that were solved at once; ``None``: none was asked."""
        return wilson(self.at_once, self.asked) if self.asked else None

    @property
    def helped_rate(self) -> Rate | None:
        """Share of the rated questions that were rated well; ``None``: none was."""
        return wilson(self.helped, self.rated) if self.rated else None


def order_by_lost(reports: Iterable[AnchorReport]) -> tuple[AnchorReport, ...]:
    """Return ``reports`` by the share of lost baskets, the largest first; of which too little is known, by number, last."""
    return tuple(sorted(reports, key=lambda report: (-report.lost_rate.value if report.lost_rate else 1.0, -report.lost)))


def order_by_questions(reports: Iterable[AnchorReport]) -> tuple[AnchorReport, ...]:
    """Return ``reports`` by questions for each view, the places that cause most first; of which too little is known, last."""
    return tuple(sorted(reports, key=lambda report: -report.question_rate.value if report.question_rate else 1.0))


def report_anchors(*, since: datetime, until: datetime) -> tuple[AnchorReport, ...]:
    """Return every place that was seen, clicked or asked about in ``[since, until)``, the most asked about first.

    Two queries.
    """
    counted = _counts(since, until).exclude(slot="").values_list("slot").annotate(**_SUMS)
    by_slot = {slot: dict(zip(FIGURES, sums, strict=True)) for slot, *sums in counted}
    asked = count_questions_by_anchor(since=since, until=until)
    reports = []
    for slot in by_slot.keys() | asked.keys():
        reports.append(AnchorReport(slot=slot, **by_slot.get(slot, {}), **asdict(asked.get(slot, Asked()))))
    return tuple(sorted(reports, key=lambda report: (-report.asked, -report.clicked, -report.seen, report.slot)))


def report_things(slot: str, *, since: datetime, until: datetime) -> tuple[AnchorReport, ...]:
    """Return the things at whose ``slot`` shoppers looked most, then those asked about unseen, up to fifty; two queries."""
    counted = _counts(since, until).filter(slot=slot).exclude(thing="").values("thing")
    rows = counted.annotate(**_SUMS).order_by("-clicked", "-seen", "thing")[:MOST_THINGS]
    asked = count_questions_by_anchor(since=since, until=until, slot=slot)
    seen = [AnchorReport(slot=slot, **row, **asdict(asked.pop(row["thing"], Asked()))) for row in rows]
    # Views are counted of shoppers who agreed to it alone, and some minutes later: a question is known before.
    unseen = [AnchorReport(slot=slot, thing=thing, **asdict(one)) for thing, one in sorted(asked.items())]
    return (*seen, *unseen)[:MOST_THINGS]


def report_all_baskets(*, since: datetime, until: datetime) -> AnchorReport:
    """Return the ends of all baskets, to compare those after a place with; one query."""
    found = _counts(since, until).filter(slot="").aggregate(lost=Sum("lost", default=0), ordered=Sum("ordered", default=0))
    return AnchorReport(slot="", **found)


def _counts(since: datetime, until: datetime) -> "QuerySet[AnchorCount]":
    # Whole days: a day that the period touches counts as a whole, and the page says so.
    return AnchorCount.objects.filter(day__gte=timezone.localdate(since), day__lte=timezone.localdate(until)).order_by()
