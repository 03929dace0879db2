"""What waits for this shopper? A chat that is still open, and answers not read yet."""

import uuid
from dataclasses import dataclass
from typing import Literal

from django.db.models import F, Q, QuerySet, UUIDField

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.statements.prepared import Given, Prepared

MOST = 5
"""Things shown at once; the rest is on the page with the shopper's questions."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ``chat`` that is open, or an ``answer`` to a note that the shopper has not seen."""

    kind: Literal["chat", "answer"]
    public_id: str


def waiting_for(visitor_id: uuid.UUID) -> list[Waiting]:
    """Return what waits for the visitor, the latest first; one query."""
    return [
        Waiting("chat" if kind == ConversationKind.CHAT else "answer", public_id)
        for kind, public_id in _WAITING.rows(visitor_id=visitor_id)
    ]


def _build() -> QuerySet[Conversation, tuple[str, str]]:
    open_chat = Q(kind=ConversationKind.CHAT) & ~Q(status=ConversationStatus.CLOSED)
    unread = Q(kind=ConversationKind.NOTE, first_reply_at__isnull=False, last_seq__gt=F("shopper_read_seq"))
    rows = Conversation.objects.filter(open_chat | unread, visitor_id=Given("visitor_id", UUIDField()))
    return rows.order_by("-created_at").values_list("kind", "public_id")[:MOST]


_WAITING = Prepared(_build)
