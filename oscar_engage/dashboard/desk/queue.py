"""Who waits, and what is mine? The lists of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from oscar_engage.dashboard.desk.pace import PaceShown, show_pace
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, Message, Role
from oscar_engage.desk.promises.standing import standing_of
from oscar_engage.desk.queries import escalated, of_agent, waiting

MOST_SHOWN = 200
"""Conversations in a list: more than a desk can look through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One conversation in a list, with the shopper's latest words."""

    conversation: Conversation
    words: str
    pace: PaceShown
    is_unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits for anybody, and what is the agent's own; the most urgent first.

    ``escalated``: of whatever is not closed, what a promise was broken in; for supervisors alone.
    """

    chats: Sequence[Entry]
    notes: Sequence[Entry]
    mine: Sequence[Entry]
    escalated: Sequence[Entry] = ()


def read_queue(agent: Agent, *, is_supervisor: bool = False, now: datetime) -> Queue:
    """Return the lists as they are now, with a query for each: a pile of notes must not push a waiting chat off the desk."""
    others = waiting().exclude(agent=agent)
    return Queue(
        chats=_entries(others.filter(kind=ConversationKind.CHAT), now),
        notes=_entries(others.filter(kind=ConversationKind.NOTE), now),
        mine=sorted(_entries(of_agent(agent), now), key=lambda entry: standing_of(entry.conversation, now=now).urgency),
        escalated=_entries(escalated(), now) if is_supervisor else (),
    )


def _entries(conversations: QuerySet[Conversation], now: datetime) -> list[Entry]:
    latest = Message.objects.filter(conversation=OuterRef("pk"), role=Role.SHOPPER).order_by("-seq").values("body")[:1]
    return [_entry(row, now) for row in conversations.annotate(words=Subquery(latest))[:MOST_SHOWN]]


def _entry(conversation: Any, now: datetime) -> Entry:
    return Entry(
        conversation=conversation,
        words=conversation.words or "",
        pace=show_pace(conversation, now=now),
        is_unread=conversation.last_seq > conversation.agent_read_seq,
    )
