"""Who answers there has the conversation here, too: without a slot, for no seat here is taken. With that desk away, it waits.

A chat that is answered there weighs nothing, and that its agent is not present here ends nothing (``desk.presence``).
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.dialer.held import note_seated
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.notes.models import NoteKind
from oscar_engage.desk.notes.write import write_note
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.promises.course import FIELDS, after_return
from oscar_engage.desk.promises.due import say_due
from oscar_engage.desk.slots import give_back
from oscar_engage.desk.transfer.claim import claim, where_is
from oscar_engage.outside.models import OutsideConversation


def seat(locked: Conversation, place: OutsideConversation, agent: Agent, *, now: datetime) -> None:
    """Make ``locked``, which goes on and is locked by the caller, that of ``agent``, who answers there.

    A slot that somebody had for it is given back; whoever had it reads why it is theirs no more, and the trail has a line.
    """
    former, weight = locked.agent, locked.weight
    taken: dict[str, Any] = {"agent": agent, "taken_at": locked.taken_at or now, "weight": 0}
    if locked.kind == ConversationKind.CHAT:
        taken["status"] = ConversationStatus.OPEN
    claim(locked, where_is(locked), **taken)
    if former is not None and weight:
        give_back(former.pk, weight, now=now)
    if former is not None and former.pk != agent.pk:
        words = _("%(agent)s answers this in the outside desk.") % {"agent": agent.display_name}
        write_note(locked, agent, body=words, now=now, kind=NoteKind.WHISPER, addressee=former)
    if locked.kind == ConversationKind.CHAT and (former is None or former.pk != agent.pk):
        note_seated(locked, now=now)
        say(locked, lambda: _("%(agent)s is here.") % {"agent": agent.display_name}, now=now)
    note_held(place, agent)
    record_action(
        actor=None,
        action="conversation.taken_outside",
        object_kind="conversation",
        object_id=locked.pk,
        now=now,
        detail={"from": former.pk if former else None, "to": agent.pk},
    )


def note_held(place: OutsideConversation, agent: Agent) -> None:
    """Note that it is given to ``agent`` there, as it is here: nothing is to be told."""
    place.told_agent, place.is_held = agent.pk, True
    place.save(update_fields=["told_agent", "is_held"])


def holds(place: OutsideConversation, conversation: Conversation) -> bool:
    """Whether somebody there has it now, and nobody here has taken it since."""
    return place.is_held and place.told_agent is not None and conversation.agent_id == place.told_agent


def bring_back(place: OutsideConversation, *, now: datetime) -> bool:
    """Have a chat wait here again that is held there, and return whether it was so: the outside desk does not answer."""
    if place.conversation is None:
        return False
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(place.conversation)
        is_chat = locked.kind == ConversationKind.CHAT and locked.status == ConversationStatus.OPEN
        if not (is_chat and holds(place, locked)):
            return False
        after_return(locked, now=now)
        clocks = {name: getattr(locked, name) for name in FIELDS}
        claim(locked, where_is(locked), agent=None, status=ConversationStatus.WAITING, weight=0, **clocks)
        place.told_agent, place.is_held = None, False
        place.save(update_fields=["told_agent", "is_held"])
        say(locked, lambda: " ".join((_("A colleague takes over; you are back in the queue."), say_due(locked))), now=now)
    return True
