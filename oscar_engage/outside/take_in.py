"""What agents did there is done here: what they wrote is posted as any answer, what they took is theirs, what they closed ends.

Each once, however often and by however many at once it is told: a message by its id there, the others by how it stands.
"""

import uuid
from datetime import datetime
from enum import Enum

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message, Role
from oscar_engage.desk.post import lock_conversation, post_message
from oscar_engage.desk.take import close
from oscar_engage.desk.text import LONGEST_MESSAGE, InvalidMessageError, clean_message
from oscar_engage.outside.agents import agent_of
from oscar_engage.outside.models import OutsideConversation, OutsideMessage
from oscar_engage.outside.port import Said, Somebody
from oscar_engage.outside.seat import holds, note_held, seat
from oscar_engage.outside.text import pieces_of

_NAMESPACE = uuid.UUID("8b7f4c56-5f0e-4b0e-9a5b-0b1f6d7b1f42")


class Taken(Enum):
    """What became of a message."""

    POSTED = "posted"
    KNOWN = "known"
    CLOSED = "closed"
    """The conversation is over, so the shopper did not get it."""
    EMPTY = "empty"


def take_in_said(place: OutsideConversation, said: Said, *, now: datetime) -> Taken:
    """Post what an agent wrote there, in the name of whoever that is here. Raises ``NobodyHereError``."""
    agent = agent_of(said.author)
    try:
        with transaction.atomic(using=get_settings().database):
            return _post(place, said, agent, now)
    except IntegrityError:  # the same at once, where no row lock kept it out
        if OutsideMessage.objects.filter(place=place, outside_id=said.id).exists():
            return Taken.KNOWN
        raise


def _post(place: OutsideConversation, said: Said, agent: Agent, now: datetime) -> Taken:
    conversation = place.conversation
    if conversation is None:
        return Taken.CLOSED
    locked = lock_conversation(conversation)
    place.refresh_from_db()
    if OutsideMessage.objects.filter(place=place, outside_id=said.id).exists():
        return Taken.KNOWN
    if locked.status == ConversationStatus.CLOSED:
        return Taken.CLOSED
    bodies = _bodies(locked, said)
    if not bodies:
        return Taken.EMPTY
    _sit_down(locked, place, agent, now)
    for number, body in enumerate(bodies, 1):
        outside_id = said.id if number == 1 else f"{said.id}/{number}"
        client_id = uuid.uuid5(_NAMESPACE, f"{place.desk} {outside_id}")
        message = post_message(locked, role=Role.AGENT, body=body, client_id=client_id, agent=agent, now=now)
        OutsideMessage.objects.create(place=place, message=message, outside_id=outside_id, is_theirs=True)
    if locked.kind == ConversationKind.NOTE:
        _note_answerer(place, agent)
    return Taken.POSTED


def _sit_down(locked: Conversation, place: OutsideConversation, agent: Agent, now: datetime) -> None:
    """Have a chat be that of whoever answers it; a note may be answered by anybody, and one that is nobody's becomes theirs."""
    if locked.kind == ConversationKind.CHAT and not (locked.agent_id == agent.pk and holds(place, locked)):
        seat(locked, place, agent, now=now)


def _note_answerer(place: OutsideConversation, agent: Agent) -> None:
    """Remember that a note became that of ``agent`` by an answer there, which that desk knows of."""
    if place.told_agent != agent.pk and Conversation.objects.filter(outside=place, agent=agent).exists():
        note_held(place, agent)


def _bodies(locked: Conversation, said: Said) -> list[str]:
    """Return the texts to post, in the shopper's language where they are ours; nothing if there is nothing to read."""
    with translation.override(locked.language or translation.get_language()):
        files = [_("A file: %(address)s") % {"address": address} for address in said.files]
        if said.hidden_files:
            words = ngettext(
                "(%(count)s file that cannot be shown here)", "(%(count)s files that cannot be shown here)", said.hidden_files
            )
            files.append(words % {"count": said.hidden_files})
    whole = "\n".join([said.text, *files])
    return [body for body in pieces_of(whole, longest=LONGEST_MESSAGE) if _is_readable(body)]


def _is_readable(body: str) -> bool:
    try:
        clean_message(body)
    except InvalidMessageError:
        return False
    return True


def take_in_assignee(place: OutsideConversation, somebody: Somebody, *, now: datetime) -> bool:
    """Give the conversation to whoever has it there, and return whether it changed hands.

    An agent here who has it keeps it, until somebody there answers: a desk that gives out by itself takes nobody's chat away.
    """
    agent = agent_of(somebody)
    if place.conversation is None:
        return False
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(place.conversation)
        place.refresh_from_db()
        if locked.status == ConversationStatus.CLOSED or locked.agent_id == agent.pk:
            return False
        if locked.agent_id is not None and not holds(place, locked):
            return False
        seat(locked, place, agent, now=now)
    return True


def take_in_close(place: OutsideConversation, *, now: datetime) -> bool:
    """Close the conversation as it was closed there, and return whether that was so.

    Not while the shopper has written something that is not there yet: that opens it there again.
    """
    if place.conversation is None:
        return False
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(place.conversation)
        place.refresh_from_db()
        if locked.status == ConversationStatus.CLOSED or _has_untold(locked, place):
            return False
        place.told_closed = True
        place.save(update_fields=["told_closed"])
        close(locked, locked.agent, now=now)
        record_action(
            actor=None, action="conversation.closed_outside", object_kind="conversation", object_id=locked.pk, now=now
        )
    return True


def _has_untold(locked: Conversation, place: OutsideConversation) -> bool:
    return Message.objects.filter(conversation=locked, role=Role.SHOPPER, seq__gt=place.told_seq or 0).exists()
