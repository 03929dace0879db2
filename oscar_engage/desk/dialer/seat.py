"""Who answers the invited shopper's question? The agent whose slot was kept, else whoever is free; else it waits, visibly."""

from datetime import datetime
from uuid import UUID

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from oscar_engage.desk.dialer.held import claim_end, give_back_slot, note_seated
from oscar_engage.desk.dialer.models import Hold, HoldEnd
from oscar_engage.desk.line import read_candidates, read_waiting, waiting_of
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Presence
from oscar_engage.desk.post import say
from oscar_engage.desk.queues import read_queues
from oscar_engage.desk.routing import assign
from oscar_engage.desk.slots import ACTIVE, NoFreeSlotError, settle_silent
from oscar_engage.desk.take import use_room


def find_hold(visitor_id: UUID, decision_id: UUID | None) -> Hold | None:
    """Return the place that was kept by this invitation, over or not; no query without one."""
    return (
        Hold.objects.select_related("queue").filter(decision_id=decision_id, visitor_id=visitor_id).first()
        if decision_id
        else None
    )


def seat_invited(conversation: Conversation, hold: Hold, *, now: datetime) -> None:
    """Give the chat that was just opened an agent, if there is one; in the transaction that opened it.

    The kept slot becomes the chat's. Who comes late, or from the budget, is given one that is free; nobody is sent away.
    """
    is_kept = claim_end(hold, HoldEnd.OPENED, now=now)
    Hold.objects.filter(pk=hold.pk).update(asked_at=now, accepted_at=Coalesce("accepted_at", now))
    kept = _kept_agent(hold, now) if is_kept else None
    agent = kept or _free_agent(conversation, now)
    if is_kept and kept is None:
        give_back_slot(hold)  # last: what _free_agent settles are chats, and they come before agents
    if agent is not None:
        _seat(conversation, agent, now)


def _kept_agent(hold: Hold, now: datetime) -> Agent | None:
    return Agent.objects.filter(holds=hold, presence=Presence.ONLINE, lease_until__gt=now).first()


def _free_agent(conversation: Conversation, now: datetime) -> Agent | None:
    """Take a slot of whoever routing gives the chat to, once all that waits has its turn; ``None``: nobody is free."""
    there = read_candidates(now=now)
    if not there:
        return None
    book = read_queues()
    others = [one for one, _visitor in read_waiting(ConversationKind.CHAT, book, now=now) if one.id != conversation.pk]
    given = assign([*others, waiting_of(conversation, book, now=now)], there, head_starts=book.head_starts())
    agent_id = next((one.agent for one in given if one.conversation == conversation.pk), None)
    agent = Agent.objects.filter(pk=agent_id).first() if agent_id is not None else None
    return agent if agent is not None and _has_room(agent, now) else None


def _has_room(agent: Agent, now: datetime) -> bool:
    """Take a slot, once what is over by now is settled, as routing has counted it; false where somebody was quicker."""
    settle_silent(now=now, agent=agent)
    try:
        use_room(agent, now=now)
    except NoFreeSlotError:
        return False
    return True


def _seat(conversation: Conversation, agent: Agent, now: datetime) -> None:
    conversation.agent, conversation.status, conversation.weight = agent, ConversationStatus.OPEN, ACTIVE
    conversation.taken_at = now
    conversation.save(update_fields=["agent", "status", "weight", "taken_at"])
    note_seated(conversation, now=now)
    say(conversation, lambda: _("%(agent)s is here.") % {"agent": agent.display_name}, now=now)
