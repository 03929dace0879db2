"""How much may one shopper ask at once? Enough for a person, too little for a script."""

import uuid
from datetime import datetime, timedelta

from oscar_engage.desk.models import Conversation, Role

MESSAGES_PER_MINUTE = 20
"""Messages of the shopper in one conversation: a fast typist in a live chat sends about half of that."""

CONVERSATIONS_PER_HOUR = 5
"""New conversations of one visitor."""


class TooManyError(ValueError):
    """The shopper sent more than a person would; what was sent was not kept."""


def check_new_message(conversation: Conversation, *, now: datetime) -> None:
    """Raise :class:`TooManyError` if the shopper has used up the minute; the conversation's row is locked by the caller."""
    since = now - timedelta(minutes=1)
    if conversation.messages.filter(role=Role.SHOPPER, at__gt=since).count() >= MESSAGES_PER_MINUTE:
        raise TooManyError("Too many messages in one minute.")


def check_new_conversation(visitor_id: uuid.UUID, *, now: datetime) -> None:
    """Raise :class:`TooManyError` if the visitor has used up the hour; the visitor's row is locked by the caller."""
    since = now - timedelta(hours=1)
    if Conversation.objects.filter(visitor_id=visitor_id, created_at__gt=since).count() >= CONVERSATIONS_PER_HOUR:
        raise TooManyError("Too many questions in one hour.")
