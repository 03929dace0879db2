"""What becomes of an agent's conversations when the agent leaves? They go back into their queues, or to whom they are given."""

from django.db import transaction
from django.db.models import Q

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, Presence, Queue
from oscar_engage.desk.presence import lock_chats, set_presence
from oscar_engage.desk.queries import of_agent
from oscar_engage.desk.queues import QueueBook, read_queues
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.transfer.claim import MovedError, where_is
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.hand_on import hand_to_agent, hand_to_queue


def send_off(agent: Agent, deed: Deed, *, to: Agent | Queue | None = None) -> tuple[int, int]:
    """Take ``agent`` off the desk: offline, with nothing left. Return how many conversations ``to`` got and how many went back.

    ``to`` is an agent, a queue, or ``None``: all go back into the queues they came from. What an agent has no room for, or
    whose queue is not for that agent, goes back as well. Each conversation moves for itself, so what was cut off is
    completed by doing it again.
    """
    _stop(agent, to, deed)
    book = read_queues()
    given = sum(_give(one, to, deed) for one in of_agent(agent) if _may_have(one, to, book)) if to is not None else 0
    back = sum(_give(one, book.queues.get(one.queue_id or 0), deed) for one in of_agent(agent))
    set_presence(agent, Presence.OFFLINE, now=deed.now)
    record_action(
        actor=deed.user,
        action="agent.sent_off",
        object_kind="agent",
        object_id=agent.pk,
        now=deed.now,
        detail={"given": given, "returned": back},
    )
    return given, back


def _may_have(conversation: Conversation, to: Agent | Queue | None, book: QueueBook) -> bool:
    members = book.members_of(conversation) if isinstance(to, Agent) else None
    return members is None or (isinstance(to, Agent) and to.pk in members)


def _stop(agent: Agent, to: Agent | Queue | None, deed: Deed) -> None:
    """Have nothing new come while the rest goes; chats first, since a request can be one transaction."""
    with transaction.atomic(using=get_settings().database):
        lock_chats(Q(agent__in=[agent, to] if isinstance(to, Agent) else [agent]))
        if agent.presence == Presence.ONLINE:
            set_presence(agent, Presence.AWAY, now=deed.now)


def _give(conversation: Conversation, to: Agent | Queue | None, deed: Deed) -> bool:
    """Hand it on; false where somebody was quicker or there is no room."""
    seen = where_is(conversation)
    try:
        if isinstance(to, Agent):
            hand_to_agent(conversation, to, deed, seen=seen)
        else:
            hand_to_queue(conversation, to, deed, seen=seen)
    except (MovedError, NoFreeSlotError):
        return False
    return True
