"""How many more chats can the agents take? The desk's answer to ``decisions.ports.Availability``."""

from datetime import datetime

from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Presence
from oscar_engage.desk.slots import room


class DeskAvailability:
    """Counts the free slots of the agents who are online now, less the chats that already wait for one."""

    def free_agents(self, *, now: datetime) -> int:
        """Return how many more live conversations the agents can take at ``now``; two queries, one when nobody is there."""
        present = Agent.objects.filter(presence=Presence.ONLINE, lease_until__gt=now)
        slots = sum(room(agent, now=now) for agent in present)
        if not slots:
            return 0
        waiting = Conversation.objects.filter(kind=ConversationKind.CHAT, status=ConversationStatus.WAITING).count()
        return max(slots - waiting, 0)
