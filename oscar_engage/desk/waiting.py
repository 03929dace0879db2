"""What waits for this shopper? A chat that is still open, and answers not read yet."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import CharField, F, Q, QuerySet, UUIDField

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.place import NOWHERE, Place
from oscar_engage.statements.prepared import Given, Prepared
from oscar_engage.visitors.models import Visitor

_PLACE = ("page_path", "anchor", "anchor_object", "anchor_path", "anchor_label")

MOST = 5
"""Things shown at once; the rest is on the page with the shopper's questions."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ``chat`` that is open, or an ``answer`` to a note that the shopper has not seen, with the place that was asked about.

    ``is_put_away``: the shopper was told and wants it not to come up by itself.
    """

    kind: Literal["chat", "answer"]
    public_id: str
    place: Place = NOWHERE
    is_put_away: bool = False


def waiting_for(visitor_id: uuid.UUID) -> list[Waiting]:
    """Return what waits for the visitor, the latest first; one query."""
    return _read(_OF_VISITOR.rows(visitor_id=visitor_id))


@contextmanager
def waiting_for_key(key: str) -> Iterator[Callable[[], list[Waiting]]]:
    """Give what returns the same for the visitor with this key; the query travels with the block's first one."""
    with _OF_KEY.taken_along(key=key) as rows:
        yield lambda: _read(rows())


def _read(rows: Iterable[tuple[Any, ...]]) -> list[Waiting]:
    return [_read_one(*row) for row in rows]


def _read_one(kind: str, public_id: str, last_seq: int, put_away_seq: int, *texts: str) -> Waiting:
    if kind == ConversationKind.CHAT:
        return Waiting("chat", public_id)
    place = Place(**dict(zip(_PLACE, texts, strict=True)))
    return Waiting("answer", public_id, place, is_put_away=last_seq <= put_away_seq)


def _waiting(whose: Q) -> QuerySet[Conversation, tuple[Any, ...]]:
    open_chat = Q(kind=ConversationKind.CHAT) & ~Q(status=ConversationStatus.CLOSED)
    unread = Q(kind=ConversationKind.NOTE, first_reply_at__isnull=False, last_seq__gt=F("shopper_read_seq"))
    rows = Conversation.objects.filter(open_chat | unread, whose)
    return rows.order_by("-created_at").values_list("kind", "public_id", "last_seq", "shopper_put_away_seq", *_PLACE)[:MOST]


def _of_key() -> Q:
    return Q(visitor_id__in=Visitor.objects.filter(key=Given("key", CharField())).values("pk"))


_OF_VISITOR = Prepared(lambda: _waiting(Q(visitor_id=Given("visitor_id", UUIDField()))))
_OF_KEY = Prepared(lambda: _waiting(_of_key()))
