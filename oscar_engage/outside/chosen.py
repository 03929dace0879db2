"""Does this conversation go to the outside desk? Notes and chats do, of the queues that the shop named."""

from collections.abc import Iterable
from datetime import datetime

from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.queues import QueueBook, read_queues
from oscar_engage.outside.adapter import options
from oscar_engage.outside.models import OutsideConversation
from oscar_engage.outside.port import OutsideDesk

KINDS = (ConversationKind.NOTE, ConversationKind.CHAT)
"""What can be answered in writing; calls are made here."""

MOST = 500
"""Conversations that one look finds."""


def goes_outside(conversation: Conversation, book: QueueBook) -> bool:
    """Whether it does: without ``QUEUES`` in the setting, all do but those in queues that are for their members alone."""
    if conversation.kind not in KINDS or conversation.status == ConversationStatus.PLANNED:
        return False
    queue, named = book.queue_of(conversation), options().get("QUEUES")
    if not named:
        return queue is None or not queue.is_members_only
    return queue is not None and queue.slug in named


def place_of(conversation: Conversation, desk: OutsideDesk) -> OutsideConversation | None:
    """Return the row by which ``conversation`` is at ``desk``, or ``None``."""
    return OutsideConversation.objects.filter(conversation=conversation, desk=desk.name).first()


def note_place(conversation: Conversation, desk: OutsideDesk, book: QueueBook, *, now: datetime) -> OutsideConversation | None:
    """Return that row, a new one for a conversation that goes there and has none; ``None`` if it does not go.

    A conversation that was at another desk before begins anew at this one.
    """
    found = place_of(conversation, desk)
    if found is not None or not goes_outside(conversation, book):
        return found
    OutsideConversation.objects.filter(conversation=conversation).exclude(desk=desk.name).update(conversation=None)
    row, _is_new = OutsideConversation.objects.get_or_create(
        conversation=conversation, defaults={"desk": desk.name, "created_at": now}
    )
    return row


def note_missing(desk: OutsideDesk, *, since: datetime, now: datetime) -> Iterable[OutsideConversation]:
    """Give a row to each conversation that was begun ``since``, goes on, and should be there and is not."""
    going_on = Conversation.objects.filter(kind__in=KINDS, created_at__gte=since, outside__isnull=True)
    rows = list(going_on.exclude(status=ConversationStatus.CLOSED).order_by("pk")[:MOST])
    book = read_queues() if rows else QueueBook({})
    return [row for one in rows if (row := note_place(one, desk, book, now=now)) is not None]
