"""Are promises kept? Of the conversations of a period, those in which all were, and those in which one was broken."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many conversations: ``broken`` in which a promise was broken in the period, ``kept`` that were answered in time."""

    kept: int
    broken: int

    @property
    def share(self) -> float | None:
        """Share that was kept, from 0 to 1; ``None`` where nothing was decided."""
        return self.kept / (self.kept + self.broken) if self.kept + self.broken else None


def read_kept(*, since: datetime, now: datetime) -> Kept:
    """Return how promises were kept from ``since`` to ``now``; one query.

    Each conversation counts once. It is broken if a promise of it was broken in the period, also one that the sweep has not
    seen yet; kept if it was answered for the first time or closed after an answer in the period, and none was ever broken. What
    was closed without an answer, by the shopper, is neither.
    """
    period = (since, now)
    noted = Q(escalated_at__range=period) | Q(breached_at__range=period) | Q(solution_breached_at__range=period)
    broken = noted | _ended_late(period) | _late(now)
    decided = Q(first_reply_at__range=period) | Q(closed_at__range=period, first_reply_at__isnull=False)
    never_broken = Q(escalated_at=None, breached_at=None, solution_breached_at=None)
    found = Conversation.objects.filter(decided | broken).aggregate(
        kept=Count("pk", filter=decided & never_broken & ~broken), broken=Count("pk", filter=broken)
    )
    return Kept(**found)


def _ended_late(period: tuple[datetime, datetime]) -> Q:
    """What was answered or closed too late between two sweeps: these look each minute, and have not seen it."""
    answered = Q(first_reply_at__range=period, first_reply_at__gt=F("due_at"))
    closed = Q(closed_at__range=period, first_reply_at__isnull=False, paused_at=None, closed_at__gt=F("resolve_by"))
    return answered | closed


def _late(now: datetime) -> Q:
    """What is late at ``now``, whether or not the sweep has been there."""
    is_waiting_note = Q(kind=ConversationKind.NOTE, status=ConversationStatus.WAITING)
    owes = Q(first_reply_at=None) | Q(owed_since__isnull=False) | is_waiting_note
    late_solution = Q(resolve_by__lte=now, paused_at=None, solution_breached_at=None) & ~owes
    late_answer = Q(due_at__lte=now, breached_at=None) & owes
    return (late_answer | late_solution) & ~Q(status__in=(ConversationStatus.CLOSED, ConversationStatus.PLANNED))
