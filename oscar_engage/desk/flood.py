"""How much may be asked at once? Enough for a person, too little for a script, never more than the desk can answer."""

import uuid
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, DateTimeField

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Message, Role
from oscar_engage.statements.prepared import Given, Prepared

MESSAGES_PER_MINUTE = 20
"""Messages of the shopper in one conversation: a fast typist in a live chat sends about half of that."""

CONVERSATIONS_PER_HOUR = 5
"""New conversations of one visitor."""

CONVERSATIONS_PER_ADDRESS = 3
"""New conversations in an hour that name the same e-mail address, which may be a third party's."""


class TooManyError(ValueError):
    """The shopper sent more than a person would; what was sent was not kept."""


class BusyError(ValueError):
    """More conversations wait than the desk can answer in time; what was asked was not kept."""


def check_new_message(conversation: Conversation, *, now: datetime) -> None:
    """Raise :class:`TooManyError` if the shopper has used up the minute; the conversation's row is locked by the caller."""
    since = now - timedelta(minutes=1)
    if len(_WRITTEN.rows(conversation=conversation.pk, since=since)) >= MESSAGES_PER_MINUTE:
        raise TooManyError("Too many messages in one minute.")


def check_new_conversation(kind: ConversationKind, *, visitor_id: uuid.UUID, email: str, now: datetime) -> None:
    """Raise :class:`TooManyError` if visitor or address has used up the hour, :class:`BusyError` if the queue is full.

    The visitor's row is locked by the caller, so that cap is exact; at the others, questions of the same instant do not see
    each other.
    """
    since = now - timedelta(hours=1)
    if Conversation.objects.filter(visitor_id=visitor_id, created_at__gt=since).count() >= CONVERSATIONS_PER_HOUR:
        raise TooManyError("Too many questions in one hour.")
    if email:
        check_address(email, now=now)
    if Conversation.objects.filter(kind=kind, status=ConversationStatus.WAITING).count() >= get_settings().queue_limit:
        raise BusyError("The queue is full.")


def check_address(email: str, *, now: datetime) -> None:
    """Raise :class:`TooManyError` if the address, which may be a third party's, has used up the hour."""
    if _naming(email, now - timedelta(hours=1)) >= CONVERSATIONS_PER_ADDRESS:
        raise TooManyError("Too many questions with one address in one hour.")


def _naming(email: str, since: datetime) -> int:
    # What began after ``since`` is due after it: status and due time, which are indexed, narrow it down.
    recent = Conversation.objects.filter(status__in=ConversationStatus.values, due_at__gt=since, created_at__gt=since)
    return recent.filter(email__iexact=email).count()


_WRITTEN = Prepared(
    lambda: Message.objects.filter(
        conversation=Given("conversation", BigIntegerField()), role=Role.SHOPPER, at__gt=Given("since", DateTimeField())
    ).values_list("pk")[:MESSAGES_PER_MINUTE]
)
