"""What does the board show? Queues with what waits, agents with what they have, and the figures of today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_engage.dashboard.desk.pace import PaceShown, show_pace
from oscar_engage.desk.models import Agent, Conversation, Presence
from oscar_engage.desk.oversight.board import (
    Totals,
    customers_among,
    read_agents,
    read_chats,
    read_totals,
    read_waiting,
    waits_since,
)
from oscar_engage.desk.promises.standing import standing_of
from oscar_engage.desk.queues import QueueBook, read_queues
from oscar_engage.desk.slots import ACTIVE
from oscar_engage.desk.transfer.claim import where_is
from oscar_engage.desk.transfer.whereabouts import Whereabouts

Urgency = tuple[int, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One conversation: how it stands, for how long it waits, who asks and from where."""

    conversation: Conversation
    pace: PaceShown
    urgency: Urgency
    since: datetime
    seen: Whereabouts
    is_customer: bool
    is_today: bool
    """Whether what is promised is of today."""

    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What waits in one queue, the most urgent first; ``key`` is the queue's number, empty for no queue."""

    key: str
    name: str
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An agent with the chats that go on; ``used`` of ``capacity`` in chats."""

    agent: Agent
    used: float
    chats: Sequence[Card]
    is_connected: bool

    @property
    def value(self) -> str:
        """How the list of targets names this agent."""
        return f"agent-{self.agent.pk}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All of it at one moment. ``away``: agents who are offline, with nothing going on."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    away: Sequence[Agent]
    totals: Totals
    shown: int

    @property
    def decided(self) -> int:
        """In how many conversations of today it is decided whether promises are kept."""
        return self.totals.kept.kept + self.totals.kept.broken

    @property
    def percent(self) -> int | None:
        """Of 100 conversations of today, those in which promises were kept."""
        share = self.totals.kept.share
        return None if share is None else int(share * 100)


def read_board(*, now: datetime) -> Board:
    """Return the board; eight queries, however much goes on."""
    book, waiting, chats, agents = read_queues(), read_waiting(), read_chats(), read_agents()
    customers = customers_among([*waiting, *chats])
    cards = [_card(one, customers, now) for one in waiting]
    live = [_card(one, customers, now) for one in chats]
    rows = [_row(agent, live, now) for agent in agents]
    return Board(
        columns=_columns(book, cards),
        rows=[row for row in rows if _is_here(row)],
        away=[row.agent for row in rows if not _is_here(row)],
        totals=read_totals(since=_midnight(now), now=now),
        shown=len(cards),
    )


def _columns(book: QueueBook, cards: Sequence[Card]) -> list[Column]:
    queues = {str(queue.pk): queue.name for queue in book.queues.values()}
    by_key: dict[str, list[Card]] = {key: [] for key in queues}
    for card in cards:
        queue = book.queue_of(card.conversation)
        by_key.setdefault(str(queue.pk) if queue else "", []).append(card)
    if not any(queue.is_default for queue in book.queues.values()):
        by_key.setdefault("", [])
    first = {"": _("In no queue")} | queues
    return [Column(key=key, name=name, cards=_sorted(by_key[key])) for key, name in first.items() if key in by_key]


def _sorted(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: card.urgency)


def _card(conversation: Any, customers: set[Any], now: datetime) -> Card:
    return Card(
        conversation=conversation,
        pace=show_pace(conversation, now=now),
        urgency=standing_of(conversation, now=now).urgency,
        since=waits_since(conversation),
        seen=where_is(conversation),
        is_today=timezone.localdate(conversation.due_at) == timezone.localdate(now),
        is_customer=conversation.visitor_id in customers,
        words=getattr(conversation, "words", None) or "",
    )


def _row(agent: Agent, live: Sequence[Card], now: datetime) -> Row:
    return Row(
        agent=agent,
        used=agent.used_tenths / ACTIVE,
        chats=_sorted(card for card in live if card.conversation.agent_id == agent.pk),
        is_connected=agent.lease_until is not None and agent.lease_until > now,
    )


def _is_here(row: Row) -> bool:
    return row.agent.presence != Presence.OFFLINE or bool(row.chats)


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
