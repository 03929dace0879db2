"""How often did they talk in the browser, how long, and how did those conversations end? For the ladder and the reports."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F, Q

from oscar_engage.desk.ladder.figures import StepReport
from oscar_engage.desk.models import ConversationStatus, WrapOutcome
from oscar_engage.modules import has_feature
from oscar_engage.sharing.models import Ended, LiveKind, LiveSession

MOST = 10_000
"""Talks whose lengths are looked at, at most: the latest."""

_NOT_BEGUN = (Ended.UNCONNECTED, Ended.SHOPPER_DENIED, Ended.AGENT_DENIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talks:
    """What there was in a time: how many were ``joined``, ``refused`` by either side, not answered, or failed in a browser.

    ``minutes``: the median of those that stood, ``None`` without one.
    """

    joined: int
    refused: int
    unanswered: int
    failed: int
    minutes: float | None


def talks(since: datetime, until: datetime) -> Talks:
    """Return what was asked for in ``[since, until)`` and what came of it; two queries."""
    asked = LiveSession.objects.filter(kind=LiveKind.VOICE, asked_at__gte=since, asked_at__lt=until)
    over = asked.filter(joined_at__isnull=False, ended_at__isnull=False).order_by("-joined_at")
    lengths: list[timedelta] = list(
        over.annotate(lasted=F("ended_at") - F("joined_at")).values_list("lasted", flat=True)[:MOST]
    )
    counts = asked.aggregate(
        joined=Count("pk", filter=Q(joined_at__isnull=False)),
        refused=Count("pk", filter=Q(ended__in=(Ended.REFUSED, Ended.AGENT_REFUSED))),
        unanswered=Count("pk", filter=Q(ended=Ended.UNANSWERED)),
        failed=Count("pk", filter=Q(ended__in=_NOT_BEGUN, joined_at__isnull=True)),
    )
    return Talks(**counts, minutes=median(one.total_seconds() for one in lengths) / 60 if lengths else None)


def step_report(since: datetime, until: datetime) -> StepReport:
    """Return what talking did as a step of the ladder: of the conversations in which one talked, those that were solved."""
    joined = LiveSession.objects.filter(kind=LiveKind.VOICE, joined_at__gte=since, joined_at__lt=until)
    told = joined.filter(~Q(conversation__outcome=""), conversation__status=ConversationStatus.CLOSED)
    conversations = told.values("conversation").distinct()
    return StepReport(
        used=joined.count(),
        settled=conversations.count(),
        solved=conversations.filter(conversation__outcome=WrapOutcome.SOLVED).count(),
        is_there=has_feature("voices"),
    )
