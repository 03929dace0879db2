"""How long does each topic take? First response and handle time as they were, for who plans the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, WrapOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFigures:
    """One topic's conversations that were closed in the period.

    ``first_response``: from the question to the first answer, on average, of those answered. ``handle_time``: from the
    taking of a chat to its end. ``None``: there was none. Both count the clock's time, closed hours too.
    """

    topic_id: int
    number: int
    solved: int
    unsolved: int
    first_response: timedelta | None
    handle_time: timedelta | None

    @property
    def first_response_minutes(self) -> str:
        """The first response for people; empty when there was none."""
        return _minutes(self.first_response)

    @property
    def handle_minutes(self) -> str:
        """The handle time for people; empty when there was none."""
        return _minutes(self.handle_time)


def _minutes(time: timedelta | None) -> str:
    return "" if time is None else _("%(minutes)s min") % {"minutes": number_format(time.total_seconds() / 60, 1)}


def read_figures(*, since: datetime, until: datetime) -> Sequence[TopicFigures]:
    """Return the figures of what was closed in ``[since, until)`` for each topic there was, with one query."""
    closed = Conversation.objects.filter(
        status=ConversationStatus.CLOSED, closed_at__gte=since, closed_at__lt=until, topic__isnull=False
    )
    answered = ExpressionWrapper(F("first_reply_at") - F("created_at"), output_field=DurationField())
    handled = ExpressionWrapper(F("closed_at") - F("taken_at"), output_field=DurationField())
    rows = (
        closed.order_by()
        .values("topic_id")
        .annotate(
            number=Count("pk"),
            solved=Count("pk", filter=Q(outcome=WrapOutcome.SOLVED)),
            unsolved=Count("pk", filter=Q(outcome=WrapOutcome.UNSOLVED)),
            first_response=Avg(answered),
            handle_time=Avg(handled, filter=Q(kind=ConversationKind.CHAT)),
        )
    )
    return [TopicFigures(**row) for row in rows]
