"""What waits for this shopper? A chat that is still open, and answers not read yet."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from django.db.models import CharField, F, Q, QuerySet, UUIDField

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.statements.prepared import Given, Prepared
from oscar_engage.visitors.models import Visitor

MOST = 5
"""Things shown at once; the rest is on the page with the shopper's questions."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ``chat`` that is open, or an ``answer`` to a note that the shopper has not seen."""

    kind: Literal["chat", "answer"]
    public_id: str


def waiting_for(visitor_id: uuid.UUID) -> list[Waiting]:
    """Return what waits for the visitor, the latest first; one query."""
    return _read(_OF_VISITOR.rows(visitor_id=visitor_id))


@contextmanager
def waiting_for_key(key: str) -> Iterator[Callable[[], list[Waiting]]]:
    """Give what returns the same for the visitor with this key; the query travels with the block's first one."""
    with _OF_KEY.taken_along(key=key) as rows:
        yield lambda: _read(rows())


def _read(rows: Iterable[tuple[str, str]]) -> list[Waiting]:
    return [Waiting("chat" if kind == ConversationKind.CHAT else "answer", public_id) for kind, public_id in rows]


def _waiting(whose: Q) -> QuerySet[Conversation, tuple[str, str]]:
    open_chat = Q(kind=ConversationKind.CHAT) & ~Q(status=ConversationStatus.CLOSED)
    unread = Q(kind=ConversationKind.NOTE, first_reply_at__isnull=False, last_seq__gt=F("shopper_read_seq"))
    rows = Conversation.objects.filter(open_chat | unread, whose)
    return rows.order_by("-created_at").values_list("kind", "public_id")[:MOST]


def _of_key() -> Q:
    return Q(visitor_id__in=Visitor.objects.filter(key=Given("key", CharField())).values("pk"))


_OF_VISITOR = Prepared(lambda: _waiting(Q(visitor_id=Given("visitor_id", UUIDField()))))
_OF_KEY = Prepared(lambda: _waiting(_of_key()))
