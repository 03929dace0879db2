"""Is this agent there, and at work? A lease of 30 seconds, renewed by the agent's browser; when it ends, the chats wait again.

The browser renews it whether or not somebody sits before it, so an agent who does nothing by hand is set away after a while.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.ending import leave_try
from oscar_engage.desk.dialer.held import end_lost
from oscar_engage.desk.models import LIVE, Agent, AwayReason, Conversation, ConversationKind, ConversationStatus, Presence
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.promises.course import after_return
from oscar_engage.desk.promises.due import say_due
from oscar_engage.desk.slots import give_back, settle_silent
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

LEASE = timedelta(seconds=30)
"""How long a presence lasts without a heartbeat; the browser sends one every ten seconds."""

ACTIVITY_STEP = timedelta(minutes=1)
"""How exact we are about when an agent last did something: one write a minute."""

_UNSPOKEN = Q(kind=ConversationKind.CHAT, weight__gt=0) | Q(kind=ConversationKind.CALL, call__state="due")
"""What another agent goes on with; a call in which the shopper was reached is not made again.

A chat that weighs nothing is answered in an outside desk (``oscar_engage.outside``): nobody has to be present here for it.
"""

KIND = "desk.expire_leases"
KIND_INACTIVE = "desk.rest_inactive"
KIND_SILENT = "desk.settle_silent"
SWEEP_SECONDS = 60


def set_presence(agent: Agent, presence: str, *, now: datetime, reason: str = "") -> Agent:
    """Make ``agent`` online, away (keeps its chats, gets no new ones) or offline (its chats wait again); return the row.

    ``reason`` (one of ``AwayReason``) says why the agent is away; it is dropped for any other presence.
    """
    is_offline = presence == Presence.OFFLINE
    with transaction.atomic(using=get_settings().database):
        if is_offline:
            lock_chats(Q(agent=agent))
        _write_presence(agent, presence, reason, now)
        if is_offline:
            _return_orphans(now=now, agent_id=agent.pk)
        if presence != Presence.ONLINE:
            end_lost(now=now, agent_id=agent.pk)
    agent.refresh_from_db()
    return agent


def _write_presence(agent: Agent, presence: str, reason: str, now: datetime) -> None:
    is_offline = presence == Presence.OFFLINE
    came = When(presence=Presence.OFFLINE, then=Value(now))
    Agent.objects.filter(pk=agent.pk).update(
        presence=presence,
        away_reason=reason if presence == Presence.AWAY else "",
        lease_until=None if is_offline else now + LEASE,
        online_since=None if is_offline else Case(came, default=F("online_since")),
        free_since=Case(came, default=F("free_since")),
        active_at=now,
        presence_since=Case(
            When(presence=presence, away_reason=reason if presence == Presence.AWAY else "", then=F("presence_since")),
            default=Value(now),
        ),
    )


def lock_chats(whose: Q) -> None:
    """Lock the chats that go on with agents, before these are changed: the one order in which there is no deadlock."""
    going_on = Conversation.objects.filter(whose, kind__in=LIVE, status=ConversationStatus.OPEN)
    list(going_on.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def heartbeat(agent: Agent, *, now: datetime) -> bool:
    """Renew the lease; return whether the agent is still present. One who was found gone has to come back by choice.

    Who is online and has done nothing by hand for a while is set away (:func:`rest_inactive`); ``agent`` shows it then.
    """
    is_present = bool(Agent.objects.filter(pk=agent.pk).exclude(presence=Presence.OFFLINE).update(lease_until=now + LEASE))
    if is_present and rest_inactive(now=now, agent_id=agent.pk):
        agent.presence, agent.away_reason = Presence.AWAY, AwayReason.INACTIVE
    return is_present


def is_lapsed(agent: Agent, *, now: datetime) -> bool:
    """Whether ``agent`` was last known to be there, and has not been heard of for longer than the lease, but was not swept."""
    return agent.presence != Presence.OFFLINE and (agent.lease_until is None or agent.lease_until <= now)


def note_activity(agent: Agent, *, now: datetime) -> None:
    """Note that ``agent`` did something by hand; no query when that is known of the last minute already.

    In a transaction (a request can be one) it is written after the commit: what comes in it locks conversations, and those come
    before agents.
    """
    if agent.active_at is None or agent.active_at <= now - ACTIVITY_STEP:
        agent.active_at = now
        write = partial(Agent.objects.filter(pk=agent.pk).update, active_at=now)
        transaction.on_commit(write, using=get_settings().database, robust=True)


def rest_inactive(*, now: datetime, agent_id: int | None = None) -> int:
    """Set the agents (or this one) away who are online and did nothing by hand for ``AUTO_AWAY_MINUTES``; return how many."""
    minutes = get_settings().auto_away_minutes
    if not minutes:
        return 0
    idle = Agent.objects.filter(presence=Presence.ONLINE, active_at__lte=now - timedelta(minutes=minutes))
    if agent_id is not None:
        idle = idle.filter(pk=agent_id)
    return idle.update(presence=Presence.AWAY, away_reason=AwayReason.INACTIVE, presence_since=now)


def expire_leases(*, now: datetime) -> int:
    """Take agents whose lease has ended offline and put their chats back into the queue; return how many chats.

    Safe to call at any time, by anybody, at once: each change is one guarded UPDATE, and what a sweep that was cut off has left
    is completed by the next.
    """
    gone = Agent.objects.filter(Q(lease_until__lte=now) | Q(lease_until__isnull=True))
    left = {"presence": Presence.OFFLINE, "away_reason": "", "lease_until": None, "online_since": None, "presence_since": now}
    with transaction.atomic(using=get_settings().database):
        lock_chats(Q(agent__in=gone))
        gone.exclude(presence=Presence.OFFLINE).update(**left)
        returned = _return_orphans(now=now)
        end_lost(now=now)
    return returned


def _return_orphans(*, now: datetime, agent_id: int | None = None) -> int:
    orphans = Conversation.objects.filter(
        _UNSPOKEN, status=ConversationStatus.OPEN, agent__presence=Presence.OFFLINE
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
        if not still_his.update(agent=None, status=ConversationStatus.WAITING, weight=0):
            return False
        give_back(agent.pk, locked.weight, now=now)
        locked.agent, locked.status, locked.weight = None, ConversationStatus.WAITING, 0
        after_return(locked, now=now)
        if locked.kind == ConversationKind.CALL:
            leave_try(locked, now=now)
        say(locked, lambda: f"{_apology(agent)} {say_due(locked)}", now=now)
    return True


def _apology(agent: Agent) -> str:
    return _("%(agent)s had to leave. You are back in the queue; the next free agent takes over.") % {
        "agent": agent.display_name
    }


@handler(KIND)
def sweep_leases(payload: Mapping[str, Any], *, now: datetime) -> None:
    """The periodic form of :func:`expire_leases`, for when nobody looks."""
    expire_leases(now=now)


@handler(KIND_INACTIVE)
def sweep_inactive(payload: Mapping[str, Any], *, now: datetime) -> None:
    """The periodic form of :func:`rest_inactive`, which an agent's own browser does as well."""
    rest_inactive(now=now)


@handler(KIND_SILENT)
def sweep_silent(payload: Mapping[str, Any], *, now: datetime) -> None:
    """The periodic form of ``slots.settle_silent``, which a taking does as well."""
    settle_silent(now=now)


# A job each: a job is one transaction, and in one, chats are locked before agents.
for _kind in (KIND, KIND_INACTIVE, KIND_SILENT):
    every(_kind, SWEEP_SECONDS)
