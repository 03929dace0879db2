"""Has the shopper left the chat? Then it rests: it goes on as a note with the same agent, and what was said goes by mail.

Whether somebody is there is known exactly: an open chat fetches what is new every three seconds, and the conversation keeps up
to which message it has. What an agent wrote and nobody fetched for ``REST_MINUTES`` reached nobody. A note weighs nothing,
nobody waits at a screen for it, and each further answer is mailed like any note's. An agent who has gone meanwhile keeps it,
too: all was answered that was asked, and nothing is owed. What was handed on to a queue after that goes on waiting there.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.mail import REST_KIND, enqueue_answer_mail
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Message, Role
from oscar_engage.desk.notes.models import InternalNote, NoteKind
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.promises.course import after_answer, owes_answer
from oscar_engage.desk.slots import give_back
from oscar_engage.jobs.registry import handler


def rest(message: Message, *, now: datetime) -> bool:
    """Turn the chat of ``message`` into a note if its shopper was not shown that, and mail it; return whether it was so."""
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(message.conversation)
        shown, weight, agent_id = locked.shopper_read_seq, locked.weight, locked.agent_id or message.agent_id
        left = Conversation.objects.filter(pk=locked.pk, kind=ConversationKind.CHAT, shopper_read_seq__lt=message.seq)
        left = left.exclude(status=ConversationStatus.CLOSED).exclude(email="")
        as_note: dict[str, Any] = {"kind": ConversationKind.NOTE, "weight": 0}
        is_passed_on = _is_passed_on(locked, message)
        if not is_passed_on:
            as_note |= {"status": ConversationStatus.OPEN, "agent_id": agent_id}
        if not left.update(**as_note):
            return False
        if locked.agent_id is not None and weight:
            give_back(locked.agent_id, weight, now=now)
        locked.refresh_from_db()
        if not is_passed_on:
            after_answer(locked, now=now, was_owed=owes_answer(locked), is_question=False)
        latest = locked.messages.filter(role=Role.AGENT).order_by("-seq").first() or message
        say(locked, lambda: _("The shopper has left. The conversation goes on by mail, like a note."), now=now)
        enqueue_answer_mail(locked, latest, now=now, after=shown)
    return True


def rest_if_left(conversation: Conversation, *, now: datetime) -> None:
    """Do it for the last that an agent said, whenever that was: somebody who writes by mail has left the chat."""
    latest = conversation.messages.filter(role=Role.AGENT).order_by("-seq").first()
    if latest is not None and conversation.kind == ConversationKind.CHAT:
        rest(latest, now=now)


def _is_passed_on(locked: Conversation, message: Message) -> bool:
    """Whether an agent has put it into a queue after ``message``: a colleague is to do something about it."""
    if locked.status != ConversationStatus.WAITING:
        return False
    since = InternalNote.objects.filter(conversation=locked, kind=NoteKind.HANDOVER, addressee=None, at__gte=message.at)
    return since.exists()


@handler(REST_KIND)
def rest_unread_chat(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Do it for the message that the job names; nothing if it is gone."""
    message = Message.objects.select_related("conversation").filter(pk=payload["message"]).first()
    if message is not None:
        rest(message, now=now)
