"""What is going on at the desk? What waits, what is answered by whom, who is there, and whether any of it has changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message, Presence, Queue, Role
from oscar_engage.desk.promises.kept import Kept, read_kept
from oscar_engage.visitors.models import Visitor

MOST_SHOWN = 300
"""Conversations on the board: more than a supervisor can look through."""

STEP = timedelta(seconds=30)
"""How exact the times on the board are: what has not changed is sent again so often."""

_WAITS = Q(status=ConversationStatus.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many conversations wait, since when the one that has waited longest, and how promises were kept."""

    waiting: int
    longest_since: datetime | None
    kept: Kept


def read_version(*, now: datetime) -> str:
    """Return a short text that changes when anything on the board does, and each :data:`STEP`; three queries."""
    ours = _open_ones().values_list(
        *("pk", "status", "agent_id", "queue_id", "weight", "last_seq", "due_at", "resolve_by", "paused_at", "escalated_at"),
        *("breached_at", "warned_at"),
    )
    agents = Agent.objects.order_by("pk").values_list(
        *("pk", "display_name", "presence", "away_reason", "presence_since", "capacity", "used_tenths", "lease_until")
    )
    seen = [
        list(ours[:MOST_SHOWN]),
        [(*about, lease is not None and lease > now) for *about, lease in agents],
        list(Queue.objects.order_by("pk").values_list("pk", "name", "is_default")),
        int(now.timestamp() // STEP.total_seconds()),
    ]
    return blake2b(repr(seen).encode(), digest_size=12).hexdigest()


def read_waiting() -> list[Any]:
    """Return what waits, the most urgent promise first, with ``words``: the shopper's latest; one query."""
    latest = Message.objects.filter(conversation=OuterRef("pk"), role=Role.SHOPPER).order_by("-seq").values("body")[:1]
    return list(_open_ones().filter(_WAITS).annotate(words=Subquery(latest))[:MOST_SHOWN])


def read_chats() -> list[Conversation]:
    """Return the chats that go on with agents; one query."""
    going_on = Q(kind=ConversationKind.CHAT, status=ConversationStatus.OPEN, agent__isnull=False)
    return list(_open_ones().filter(going_on)[:MOST_SHOWN])


def read_agents() -> list[Agent]:
    """Return all agents by name; one query."""
    return list(Agent.objects.order_by("display_name", "pk"))


def has_lost_agents(agents: list[Agent], *, now: datetime) -> bool:
    """Whether one of ``agents`` counts as there whose lease has ended."""
    return any(
        agent.presence != Presence.OFFLINE and (agent.lease_until is None or agent.lease_until <= now) for agent in agents
    )


def customers_among(conversations: list[Conversation]) -> set[Any]:
    """Return the ids of the visitors of ``conversations`` who are customers with an account; one query."""
    visitors = {conversation.visitor_id for conversation in conversations}
    return set(Visitor.objects.filter(pk__in=visitors, customer_id__isnull=False).values_list("pk", flat=True))


def read_totals(*, since: datetime, now: datetime) -> Totals:
    """Return the figures; promises are those decided from ``since`` on; two queries."""
    found = Conversation.objects.filter(_WAITS).aggregate(number=Count("pk"), longest=Min(Coalesce("owed_since", "created_at")))
    return Totals(waiting=found["number"], longest_since=found["longest"], kept=read_kept(since=since, now=now))


def waits_since(conversation: Conversation) -> datetime:
    """Return since when the shopper waits for the answer that is owed."""
    return conversation.owed_since or conversation.created_at


def _open_ones() -> Any:
    found = Conversation.objects.exclude(status=ConversationStatus.CLOSED).select_related("agent", "policy")
    return found.order_by("due_at", "pk")
