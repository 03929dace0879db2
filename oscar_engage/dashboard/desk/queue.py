"""Who waits, and what is mine? The lists of the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from oscar_engage.dashboard.desk.pace import PaceShown, show_pace
from oscar_engage.desk.line import find_fitting
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, Message, Role
from oscar_engage.desk.notes.read import with_whispered
from oscar_engage.desk.promises.standing import standing_of
from oscar_engage.desk.queries import escalated, of_agent, waiting, with_unread
from oscar_engage.desk.queues import QueueBook, read_queues
from oscar_engage.desk.topics.wrap import lacks_wrap_up

ANY = Q()
MOST_SHOWN = 200
"""Conversations in a list: more than a desk can look through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One conversation in a list, with the shopper's latest words."""

    conversation: Conversation
    words: str
    pace: PaceShown
    unread: int
    queue: str = ""
    """The name of the queue that it waits in."""
    is_whispered: bool = False
    """Whether something was whispered to the agent since their last answer."""


@dataclass(frozen=True, slots=True)
class Group:
    """What waits in one queue, the most urgent first."""

    name: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits for anybody, and what is the agent's own; the most urgent first.

    ``escalated``: of whatever is not closed, what a promise was broken in; for supervisors alone. ``other_calls``,
    ``other_chats`` and ``other_notes`` need a skill or a language that the agent does not have; they may be taken as well.
    ``unwrapped``: ended by somebody else, and the agent has not said yet what it was about.
    """

    chats: Sequence[Entry]
    notes: Sequence[Entry]
    mine: Sequence[Entry]
    calls: Sequence[Entry] = ()
    escalated: Sequence[Entry] = ()
    other_chats: Sequence[Entry] = ()
    other_notes: Sequence[Entry] = ()
    other_calls: Sequence[Entry] = ()
    unwrapped: Sequence[Conversation] = ()

    @property
    def groups(self) -> Sequence[Group]:
        """What waits and fits the agent, by queue: the queue with the most urgent one first."""
        found: dict[str, list[Entry]] = {}
        for entry in _in_order([*self.calls, *self.chats, *self.notes]):
            found.setdefault(entry.queue, []).append(entry)
        return [Group(name, entries) for name, entries in found.items()]

    @property
    def others(self) -> Sequence[Entry]:
        """What waits for another skill or language."""
        return _in_order([*self.other_calls, *self.other_chats, *self.other_notes])

    @property
    def unread(self) -> int:
        """How many messages the agent has not been shown, in their own conversations."""
        return sum(entry.unread for entry in self.mine)

    @property
    def number(self) -> int:
        """How many things ask for the agent: what waits and fits, messages not read, and whispers."""
        return self.waiting + self.unread + sum(entry.is_whispered for entry in self.mine)

    @property
    def waiting(self) -> int:
        """How many conversations wait that fit the agent."""
        return len(self.calls) + len(self.chats) + len(self.notes)


def read_queue(agent: Agent, *, visible: Q = ANY, is_supervisor: bool = False, now: datetime) -> Queue:
    """Return the lists as they are now, with a query for each, two for queues and skills and one for what lacks a wrap-up.

    Of what waits, ``visible`` is shown: what the queues leave to who looks.

    What waits is one query, in which a pile of notes does not push a waiting chat off the desk.
    """
    others, book = waiting().filter(visible).exclude(agent=agent), read_queues()
    place = Window(RowNumber(), partition_by="kind", order_by=("due_at", "pk"))
    found = _rows(others.annotate(place=place).filter(place__lte=MOST_SHOWN), most=3 * MOST_SHOWN)
    chats = [row for row in found if row.kind == ConversationKind.CHAT]
    notes = [row for row in found if row.kind == ConversationKind.NOTE]
    calls = [row for row in found if row.kind == ConversationKind.CALL]
    fitting = find_fitting(agent, [*calls, *chats, *notes], book, now=now)

    def entries(rows: Iterable[Any], *, fit: bool) -> list[Entry]:
        return [_entry(row, book, now) for row in rows if (row.pk in fitting) is fit]

    mine = sorted(_rows(with_whispered(of_agent(agent), agent)), key=lambda row: standing_of(row, now=now).urgency)
    return Queue(
        chats=entries(chats, fit=True),
        other_chats=entries(chats, fit=False),
        notes=entries(notes, fit=True),
        other_notes=entries(notes, fit=False),
        calls=entries(calls, fit=True),
        other_calls=entries(calls, fit=False),
        mine=[_entry(row, book, now) for row in mine],
        escalated=[_entry(row, book, now) for row in _rows(escalated())] if is_supervisor else (),
        unwrapped=list(lacks_wrap_up(agent, now=now)[:MOST_SHOWN]),
    )


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.conversation.due_at, entry.conversation.pk))


def _rows(conversations: QuerySet[Conversation], *, most: int = MOST_SHOWN) -> list[Any]:
    latest = Message.objects.filter(conversation=OuterRef("pk"), role=Role.SHOPPER).order_by("-seq").values("body")[:1]
    return list(with_unread(conversations).annotate(words=Subquery(latest))[:most])


def _entry(conversation: Any, book: QueueBook, now: datetime) -> Entry:
    queue = book.queue_of(conversation)
    return Entry(
        conversation=conversation,
        words=conversation.words or _wordless(conversation),
        pace=show_pace(conversation, now=now),
        unread=conversation.unread,
        queue=queue.name if queue else "",
        is_whispered=getattr(conversation, "whispered", False),
    )


def _wordless(conversation: Conversation) -> str:
    is_call = conversation.kind == ConversationKind.CALL
    return _("A call was asked for.") if is_call else _("A file, without words.")
