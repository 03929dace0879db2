"""What has this person asked us before, and in which way the last time? One query each."""

import uuid

from django.db.models import Count, Q

from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.rules.answers import QuestionFacts
from oscar_engage.visitors.models import Visitor


def count_questions(unit_id: uuid.UUID) -> QuestionFacts:
    """Return how many conversations the person began, and how many of them are not closed; ``unit_id`` is the visitor's."""
    devices = Visitor.objects.filter(Q(pk=unit_id) | Q(unit_of=unit_id)).values_list("pk", flat=True)
    is_closed = Q(status=ConversationStatus.CLOSED)
    found = Conversation.objects.filter(visitor_id__in=devices).aggregate(
        asked=Count("pk"), open=Count("pk", filter=~is_closed)
    )
    return QuestionFacts(**found)


def last_kind(visitor_id: uuid.UUID) -> str:
    """Return the kind of the visitor's latest conversation, or an empty text."""
    latest = Conversation.objects.filter(visitor_id=visitor_id).order_by("-created_at")
    return latest.values_list("kind", flat=True).first() or ""
