"""Who answers this one? An agent takes it, once; closing it gives the slot back, once."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.acts.models import expire_waiting
from oscar_engage.desk.calls.ending import end_call
from oscar_engage.desk.dialer.held import end_dead, note_seated
from oscar_engage.desk.models import LIVE, Agent, Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.slots import ACTIVE, NoFreeSlotError, give_back, settle_silent, use_slot


class TakenError(ValueError):
    """Another agent has it, or it is over."""


def take(conversation: Conversation, agent: Agent, *, now: datetime) -> Conversation:
    """Give ``conversation`` to ``agent`` and return it as it is now; taking one's own again changes nothing.

    A chat or a call uses one of the agent's slots (``desk.slots``), a note none. Raises :class:`TakenError` or
    ``NoFreeSlotError``.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        if locked.agent_id == agent.pk and locked.status != ConversationStatus.CLOSED:
            return locked
        if locked.kind in LIVE:
            settle_silent(now=now, agent=agent)
        _claim(locked, agent, now)
        if locked.kind in LIVE:
            use_room(agent, now=now)
        if locked.kind == ConversationKind.CHAT:
            note_seated(locked, now=now)
            say(locked, lambda: _("%(agent)s is here.") % {"agent": agent.display_name}, now=now)
    return locked


def use_room(agent: Agent, *, now: datetime) -> None:
    """Take a slot as ``slots.use_slot`` does; places kept for invited shoppers who did not come give way."""
    try:
        use_slot(agent, now=now)
    except NoFreeSlotError:
        if not end_dead(now=now, agent_id=agent.pk):
            raise
        use_slot(agent, now=now)


def _claim(locked: Conversation, agent: Agent, now: datetime) -> None:
    """Set the agent by a guarded UPDATE, because SQLite has no row locks that the read could have taken."""
    waiting = Conversation.objects.filter(pk=locked.pk, kind=locked.kind, status=ConversationStatus.WAITING, agent__isnull=True)
    status, weight = (ConversationStatus.OPEN, ACTIVE) if locked.kind in LIVE else (ConversationStatus.WAITING, 0)
    taken_at = locked.taken_at or now
    if not waiting.update(agent=agent, status=status, weight=weight, taken_at=taken_at):
        raise TakenError(f"{locked} is not free.")
    locked.agent, locked.status, locked.weight, locked.taken_at = agent, status, weight, taken_at


def close(
    conversation: Conversation, agent: Agent | None = None, *, now: datetime, farewell: Callable[[], str] | None = None
) -> Conversation:
    """End ``conversation`` (by ``agent``, or by the shopper) and return it; closing it again changes nothing.

    ``farewell`` returns the last words in it, in the language that is active then; without one, who closed it.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        if not _end(locked, now):
            return locked
        if locked.agent_id is not None and locked.weight:
            give_back(locked.agent_id, locked.weight, now=now)
            locked.weight = 0
        expire_waiting(locked, now=now)
        if locked.kind == ConversationKind.CALL:
            end_call(locked, now=now)
        say(locked, farewell or (lambda: _farewell(agent)), now=now)
    return locked


def _end(locked: Conversation, now: datetime) -> bool:
    open_one = Conversation.objects.filter(pk=locked.pk).exclude(status=ConversationStatus.CLOSED)
    is_mine = bool(open_one.update(status=ConversationStatus.CLOSED, closed_at=now, watch_at=None, weight=0))
    locked.status, locked.closed_at, locked.watch_at = ConversationStatus.CLOSED, locked.closed_at or now, None
    return is_mine


def _farewell(agent: Agent | None) -> str:
    if agent is None:
        return _("This conversation is closed.")
    return _("%(agent)s closed this conversation.") % {"agent": agent.display_name}
