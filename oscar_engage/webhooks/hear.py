"""What is told at once? Events that a hook tells of; the sweep finds the others, and these if a process died in between."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from oscar_engage import hooks
from oscar_engage.desk.models import Conversation, Message, Role
from oscar_engage.modules import is_on
from oscar_engage.webhooks.plan import active_subscriptions, plan
from oscar_engage.webhooks.registry import EVENTS

_UID = "engage-webhooks"


def connect() -> None:
    """Listen to our own hooks; they are sent after the commit, and what fails here is logged and swept up."""
    hooks.conversation_opened.connect(_on_opened, dispatch_uid=_UID)
    hooks.message_posted.connect(_on_message, dispatch_uid=_UID)


def _on_opened(sender: object, conversation: Conversation, **kwargs: Any) -> None:
    event = "call.asked" if conversation.kind == "call" else "conversation.begun"
    _plan(event, conversation.public_id, conversation.created_at)


def _on_message(sender: object, message: Message, **kwargs: Any) -> None:
    if message.role != Role.SYSTEM:
        _plan("message.posted", str(message.pk), message.at)


def _plan(event: str, object_id: str, happened_at: datetime) -> None:
    module = EVENTS.get(event).module
    if not module or is_on(module):
        plan(active_subscriptions(), event, object_id, happened_at=happened_at, now=timezone.now())


connect()
