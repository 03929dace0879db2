"""Which conversations began on a day? Read a part at a time, with the times of their messages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from oscar_engage.analytics.rollups.declare import Day
from oscar_engage.analytics.staffing.talk import Talk, Turn
from oscar_engage.core.chunks import chunks
from oscar_engage.desk.calls.models import CallTry
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Message, Queue, Role
from oscar_engage.desk.promises.course import owes_answer
from oscar_engage.visitors.models import UNCOUNTED, Visitor

PART = 500
"""Conversations whose messages are read with one query."""

_FIELDS = (
    *("id", "queue_id", "kind", "status", "agent_id", "created_at", "due_at", "taken_at", "first_reply_at", "closed_at"),
    *("resolve_by", "paused_at", "owed_since", "breached_at", "solution_breached_at", "escalated_at"),
)


@dataclass(frozen=True, slots=True)
class Began:
    """A conversation that began on the day; ``is_counted`` is false for a member of staff and for automata."""

    talk: Talk
    is_counted: bool


def first_began() -> datetime | None:
    """Return when the oldest conversation began; ``None`` without any."""
    return Conversation.objects.order_by("created_at").values_list("created_at", flat=True).first()


def began_on(day: Day) -> Iterator[Began]:
    """Yield what began on ``day``; a query and one for every :data:`PART` of them."""
    default = str(Queue.objects.filter(is_default=True).values_list("pk", flat=True).first() or "")
    uncounted = Visitor.objects.filter(UNCOUNTED, pk=OuterRef("visitor_id"))
    rows = Conversation.objects.filter(created_at__gte=day.starts_at, created_at__lt=day.ends_at)
    first = CallTry.objects.filter(call__conversation=OuterRef("pk")).order_by("begun_at", "pk").values("agent")[:1]
    marked = (
        rows.only(*_FIELDS)
        .annotate(is_uncounted=Exists(uncounted), call_opened_at=F("call__opened_at"), caller=Subquery(first))
        .order_by("pk")
    )
    found = marked.iterator(chunk_size=PART)
    for part in chunks(found, PART):
        said = _read_turns([row.pk for row in part])
        for row in part:
            yield Began(_build(row, default, said.get(row.pk, [])), not row.is_uncounted)


def _read_turns(ids: Sequence[int]) -> dict[int, list[tuple[int | None, bool, datetime]]]:
    """Return who wrote when, by conversation: an agent's number, whether it was the shopper, the time; never the words."""
    rows = Message.objects.filter(conversation__in=ids).exclude(role=Role.SYSTEM).order_by("conversation", "seq")
    said: dict[int, list[tuple[int | None, bool, datetime]]] = {}
    for pk, agent, role, at in rows.values_list("conversation_id", "agent_id", "role", "at"):
        said.setdefault(pk, []).append((agent, role == Role.SHOPPER, at))
    return said


def _build(row: Any, default: str, said: Sequence[tuple[int | None, bool, datetime]]) -> Talk:
    turns: list[Turn] = [(is_shopper, at) for _agent, is_shopper, at in said]
    noted = (row.breached_at, row.solution_breached_at, row.escalated_at)
    return Talk(
        queue=str(row.queue_id or default),
        is_chat=row.kind == ConversationKind.CHAT,
        is_call=row.kind == ConversationKind.CALL,
        created_at=row.call_opened_at or row.created_at,
        due_at=row.due_at,
        agent=row.agent_id,
        answered_by=next((agent for agent, is_shopper, _at in said if not is_shopper), row.caller),
        taken_at=row.taken_at,
        first_reply_at=row.first_reply_at,
        closed_at=row.closed_at if row.status == ConversationStatus.CLOSED else None,
        resolve_by=row.resolve_by,
        is_owed=owes_answer(row),
        is_paused=row.paused_at is not None,
        was_broken=any(at is not None for at in noted),
        turns=turns,
    )
