"""How is a message added? Once for each ``client_id``, numbered under the conversation's row lock, its author set by us."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import translation

from oscar_engage import hooks
from oscar_engage.conf import get_settings
from oscar_engage.desk.flood import check_new_message
from oscar_engage.desk.mail import enqueue_answer_mail, enqueue_rest
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message, Role
from oscar_engage.desk.promises.course import FIELDS, after_answer, after_question, owes_answer
from oscar_engage.desk.slots import wake
from oscar_engage.desk.text import clean_message

_MOVED = ("last_seq", "status", "agent", "first_reply_at", "shopper_read_seq", "agent_read_seq", "spoken_at", *FIELDS)
"""What a message may change in its conversation."""


class ConversationClosedError(ValueError):
    """The conversation is over: nobody can write in it any more."""


class NotTakenError(ValueError):
    """An agent answers only a chat that this agent has taken."""


def post_message(
    conversation: Conversation,
    *,
    role: str,
    body: str,
    client_id: uuid.UUID,
    now: datetime,
    agent: Agent | None = None,
    is_question: bool = False,
) -> Message:
    """Add a message and return it; a repeated ``client_id`` returns the message that is there already.

    ``is_question``: with this answer the agent waits for the shopper, and so does the clock of the promised solution.

    ``role`` is what the caller knows the author to be, never what a form says; an agent's message names its ``agent``. Raises
    ``InvalidMessageError``, ``TooManyError``, :class:`ConversationClosedError` or :class:`NotTakenError`.
    """
    text = clean_message(body)
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        repeated = locked.messages.filter(client_id=client_id).first()
        if repeated is not None:
            return repeated
        _check_may_post(locked, role, agent, now)
        if role == Role.AGENT:
            after_answer(locked, now=now, was_owed=owes_answer(locked), is_question=is_question)
        return append(locked, role=role, body=text, client_id=client_id, now=now, agent=agent)


def lock_conversation(conversation: Conversation) -> Conversation:
    """Return the row as it is now, locked until the transaction ends."""
    return Conversation.objects.select_for_update().get(pk=conversation.pk)


def append(
    locked: Conversation, *, role: str, body: str, client_id: uuid.UUID, now: datetime, agent: Agent | None = None
) -> Message:
    """Write the next message of a conversation whose row the caller has locked (or just created)."""
    locked.last_seq += 1
    message = Message.objects.create(
        conversation=locked, seq=locked.last_seq, client_id=client_id, role=role, agent=agent, body=body, at=now
    )
    locked.spoken_at = now
    _CONSEQUENCES[Role(role)](locked, message, now)
    locked.save(update_fields=_MOVED)
    wake(locked)
    transaction.on_commit(
        partial(hooks.message_posted.send_robust, sender=Message, conversation=locked, message=message),
        using=get_settings().database,
        robust=True,
    )
    return message


def say(locked: Conversation, sentence: Callable[[], str], *, now: datetime) -> Message:
    """Write a system message in the shopper's language; ``sentence`` returns the translated text when it is called."""
    with translation.override(locked.language or translation.get_language()):
        body = sentence()
    return append(locked, role=Role.SYSTEM, body=body, client_id=uuid.uuid4(), now=now)


def _check_may_post(locked: Conversation, role: str, agent: Agent | None, now: datetime) -> None:
    if locked.status == ConversationStatus.CLOSED:
        raise ConversationClosedError(f"{locked} is closed.")
    if role == Role.SHOPPER:
        check_new_message(locked, now=now)
    if role == Role.AGENT:
        if agent is None:
            raise NotTakenError("An agent's message needs its agent.")
        if locked.kind == ConversationKind.CHAT and locked.agent_id != agent.pk:
            raise NotTakenError(f"{agent} has not taken {locked}.")


def _after_shopper(locked: Conversation, message: Message, now: datetime) -> None:
    locked.shopper_read_seq = message.seq
    is_new = locked.kind == ConversationKind.NOTE and locked.status == ConversationStatus.OPEN
    if is_new:
        locked.status = ConversationStatus.WAITING
    after_question(locked, now=now, is_new=is_new)


def _after_agent(locked: Conversation, message: Message, now: datetime) -> None:
    locked.agent_read_seq = message.seq
    locked.first_reply_at = locked.first_reply_at or now
    if locked.kind == ConversationKind.NOTE:
        locked.status = ConversationStatus.OPEN
        locked.agent = locked.agent or message.agent
        enqueue_answer_mail(locked, message, now=now)
    else:
        enqueue_rest(locked, message, now=now)


def _after_system(locked: Conversation, message: Message, now: datetime) -> None:
    pass


_CONSEQUENCES: dict[Role, Callable[[Conversation, Message, datetime], None]] = {
    Role.SHOPPER: _after_shopper,
    Role.AGENT: _after_agent,
    Role.SYSTEM: _after_system,
}
