"""Has this agent room for one more chat? Counted in tenths of a slot: a chat weighs ten, one that fell silent weighs one.

What a chat weighs stands in its own row, and every change of it changes the agent by the same difference, in one transaction:
``used_tenths`` is always the sum over the agent's chats, and a whole slot for each place kept for an invited shopper
(``desk.dialer``). Room is taken by one guarded UPDATE, exact under any race: only a chat
that speaks again may go beyond the capacity, since its shopper cannot be sent away.

Whoever changes conversations and agents in one transaction changes the conversations first: one order, no deadlock.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from oscar_engage.conf import get_settings
from oscar_engage.desk.dialer.models import Hold
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Presence

ACTIVE = 10
"""Tenths of a slot that a chat takes in which somebody writes; so many make one slot."""

SILENT = 1
"""Tenths that it takes once nobody has written for :data:`SILENT_AFTER`: ten of them are as much work as one."""

SILENT_AFTER = timedelta(minutes=4)
"""How long nobody writes, of either side, until a chat counts as silent."""


class NoFreeSlotError(ValueError):
    """The agent is not online, or has as many chats as the agent's capacity; while warming up, that is one."""


def use_slot(agent: Agent, *, now: datetime) -> None:
    """Take one slot of ``agent`` or raise :class:`NoFreeSlotError`; the caller has set the chat's weight to :data:`ACTIVE`."""
    there = Agent.objects.filter(pk=agent.pk, presence=Presence.ONLINE, lease_until__gt=now)
    is_warm = Q(online_since__isnull=True) | Q(online_since__lte=warm_before(now))
    has_room = Q(used_tenths__lte=(F("capacity") - 1) * ACTIVE)
    if not there.filter(has_room, is_warm | Q(used_tenths=0)).update(used_tenths=F("used_tenths") + ACTIVE):
        raise NoFreeSlotError(f"{agent} has no free slot.")


def present(*, now: datetime) -> QuerySet[Agent]:
    """Return the agents who are there, each with ``load``: the tenths in use once all that is over by now is settled.

    That is chats that fell silent, and places kept for invited shoppers who did not come.
    """
    silent = Conversation.objects.filter(agent=OuterRef("pk"), weight=ACTIVE, spoken_at__lte=now - SILENT_AFTER)
    number = silent.order_by().values("agent").annotate(number=Count("pk")).values("number")
    dead = Hold.objects.filter(dead_holds(now=now), agent=OuterRef("pk"), ended_at__isnull=True)
    gone = dead.order_by().values("agent").annotate(number=Count("pk")).values("number")
    lighter = Coalesce(Subquery(number), 0) * (ACTIVE - SILENT) + Coalesce(Subquery(gone), 0) * ACTIVE
    return Agent.objects.filter(presence=Presence.ONLINE, lease_until__gt=now).annotate(load=F("used_tenths") - lighter)


def dead_holds(*, now: datetime) -> Q:
    """Return what is true of a place that is kept no longer: its time is over, or its browser is not heard of."""
    return Q(until__lte=now) | Q(lease_until__lte=now)


def is_warm(agent: Agent, *, now: datetime) -> bool:
    """Whether ``agent`` came long enough ago to take more than one chat at once."""
    return agent.online_since is None or agent.online_since <= warm_before(now)


def warm_before(now: datetime) -> datetime:
    """Return the time at which, or before which, an agent must have come to take more than one chat at ``now``."""
    return now - timedelta(minutes=get_settings().warm_up_minutes)


def give_back(agent_id: int, weight: int, *, now: datetime) -> None:
    """Give back what a chat weighed that has just ended or left its agent; by whoever ended it, so exactly once."""
    held = Agent.objects.filter(pk=agent_id, used_tenths__gte=weight)
    held.update(used_tenths=F("used_tenths") - weight, free_since=now)


def wake(locked: Conversation) -> None:
    """Have a silent chat weigh as much as any other again, whatever the capacity; its row is locked by the caller."""
    agent_id, silent = locked.agent_id, Conversation.objects.filter(pk=locked.pk, weight=SILENT)
    if locked.weight == SILENT and agent_id is not None and silent.update(weight=ACTIVE):
        locked.weight = ACTIVE
        Agent.objects.filter(pk=agent_id).update(used_tenths=F("used_tenths") + (ACTIVE - SILENT))


def settle_silent(*, now: datetime, agent: Agent | None = None) -> int:
    """Have the chats (of ``agent``, or all) in which nobody has written for a while weigh less; return how many.

    Safe to call at any time, by anybody, at once.
    """
    with transaction.atomic(using=get_settings().database):
        quiet = Conversation.objects.filter(
            kind=ConversationKind.CHAT, status=ConversationStatus.OPEN, weight=ACTIVE, spoken_at__lte=now - SILENT_AFTER
        )
        if agent is not None:
            quiet = quiet.filter(agent=agent)
        rows = list(quiet.order_by("pk").select_for_update().values_list("pk", "agent_id"))
        Conversation.objects.filter(pk__in=[pk for pk, _agent in rows]).update(weight=SILENT)
        for agent_id, chats in sorted(Counter(agent_id for _pk, agent_id in rows if agent_id is not None).items()):
            lighter = F("used_tenths") - chats * (ACTIVE - SILENT)
            Agent.objects.filter(pk=agent_id).update(used_tenths=lighter)
    return len(rows)
