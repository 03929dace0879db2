"""What stands side by side? Up to three conversations, each with its messages, reply box and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from oscar_engage.dashboard.desk.forms import ReplyForm
from oscar_engage.dashboard.desk.pace import PaceShown, show_pace
from oscar_engage.desk.carry.canned import canned_for_each
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.carry.show import carried_for
from oscar_engage.desk.changes import MOST_CARDS
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.notes.read import unheeded_whispers
from oscar_engage.desk.queries import messages_of, with_unread
from oscar_engage.desk.writing import Colleague, colleagues_at, is_writing


@dataclass(frozen=True, slots=True)
class Known:
    """What a page shows of one conversation: up to which message, and with which status."""

    public_id: str
    after: int = 0
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One conversation of several on a page; ``suffix`` tells the ids of its elements from those of the others.

    ``shown`` are the messages that the page does not have yet. ``with_reply``: the place for the answer has changed.
    """

    conversation: Conversation
    suffix: str
    shown: Sequence[Message]
    after: int
    unread: int
    pace: PaceShown
    form: ReplyForm
    canned: Sequence[CannedReply]
    colleagues: Sequence[Colleague]
    whispers: Sequence[InternalNote]
    is_closed: bool
    can_reply: bool
    can_take: bool
    is_mine: bool
    is_shopper_writing: bool
    state: str
    with_reply: bool


def parse_known(texts: Sequence[str]) -> list[Known]:
    """Return what a page says it shows (``<public id>:<number>:<status>``), at most three; nonsense shows nothing."""
    found: dict[str, Known] = {}
    for text in texts:
        public_id, _colon, rest = text.partition(":")
        number, _colon, status = rest.partition(":")
        after = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0  # noqa: PLR2004 - a column's size
        if public_id and public_id not in found and len(found) < MOST_CARDS:
            found[public_id] = Known(public_id, after, status)
    return list(found.values())


def read_cards(known: Sequence[Known], visible: QuerySet[Conversation], agent: Agent, *, now: datetime) -> list[Card]:
    """Return the cards for ``known`` in its order, with five queries; what is not ``visible`` has none."""
    if not known:
        return []
    wanted = {one.public_id: one for one in known}
    rows = with_unread(visible.filter(public_id__in=wanted)).select_related("agent", "policy", "queue", "topic")
    found = {row.public_id: row for row in rows}
    whispers = unheeded_whispers(found.values(), agent)
    said = messages_of({row.pk: wanted[row.public_id].after for row in found.values()})
    others, canned = colleagues_at([row.pk for row in found.values()], agent, now=now), canned_for_each(found.values())
    return [
        _card(
            row := found[public_id],
            wanted[public_id],
            said[row.pk],
            others.get(row.pk, ()),
            canned[row.pk],
            whispers=whispers.get(row.pk, ()),
            agent=agent,
            now=now,
        )
        for public_id in wanted
        if public_id in found
    ]


def _card(
    conversation: Any,
    known: Known,
    shown: Sequence[Message],
    colleagues: Sequence[Colleague],
    canned: Sequence[CannedReply],
    *,
    whispers: Sequence[InternalNote],
    agent: Agent,
    now: datetime,
) -> Card:
    suffix = f"-{conversation.public_id}"
    may = what_agent_may(conversation, agent)
    return Card(
        conversation=conversation,
        suffix=suffix,
        shown=carried_for(conversation, shown),
        after=shown[-1].seq if shown else known.after,
        unread=conversation.unread,
        pace=show_pace(conversation, now=now),
        form=ReplyForm(auto_id=f"id_%s{suffix}", initial={"seen": conversation.last_seq}),
        canned=canned,
        colleagues=colleagues,
        whispers=whispers,
        is_shopper_writing=not may["is_closed"] and is_writing(conversation.shopper_writes_until, now=now),
        state=state_of(conversation, agent),
        with_reply=state_of(conversation, agent) != known.status,
        **may,
    )


def what_agent_may(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    """Return what the page of a conversation offers ``agent``."""
    is_closed = conversation.status == ConversationStatus.CLOSED
    is_mine = conversation.agent_id == agent.pk
    return {
        "is_closed": is_closed,
        "is_mine": is_mine,
        "can_reply": not is_closed and (is_mine or conversation.kind == ConversationKind.NOTE),
        "can_take": conversation.status == ConversationStatus.WAITING and conversation.agent_id is None,
    }


def state_of(conversation: Conversation, agent: Agent) -> str:
    """Return the word by which a page sees that its buttons have changed: status, and whose it is."""
    whose = "none" if conversation.agent_id is None else "mine" if conversation.agent_id == agent.pk else "theirs"
    return f"{conversation.status}-{whose}"
