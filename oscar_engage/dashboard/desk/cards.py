"""What stands side by side? Up to three conversations, each with its messages, reply box and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from oscar_engage.dashboard.desk.forms import ReplyForm
from oscar_engage.dashboard.desk.pace import PaceShown, show_pace
from oscar_engage.dashboard.desk.sides import CardSide, read_sides
from oscar_engage.desk.access import visible_to
from oscar_engage.desk.carry.canned import canned_for_each
from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.carry.show import carried_for
from oscar_engage.desk.changes import MOST_CARDS
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.notes.read import between
from oscar_engage.desk.queries import messages_of, with_unread
from oscar_engage.desk.writing import Colleague, colleagues_at, is_writing

_DIGITS = 10
"""More than a column's numbers have."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a page shows of one conversation: up to which message and which note, and with which status."""

    public_id: str
    after: int = 0
    status: str = ""
    notes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One conversation of several on a page; ``suffix`` tells the ids of its elements from those of the others.

    ``shown`` are the messages that the page does not have yet, and the notes between them. ``with_reply``: the place for the
    answer has changed. ``found``: what a search for products and vouchers gave, ``find`` its words.
    """

    conversation: Conversation
    suffix: str
    shown: Sequence[Message | InternalNote]
    after: int
    side: CardSide
    unread: int
    pace: PaceShown
    form: ReplyForm
    canned: Sequence[CannedReply]
    colleagues: Sequence[Colleague]
    is_closed: bool
    can_reply: bool
    can_take: bool
    is_mine: bool
    is_shopper_writing: bool
    state: str
    with_reply: bool
    may_close: bool
    found: Any = None
    find: str = ""


def parse_known(texts: Sequence[str], notes: Sequence[str] = ()) -> list[Known]:
    """Return what a page says it shows (``<public id>:<number>:<status>``), at most three; nonsense shows nothing.

    ``notes`` says the same of the notes (``<public id>:<number>``).
    """
    noted = dict(text.partition(":")[::2] for text in notes[:MOST_CARDS])
    found: dict[str, Known] = {}
    for text in texts:
        public_id, _colon, rest = text.partition(":")
        number, _colon, status = rest.partition(":")
        if public_id and public_id not in found and len(found) < MOST_CARDS:
            found[public_id] = Known(public_id, read_number(number), status, read_number(noted.get(public_id, "")))
    return list(found.values())


def read_number(text: str | None) -> int:
    """Return the number that a page sends back; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _DIGITS else 0


def read_cards(known: Sequence[Known], request: HttpRequest, agent: Agent, *, now: datetime) -> list[Card]:
    """Return the cards for ``known`` in its order, with five queries and a few for what is whispered or watched.

    What ``request``'s user may not see has none. That ``agent`` looks at chats of colleagues is noted.
    """
    if not known:
        return []
    visible = visible_to(request.user)
    wanted = {one.public_id: one for one in known}
    rows = with_unread(visible.filter(public_id__in=wanted)).select_related("agent", "policy", "queue", "topic")
    found = {row.public_id: row for row in rows}
    said = messages_of({row.pk: wanted[row.public_id].after for row in found.values()})
    others, canned = colleagues_at([row.pk for row in found.values()], agent, now=now), canned_for_each(found.values())
    noted = {row.pk: wanted[row.public_id].notes for row in found.values()}
    sides = read_sides(found.values(), noted, others, agent, user=request.user, now=now)
    return [
        _card(
            row := found[public_id],
            wanted[public_id],
            said[row.pk],
            agent=agent,
            now=now,
            side=sides[row.pk],
            colleagues=others.get(row.pk, ()),
            canned=canned[row.pk],
        )
        for public_id in wanted
        if public_id in found
    ]


def _card(
    conversation: Any,
    known: Known,
    said: Sequence[Message],
    *,
    agent: Agent,
    now: datetime,
    side: CardSide,
    **beside: Any,
) -> Card:
    suffix = f"-{conversation.public_id}"
    may = what_agent_may(conversation, agent)
    return Card(
        conversation=conversation,
        suffix=suffix,
        shown=between(carried_for(conversation, said), side.notes),
        after=said[-1].seq if said else known.after,
        side=side,
        unread=conversation.unread,
        pace=show_pace(conversation, now=now),
        form=ReplyForm(auto_id=f"id_%s{suffix}", initial={"seen": conversation.last_seq}),
        is_shopper_writing=not may["is_closed"] and is_writing(conversation.shopper_writes_until, now=now),
        state=state_of(conversation, agent),
        with_reply=state_of(conversation, agent) != known.status,
        may_close=conversation.agent_id in {None, agent.pk} or side.is_supervisor,
        **beside,
        **may,
    )


def what_agent_may(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    """Return what the page of a conversation offers ``agent``."""
    is_closed = conversation.status == ConversationStatus.CLOSED
    is_mine = conversation.agent_id == agent.pk
    return {
        "is_closed": is_closed,
        "is_mine": is_mine,
        "can_reply": not is_closed
        and conversation.kind != ConversationKind.CALL
        and (is_mine or conversation.kind == ConversationKind.NOTE),
        "can_take": conversation.status == ConversationStatus.WAITING and conversation.agent_id is None,
    }


WATCHED = f"{ConversationStatus.OPEN.value}-theirs"
"""The state of a colleague's chat that goes on."""


def state_of(conversation: Conversation, agent: Agent) -> str:
    """Return the word by which a page sees that its buttons have changed: status, and whose it is."""
    whose = "none" if conversation.agent_id is None else "mine" if conversation.agent_id == agent.pk else "theirs"
    return f"{conversation.status}-{whose}"
