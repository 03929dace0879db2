"""Who stands in line, who is there, and what should this agent take next? The tables as routing's plain values."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import LIVE, Agent, AgentSkill, Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.queues import QueueBook, bare_path, read_queues
from oscar_engage.desk.routing import TENTHS, Candidate, Waiting, fits, next_of
from oscar_engage.desk.slots import is_warm, present
from oscar_engage.desk.take import TakenError, take
from oscar_engage.visitors.models import Visitor

MOST_TRIES = 50
"""Conversations that others may be quicker with, until we give up."""


def take_next(agent: Agent, *, now: datetime) -> Conversation | None:
    """Give ``agent`` what routing says is next, a call before a chat and that before a note, and return it.

    ``None`` if nothing fits or has room.

    Where somebody else was quicker, the next one is tried. Raises ``NoFreeSlotError`` if the agent's own other window was.
    """
    for _try in range(MOST_TRIES):
        chosen = find_next(agent, now=now)
        if chosen is None:
            return None
        try:
            return take(Conversation(pk=chosen), agent, now=now)
        except (TakenError, Conversation.DoesNotExist):
            continue
    return None


def find_next(agent: Agent, *, now: datetime) -> int | None:
    """Return the id of what ``agent`` should take next: six queries, one more for each kind before it; away, notes alone."""
    there = read_candidates(now=now)
    if all(one.id != agent.pk for one in there):
        there = [*there, _able(agent)]
    book = read_queues()
    for kind in (ConversationKind.CALL, ConversationKind.CHAT, ConversationKind.NOTE):
        waiting = _with_people(read_waiting(kind, book, now=now))
        chosen = next_of(agent.pk, waiting, there, head_starts=book.head_starts())
        if chosen is not None:
            return chosen
    return None


def read_candidates(*, now: datetime) -> list[Candidate]:
    """Return the agents who are there, with two queries."""
    there = present(now=now).prefetch_related(Prefetch("skills", AgentSkill.objects.select_related("skill")))
    return [with_skills(busy_of(agent, now=now), agent, agent.skills.all()) for agent in there]


def busy_of(agent: Any, *, now: datetime) -> Candidate:
    """Return one of ``slots.present`` for routing, with neither skills nor languages."""
    return Candidate(
        id=agent.pk,
        capacity=agent.capacity * TENTHS,
        load=agent.load,
        free_for=(now - agent.free_since).total_seconds() if agent.free_since else 0.0,
        is_warm=is_warm(agent, now=now),
    )


def with_skills(candidate: Candidate, agent: Agent, skills: Iterable[AgentSkill]) -> Candidate:
    """Return ``candidate`` with what ``agent`` can answer, and in which languages."""
    levels = {one.skill.slug: one.level for one in skills}
    return replace(candidate, skills=levels, languages=frozenset(agent.languages))


def read_waiting(kind: str, book: QueueBook, *, now: datetime) -> list[tuple[Waiting, UUID]]:
    """Return the conversations of a kind that wait for somebody, each with its visitor, with one query."""
    nobodys = Conversation.objects.filter(kind=kind, status=ConversationStatus.WAITING, agent__isnull=True)
    rows = nobodys.order_by("due_at", "pk")[: get_settings().queue_limit]
    return [(waiting_of(row, book, now=now), row.visitor_id) for row in rows]


def waiting_of(conversation: Conversation, book: QueueBook, *, now: datetime) -> Waiting:
    """Return ``conversation`` for routing, as far as its own row tells."""
    queue = book.queue_of(conversation)
    return Waiting(
        id=conversation.pk,
        waited=(now - conversation.created_at).total_seconds(),
        skill=book.skill_of(conversation),
        call_skill=book.call_skill_of(conversation),
        language=conversation.language,
        page=bare_path(conversation.page_path),
        topic=queue.slug if queue else "",
        members=book.members_of(conversation),
        weight=TENTHS if conversation.kind in LIVE else 0,
    )


def find_fitting(agent: Agent, conversations: Iterable[Conversation], book: QueueBook, *, now: datetime) -> set[int]:
    """Return the ids of those that ``agent`` has skill and language for, however busy; one query."""
    able = _able(agent)
    return {row.pk for row in conversations if fits(waiting_of(row, book, now=now), able)}


def _able(agent: Agent) -> Candidate:
    """Return ``agent`` as somebody who can answer, but has no room."""
    return with_skills(Candidate(id=agent.pk, capacity=0), agent, agent.skills.select_related("skill"))


def _with_people(rows: Sequence[tuple[Waiting, UUID]]) -> list[Waiting]:
    """Return what waits, with who asked: a customer or not, and whom they talked to last; two queries if there are any."""
    visitors = {visitor_id for _waiting, visitor_id in rows}
    if not visitors:
        return []
    known = Visitor.objects.filter(pk__in=visitors, customer_id__isnull=False)
    customers, last = set(known.values_list("pk", flat=True)), _last_agents(visitors)
    return [replace(one, is_customer=whose in customers, last_agent=last.get(whose)) for one, whose in rows]


def _last_agents(visitors: Collection[UUID]) -> dict[UUID, int | None]:
    talks = Conversation.objects.filter(visitor_id__in=visitors, agent__isnull=False)
    return dict(talks.order_by("created_at", "pk").values_list("visitor_id", "agent_id"))
