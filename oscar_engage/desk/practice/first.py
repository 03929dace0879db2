"""Does a real shopper need this agent? Then practice waits: a real shopper always goes first."""

from datetime import datetime

from oscar_engage.conf import get_settings
from oscar_engage.desk.line import find_fitting
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Presence
from oscar_engage.desk.queues import read_queues


def is_needed(agent: Agent, *, now: datetime) -> bool:
    """Whether a chat of ``agent`` waits for an answer, or, while they are online, one that nobody has taken and they can.

    One query for who has no chat and is not online; four at most.
    """
    chats = Conversation.objects.filter(kind=ConversationKind.CHAT)
    owed = chats.filter(agent=agent, owed_since__isnull=False).exclude(status=ConversationStatus.CLOSED)
    if owed.exists():
        return True
    if agent.presence != Presence.ONLINE or agent.lease_until is None or agent.lease_until <= now:
        return False
    nobodys = chats.filter(status=ConversationStatus.WAITING, agent__isnull=True).order_by("due_at", "pk")
    waiting = list(nobodys[: get_settings().queue_limit])
    return bool(waiting) and bool(find_fitting(agent, waiting, read_queues(), now=now))
