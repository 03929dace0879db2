"""What is carried there at once? Whatever our own hooks tell of; the sweep finds the rest, and these if a process died."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from oscar_engage import hooks
from oscar_engage.desk.models import Conversation, Message
from oscar_engage.desk.queues import read_queues
from oscar_engage.outside.adapter import get_desk
from oscar_engage.outside.chosen import note_place
from oscar_engage.outside.models import OutsideState
from oscar_engage.outside.plan import plan_carry

_UID = "engage-outside"


def connect() -> None:
    """Listen to our own hooks; they are sent after the commit, and what fails here is logged and swept up."""
    hooks.conversation_opened.connect(_on_opened, dispatch_uid=_UID)
    hooks.message_posted.connect(_on_message, dispatch_uid=_UID)


def _on_opened(sender: object, conversation: Conversation, **kwargs: Any) -> None:
    _plan(conversation, now=timezone.now())


def _on_message(sender: object, message: Message, conversation: Conversation, **kwargs: Any) -> None:
    """Also for our own words in it: that an agent came, or that it was closed, is said by them."""
    if message.seq > 1:  # the first comes with its conversation
        _plan(conversation, now=timezone.now())


def _plan(conversation: Conversation, *, now: datetime) -> None:
    desk = get_desk()
    if desk is None:
        return
    place = note_place(conversation, desk, read_queues(), now=now)
    if place is not None:
        plan_carry(place, conversation, OutsideState.objects.filter(desk=desk.name).first(), now=now)


connect()
