"""What waits, what is mine, what is new? The desk's reads."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Message, Role

MOST_LISTED = 50
"""Conversations on the shopper's page."""


def waiting() -> QuerySet[Conversation]:
    """Return the conversations that wait for an answer, the most urgent first."""
    return Conversation.objects.filter(status=ConversationStatus.WAITING).select_related("agent").order_by("due_at", "pk")


def waiting_in_queues() -> dict[int | None, int]:
    """Return how many conversations wait for an answer in each queue, by its id; ``None``: in the default one."""
    rows = Conversation.objects.filter(status=ConversationStatus.WAITING).order_by()
    return dict(rows.values_list("queue_id").annotate(Count("pk")))


def of_agent(agent: Agent) -> QuerySet[Conversation]:
    """Return the open conversations of ``agent``, the latest first."""
    mine = Conversation.objects.filter(agent=agent).exclude(status=ConversationStatus.CLOSED)
    return mine.select_related("agent").order_by("-created_at", "-pk")


def escalated() -> QuerySet[Conversation]:
    """Return the open conversations in which a promise was broken, the latest to be so first."""
    broken = Conversation.objects.filter(escalated_at__isnull=False).exclude(status=ConversationStatus.CLOSED)
    return broken.select_related("agent").order_by("-escalated_at", "-pk")


def of_visitor(visitor_id: uuid.UUID | None) -> QuerySet[Conversation]:
    """Return the conversations of a visitor, the latest first; none for nobody."""
    return (
        Conversation.objects.filter(visitor_id=visitor_id or uuid.uuid4())
        .select_related("agent")
        .order_by("-created_at", "-pk")
    )


def of_address(conversation: Conversation) -> list[Conversation]:
    """Return up to five other conversations that name the address of ``conversation``, the latest first."""
    named = Conversation.objects.filter(email__iexact=conversation.email).exclude(email="").exclude(pk=conversation.pk)
    return list(named.order_by("-created_at", "-pk")[:5])


def unread_first(visitor_id: uuid.UUID | None) -> list[Conversation]:
    """Return the latest :data:`MOST_LISTED` conversations of a visitor with all their messages, those with news first."""
    latest = of_visitor(visitor_id).prefetch_related(
        Prefetch("messages", Message.objects.select_related("agent", "proposal", "settles").order_by("seq"), to_attr="said")
    )[:MOST_LISTED]
    return sorted(latest, key=lambda conversation: conversation.last_seq <= conversation.shopper_read_seq)


def messages_after(conversation: Conversation, seq: int) -> QuerySet[Message]:
    """Return the messages after number ``seq`` in their order; 0 gives all."""
    return conversation.messages.filter(seq__gt=seq).select_related("agent", "proposal", "settles").order_by("seq")


def with_unread(conversations: QuerySet[Conversation]) -> QuerySet[Any]:
    """Return ``conversations``, each with ``unread``: how many of the shopper's messages its agent has not been shown."""
    newer = Message.objects.filter(conversation=OuterRef("pk"), role=Role.SHOPPER, seq__gt=OuterRef("agent_read_seq"))
    number = newer.order_by().values("conversation").annotate(number=Count("pk")).values("number")
    return conversations.annotate(unread=Coalesce(Subquery(number), 0))


def messages_of(after: Mapping[int, int]) -> dict[int, list[Message]]:
    """Return the messages of several conversations: ``after`` maps each one's id to the number that it is known up to."""
    said: dict[int, list[Message]] = {pk: [] for pk in after}
    if after:
        news = reduce(or_, (Q(conversation=pk, seq__gt=seq) for pk, seq in after.items()))
        for message in Message.objects.filter(news).select_related("agent").order_by("conversation_id", "seq"):
            said[message.conversation_id].append(message)
    return said


def count_questions_by_anchor(*, since: datetime, until: datetime) -> dict[str, int]:
    """Return how many conversations were opened in ``[since, until)`` at each place of the pages that has a name."""
    asked = Conversation.objects.filter(created_at__gte=since, created_at__lt=until).exclude(anchor="").order_by()
    return dict(asked.values_list("anchor").annotate(Count("pk")))
