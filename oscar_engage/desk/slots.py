"""Has this agent room for one more chat? A slot is taken and given back by one guarded UPDATE: exact under any race.

Whoever changes a conversation and a slot in one transaction changes the conversation first: one order, no deadlock.
"""

from datetime import datetime

from django.db.models import F

from oscar_engage.desk.models import Agent, Presence


class NoFreeSlotError(ValueError):
    """The agent is not online, or has as many chats as the agent's capacity."""


def use_slot(agent: Agent, *, now: datetime) -> None:
    """Take one slot of ``agent`` or raise :class:`NoFreeSlotError`."""
    taken = Agent.objects.filter(pk=agent.pk, presence=Presence.ONLINE, lease_until__gt=now, used__lt=F("capacity")).update(
        used=F("used") + 1
    )
    if not taken:
        raise NoFreeSlotError(f"{agent} has no free slot.")


def free_slot(agent_id: int) -> None:
    """Give one slot back; called only by whoever has just ended the chat that held it, so exactly once a chat."""
    Agent.objects.filter(pk=agent_id, used__gt=0).update(used=F("used") - 1)
