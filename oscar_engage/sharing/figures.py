"""How often were pages shared, how long, and how did the conversations end? For the ladder and the reports."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F, Q

from oscar_engage.desk.ladder.figures import StepReport
from oscar_engage.desk.models import ConversationStatus, WrapOutcome
from oscar_engage.modules import has_feature
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession

MOST = 10_000
"""Sessions whose lengths are looked at, at most: the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPages:
    """What there was in a time. ``minutes``: the median of those that were seen, ``None`` without one."""

    begun: int
    refused: int
    unanswered: int
    minutes: float | None


def shared_pages(since: datetime, until: datetime) -> SharedPages:
    """Return how many pages were shared in ``[since, until)``, how many questions were not answered by a yes; two queries."""
    asked = LiveSession.objects.filter(kind=LiveKind.PAGE, asked_at__gte=since, asked_at__lt=until)
    over = asked.filter(begun_at__isnull=False, ended_at__isnull=False).order_by("-begun_at")
    lengths: list[timedelta] = list(over.annotate(lasted=F("ended_at") - F("begun_at")).values_list("lasted", flat=True)[:MOST])
    counts = asked.aggregate(
        begun=Count("pk", filter=Q(begun_at__isnull=False)),
        refused=Count("pk", filter=Q(ended=Ended.REFUSED)),
        unanswered=Count("pk", filter=Q(ended=Ended.UNANSWERED)),
    )
    return SharedPages(
        **counts,
        minutes=median(one.total_seconds() for one in lengths) / 60 if lengths else None,
    )


def step_report(since: datetime, until: datetime) -> StepReport:
    """Return what sharing did as a step of the ladder: of the conversations in which it was used, those that were solved."""
    begun = LiveSession.objects.filter(kind=LiveKind.PAGE, begun_at__gte=since, begun_at__lt=until)
    told = begun.filter(~Q(conversation__outcome=""), conversation__status=ConversationStatus.CLOSED)
    talks = told.values("conversation").distinct()
    return StepReport(
        used=begun.count(),
        settled=talks.count(),
        solved=talks.filter(conversation__outcome=WrapOutcome.SOLVED).count(),
        is_there=has_feature("shared_page"),
    )
