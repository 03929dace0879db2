"""Is this agent there? A lease of 30 seconds, renewed by the agent's browser; when it ends, the chats wait again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Presence
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.slots import free_slot
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

LEASE = timedelta(seconds=30)
"""How long a presence lasts without a heartbeat; the browser sends one every ten seconds."""

KIND = "desk.expire_leases"
SWEEP_SECONDS = 60


def set_presence(agent: Agent, presence: str, *, now: datetime) -> Agent:
    """Make ``agent`` online, away (keeps its chats, gets no new ones) or offline (its chats wait again); return the row."""
    is_offline = presence == Presence.OFFLINE
    Agent.objects.filter(pk=agent.pk).update(presence=presence, lease_until=None if is_offline else now + LEASE)
    if is_offline:
        _return_orphans(now=now, agent_id=agent.pk)
    agent.refresh_from_db()
    return agent


def heartbeat(agent: Agent, *, now: datetime) -> bool:
    """Renew the lease; return whether the agent is still present. One who was found gone has to come back by choice."""
    return bool(Agent.objects.filter(pk=agent.pk).exclude(presence=Presence.OFFLINE).update(lease_until=now + LEASE))


def expire_leases(*, now: datetime) -> int:
    """Take agents whose lease has ended offline and put their chats back into the queue; return how many chats.

    Safe to call at any time, by anybody, at once: each step is one guarded UPDATE, and a sweep that was cut off is completed by
    the next.
    """
    gone = Q(lease_until__lte=now) | Q(lease_until__isnull=True)
    Agent.objects.filter(gone).exclude(presence=Presence.OFFLINE).update(presence=Presence.OFFLINE, lease_until=None)
    return _return_orphans(now=now)


def _return_orphans(*, now: datetime, agent_id: int | None = None) -> int:
    orphans = Conversation.objects.filter(
        kind=ConversationKind.CHAT, status=ConversationStatus.OPEN, agent__presence=Presence.OFFLINE
    ).select_related("agent")
    if agent_id is not None:
        orphans = orphans.filter(agent_id=agent_id)
    return sum(_return(orphan, now) for orphan in orphans)


def _return(orphan: Conversation, now: datetime) -> bool:
    """Put one chat back into the queue, free its slot and tell the shopper; False when somebody else was quicker."""
    agent = orphan.agent
    if agent is None:
        return False
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(orphan)
        still_his = Conversation.objects.filter(pk=orphan.pk, agent_id=agent.pk, status=ConversationStatus.OPEN)
        if not still_his.update(agent=None, status=ConversationStatus.WAITING):
            return False
        locked.agent, locked.status = None, ConversationStatus.WAITING
        free_slot(agent.pk)
        say(locked, lambda: _apology(agent), now=now)
    return True


def _apology(agent: Agent) -> str:
    return _("%(agent)s had to leave. You are back in the queue; the next free agent takes over.") % {
        "agent": agent.display_name
    }


@handler(KIND)
def sweep_leases(payload: Mapping[str, Any], *, now: datetime) -> None:
    """The periodic form of :func:`expire_leases`, for when nobody looks."""
    expire_leases(now=now)


every(KIND, SWEEP_SECONDS)
