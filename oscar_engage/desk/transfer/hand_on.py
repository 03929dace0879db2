"""How does a conversation change hands? To an agent with room for it, or back into a queue; slots move exactly, clocks go on.

The shopper is told with a word, whoever gets it by a note with the reason, and the trail has a line, all in one transaction.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.dialer.held import note_seated
from oscar_engage.desk.models import LIVE, Agent, Conversation, ConversationKind, ConversationStatus, Message, Queue, Role
from oscar_engage.desk.notes.models import NoteKind
from oscar_engage.desk.notes.write import User, write_note
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.promises.course import FIELDS, after_return
from oscar_engage.desk.promises.due import say_due
from oscar_engage.desk.slots import ACTIVE, SILENT_AFTER, give_back, settle_silent
from oscar_engage.desk.take import use_room
from oscar_engage.desk.transfer.claim import claim
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.whereabouts import Whereabouts

HANDED_ON = "conversation.handed_on"
TAKEN_OVER = "conversation.taken_over"
"""What the trail calls it."""


def hand_to_agent(conversation: Conversation, to: Agent, deed: Deed, *, seen: Whereabouts) -> Conversation:
    """Give ``conversation`` to another agent and return it; for a chat that agent is online and has a free slot.

    The reason is shown to ``to`` as a note. Raises ``MovedError``, ``NoFreeSlotError`` or ``InvalidMessageError``.
    """
    with transaction.atomic(using=get_settings().database):
        locked = _give(conversation, to, seen, deed.now)
        write_note(locked, deed.by, body=deed.reason, now=deed.now, kind=NoteKind.HANDOVER, addressee=to)
        _record(locked, deed, HANDED_ON, {"from": seen.agent, "to": to.pk})
    return locked


def take_over(conversation: Conversation, agent: Agent, *, seen: Whereabouts, user: User, now: datetime) -> Conversation:
    """Make a colleague's ``conversation`` that of ``agent``, a supervisor, and return it; the colleague is told by a whisper.

    Raises ``MovedError``, or ``NoFreeSlotError``: for a chat, ``agent`` is online and has a free slot.
    """
    reason = _("%(agent)s has taken over.") % {"agent": agent.display_name}
    with transaction.atomic(using=get_settings().database):
        locked = _give(conversation, agent, seen, now)
        former = Agent.objects.filter(pk=seen.agent or 0).first()
        write_note(locked, agent, body=reason, now=now, kind=NoteKind.WHISPER, addressee=former)
        deed = Deed(by=agent, user=user, reason=reason, now=now)
        _record(locked, deed, TAKEN_OVER, {"from": seen.agent, "to": agent.pk})
    return locked


def hand_to_queue(conversation: Conversation, queue: Queue | None, deed: Deed, *, seen: Whereabouts) -> Conversation:
    """Have ``conversation`` wait for another agent in ``queue`` (``None``: the default one) and return it.

    Who was answered already is promised an answer anew, by the same policy; what is owed keeps its time. Raises ``MovedError``
    or ``InvalidMessageError``.
    """
    now = deed.now
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        weight = locked.weight
        after_return(locked, now=now)  # before the status says that it waits, which would be an answer owed
        claim(locked, seen, agent=None, queue=queue, status=ConversationStatus.WAITING, weight=0, **_clocks(locked))
        if weight and seen.agent is not None:
            give_back(seen.agent, weight, now=now)
        write_note(locked, deed.by, body=deed.reason, now=now, kind=NoteKind.HANDOVER)
        if locked.kind == ConversationKind.CHAT:
            say(locked, lambda: " ".join((_("A colleague takes over; you are back in the queue."), say_due(locked))), now=now)
        _record(locked, deed, HANDED_ON, {"from": seen.agent, "queue": queue.slug if queue else ""})
    return locked


def _give(conversation: Conversation, to: Agent, seen: Whereabouts, now: datetime) -> Conversation:
    """Make it that of ``to``, with slot, clock and a word to the shopper of a chat; inside the caller's transaction."""
    if conversation.kind in LIVE:
        _lock_all(conversation, to, seen, now)
        settle_silent(now=now, agent=to)
    locked = lock_conversation(conversation)
    is_live, weight = locked.kind in LIVE, locked.weight
    if _shopper_spoke_last(locked):
        after_return(locked, now=now)
    status = ConversationStatus.OPEN if is_live else locked.status
    taken = {"agent": to, "taken_at": locked.taken_at or now, "weight": ACTIVE if is_live else 0}
    claim(locked, seen, status=status, **taken, **_clocks(locked))
    if is_live:
        if weight and seen.agent is not None:
            give_back(seen.agent, weight, now=now)
        use_room(to, now=now)
    if locked.kind == ConversationKind.CHAT:
        note_seated(locked, now=now)
        say(locked, lambda: _("%(agent)s is here for you now.") % {"agent": to.display_name}, now=now)
    return locked


def _record(locked: Conversation, deed: Deed, action: str, detail: dict[str, Any]) -> None:
    record_action(actor=deed.user, action=action, object_kind="conversation", object_id=locked.pk, now=deed.now, detail=detail)


def _clocks(locked: Conversation) -> dict[str, Any]:
    return {name: getattr(locked, name) for name in FIELDS}


def _shopper_spoke_last(locked: Conversation) -> bool:
    said = Message.objects.filter(conversation=locked).exclude(role=Role.SYSTEM).order_by("-seq")
    return said.values_list("role", flat=True).first() == Role.SHOPPER


def _lock_all(conversation: Conversation, to: Agent, seen: Whereabouts, now: datetime) -> None:
    """Lock the chats that are about to change, then the agents, each in one order.

    So two who give each other a chat at once do not wait for each other, also where a request is one transaction.
    """
    silent = Q(agent=to, weight=ACTIVE, spoken_at__lte=now - SILENT_AFTER)
    chats = Conversation.objects.filter(Q(pk=conversation.pk) | silent).order_by("pk").select_for_update(of=("self",))
    agents = Agent.objects.filter(pk__in=(to.pk, seen.agent or 0)).order_by("pk").select_for_update()
    for rows in (chats, agents):
        list(rows.values_list("pk", flat=True))
