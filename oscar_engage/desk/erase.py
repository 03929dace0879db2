"""How do conversations go? With the slots they held, so that no agent stays busy with a chat that is gone."""

from datetime import datetime

from oscar_engage.desk.models import Conversation, Presence
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.slots import give_back
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Rows


def delete_conversations(rows: Rows, *, now: datetime) -> None:
    """Delete the conversations and give back the slots of the chats that were going on; inside the caller's transaction."""
    locked = list(rows.order_by("pk").select_for_update())
    for conversation in sorted(
        locked, key=lambda conversation: conversation.agent_id or 0
    ):  # agents in one order, as everywhere
        if conversation.weight and conversation.agent_id is not None:
            give_back(conversation.agent_id, conversation.weight, now=now)
    Conversation.objects.filter(pk__in=[conversation.pk for conversation in locked]).delete()


def erase_conversations(rows: Rows, person: Person, *, now: datetime) -> None:
    """Delete conversations of ``person``."""
    delete_conversations(rows, now=now)


def erase_agents(rows: Rows, person: Person, *, now: datetime) -> None:
    """Delete the agents; chats they were in wait for somebody else, and what they wrote stays without their name."""
    for agent in list(rows):
        set_presence(agent, Presence.OFFLINE, now=now)
    rows.delete()
