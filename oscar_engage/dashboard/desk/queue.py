"""Who waits, and what is mine? The lists of the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from oscar_engage.dashboard.desk.pace import PaceShown, show_pace
from oscar_engage.desk.line import find_fitting
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, Message, Role
from oscar_engage.desk.promises.standing import standing_of
from oscar_engage.desk.queries import escalated, of_agent, waiting
from oscar_engage.desk.queues import QueueBook, read_queues

MOST_SHOWN = 200
"""Conversations in a list: more than a desk can look through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One conversation in a list, with the shopper's latest words."""

    conversation: Conversation
    words: str
    pace: PaceShown
    is_unread: bool
    queue: str = ""
    """The name of the queue that it waits in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits for anybody, and what is the agent's own; the most urgent first.

    ``escalated``: of whatever is not closed, what a promise was broken in; for supervisors alone. ``other_chats`` and
    ``other_notes`` need a skill or a language that the agent does not have; they may be taken as well.
    """

    chats: Sequence[Entry]
    notes: Sequence[Entry]
    mine: Sequence[Entry]
    escalated: Sequence[Entry] = ()
    other_chats: Sequence[Entry] = ()
    other_notes: Sequence[Entry] = ()


def read_queue(agent: Agent, *, is_supervisor: bool = False, now: datetime) -> Queue:
    """Return the lists as they are now, with a query for each and two for queues and skills.

    One list would do with less, but a pile of notes must not push a waiting chat off the desk.
    """
    others, book = waiting().exclude(agent=agent), read_queues()
    chats = _rows(others.filter(kind=ConversationKind.CHAT))
    notes = _rows(others.filter(kind=ConversationKind.NOTE))
    fitting = find_fitting(agent, [*chats, *notes], book, now=now)

    def entries(rows: Iterable[Any], *, fit: bool) -> list[Entry]:
        return [_entry(row, book, now) for row in rows if (row.pk in fitting) is fit]

    mine = sorted(_rows(of_agent(agent)), key=lambda row: standing_of(row, now=now).urgency)
    return Queue(
        chats=entries(chats, fit=True),
        other_chats=entries(chats, fit=False),
        notes=entries(notes, fit=True),
        other_notes=entries(notes, fit=False),
        mine=[_entry(row, book, now) for row in mine],
        escalated=[_entry(row, book, now) for row in _rows(escalated())] if is_supervisor else (),
    )


def _rows(conversations: QuerySet[Conversation]) -> list[Any]:
    latest = Message.objects.filter(conversation=OuterRef("pk"), role=Role.SHOPPER).order_by("-seq").values("body")[:1]
    return list(conversations.annotate(words=Subquery(latest))[:MOST_SHOWN])


def _entry(conversation: Any, book: QueueBook, now: datetime) -> Entry:
    queue = book.queue_of(conversation)
    return Entry(
        conversation=conversation,
        words=conversation.words or _("A file, without words."),
        pace=show_pace(conversation, now=now),
        is_unread=conversation.last_seq > conversation.agent_read_seq,
        queue=queue.name if queue else "",
    )
