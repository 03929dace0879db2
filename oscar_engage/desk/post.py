"""How is a message added? Once for each ``client_id``, numbered under the conversation's row lock, its author set by us."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import BigIntegerField, UUIDField
from django.utils import translation

from oscar_engage import hooks
from oscar_engage.conf import get_settings
from oscar_engage.desk.carry.cards import check_card, sight_of
from oscar_engage.desk.carry.files import attach, check_flood
from oscar_engage.desk.carry.load import NOTHING, Load
from oscar_engage.desk.flood import check_new_message
from oscar_engage.desk.mail import enqueue_answer_mail, enqueue_rest
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message, Role
from oscar_engage.desk.promises.course import FIELDS, after_answer, after_question, owes_answer
from oscar_engage.desk.slots import wake
from oscar_engage.desk.text import clean_message
from oscar_engage.statements.prepared import Given
from oscar_engage.statements.whole import PreparedModels

_MOVED = (
    *("last_seq", "status", "agent", "first_reply_at", "shopper_read_seq", "agent_read_seq", "spoken_at"),
    *("shopper_writes_until", "agent_writes_until", "taken_at"),
    *FIELDS,
)
"""What a message may change in its conversation."""


class ConversationClosedError(ValueError):
    """The conversation is over: nobody can write in it any more."""


class NotTakenError(ValueError):
    """An agent answers only a chat that this agent has taken."""


class AnsweredError(ValueError):
    """A colleague has answered meanwhile, which this agent had not seen; what the agent wrote was not kept."""


def post_message(
    conversation: Conversation,
    *,
    role: str,
    body: str,
    client_id: uuid.UUID,
    now: datetime,
    agent: Agent | None = None,
    is_question: bool = False,
    seen: int | None = None,
    load: Load = NOTHING,
) -> Message:
    """Add a message and return it; a repeated ``client_id`` returns the message that is there already.

    ``seen``: the number of the last message that the agent saw; a colleague's after it raises :class:`AnsweredError`.
    ``is_question``: with this answer the agent waits for the shopper, and so does the clock of the promised solution.

    ``load``: what the message carries; with something in it, ``body`` may be empty.

    ``role`` is what the caller knows the author to be, never what a form says; an agent's message names its ``agent``. Raises
    ``InvalidMessageError``, ``TooManyError``, ``CardRefusedError``, :class:`ConversationClosedError` or
    :class:`NotTakenError`.
    """
    text = clean_message(body) if body.strip() or not load else ""
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        for repeated in _REPEATED.all(conversation=locked.pk, client_id=client_id):
            repeated.conversation = locked
            return repeated
        _check_may_post(locked, role, agent, now)
        if load.card:
            check_card(load.card, locked, sight_of(locked))
        if role == Role.SHOPPER:
            check_flood(locked, len(load.files), now=now)
        if role == Role.AGENT:
            _check_unanswered(locked, agent, seen)
            after_answer(locked, now=now, was_owed=owes_answer(locked), is_question=is_question)
        return append(locked, role=role, body=text, client_id=client_id, now=now, agent=agent, load=load)


def lock_conversation(conversation: Conversation) -> Conversation:
    """Return the row as it is now, locked until the transaction ends."""
    return _LOCKED.get(pk=conversation.pk)


def append(
    locked: Conversation,
    *,
    role: str,
    body: str,
    client_id: uuid.UUID,
    now: datetime,
    agent: Agent | None = None,
    load: Load = NOTHING,
) -> Message:
    """Write the next message of a conversation whose row the caller has locked (or just created)."""
    locked.last_seq += 1
    card = load.card.as_json() if load.card else None
    said = {"client_id": client_id, "role": role, "agent": agent, "body": body, "card": card, "at": now}
    message = Message.objects.create(conversation=locked, seq=locked.last_seq, **said)
    attach(message, load.files)
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


def say(locked: Conversation, sentence: Callable[[], str], *, now: datetime, client_id: uuid.UUID | None = None) -> Message:
    """Write a system message in the shopper's language; ``sentence`` returns the translated text when it is called."""
    with translation.override(locked.language or translation.get_language()):
        body = sentence()
    return append(locked, role=Role.SYSTEM, body=body, client_id=client_id or uuid.uuid4(), now=now)


def _check_may_post(locked: Conversation, role: str, agent: Agent | None, now: datetime) -> None:
    if locked.status == ConversationStatus.CLOSED:
        raise ConversationClosedError(f"{locked} is closed.")
    if role == Role.SHOPPER:
        check_new_message(locked, now=now)
    if role == Role.AGENT:
        if agent is None:
            raise NotTakenError("An agent's message needs its agent.")
        if locked.kind == ConversationKind.CALL:
            raise NotTakenError(f"{locked} is answered by a call.")
        if locked.kind == ConversationKind.CHAT and locked.agent_id != agent.pk:
            raise NotTakenError(f"{agent} has not taken {locked}.")


def _check_unanswered(locked: Conversation, agent: Agent | None, seen: int | None) -> None:
    if seen is not None and locked.last_seq > seen:
        others = locked.messages.filter(seq__gt=seen, role=Role.AGENT).exclude(agent=agent)
        if others.exists():
            raise AnsweredError(f"{locked} was answered by somebody else.")


def _after_shopper(locked: Conversation, message: Message, now: datetime) -> None:
    locked.shopper_read_seq, locked.shopper_writes_until = message.seq, None
    is_new = locked.kind == ConversationKind.NOTE and locked.status == ConversationStatus.OPEN
    if is_new:
        locked.status = ConversationStatus.WAITING
    after_question(locked, now=now, is_new=is_new)


def _after_agent(locked: Conversation, message: Message, now: datetime) -> None:
    locked.agent_read_seq, locked.agent_writes_until = message.seq, None
    locked.first_reply_at = locked.first_reply_at or now
    if locked.kind == ConversationKind.NOTE:
        locked.status = ConversationStatus.OPEN
        locked.agent, locked.taken_at = locked.agent or message.agent, locked.taken_at or now
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

_LOCKED = PreparedModels(lambda: Conversation.objects.select_for_update().filter(pk=Given("pk", BigIntegerField())))

_REPEATED = PreparedModels(
    lambda: Message.objects.filter(
        conversation=Given("conversation", BigIntegerField()), client_id=Given("client_id", UUIDField())
    )
)
