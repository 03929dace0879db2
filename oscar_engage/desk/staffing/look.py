"""Who is there just now, and with how many chats? Looked at once a minute, and added to the agent's hour.

Each look stands for the seconds since the one before it, at most :data:`MOST`: while no worker runs nothing is known, and what
is not known is not counted. So a figure of one hour is exact to about a minute, and shares are not biased by looks that failed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Presence
from oscar_engage.desk.slots import ACTIVE
from oscar_engage.desk.staffing.models import AgentHour
from oscar_engage.jobs import purge
from oscar_engage.jobs.models import FillState
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

KIND = "desk.look_at_staffing"
PURGE = "desk.purge_agent_hours"
SECONDS_BETWEEN = 60
MOST = timedelta(seconds=2 * SECONDS_BETWEEN)
"""What one look stands for, at most."""


def look(*, now: datetime) -> int:
    """Add the seconds since the last look to the hours of those who are there; return how many agents that were.

    Each second counts once: the time of the last look is locked, and moves in the transaction that adds.
    """
    with transaction.atomic(using=get_settings().database):
        seconds = _seconds_since_last(now)
        if not seconds:
            return 0
        there = Agent.objects.exclude(presence=Presence.OFFLINE).filter(lease_until__gt=now).order_by("pk")
        hour = now.replace(minute=0, second=0, microsecond=0)
        rows = [_seen(agent, seconds, hour) for agent in there]
        AgentHour.objects.bulk_create(
            [AgentHour(agent_id=row.agent_id, hour=hour) for row in rows], ignore_conflicts=True, batch_size=500
        )
        for row in rows:
            sums = {name: F(name) + getattr(row, name) for name in ("online", "away", "busy", "used", "room")}
            AgentHour.objects.filter(agent_id=row.agent_id, hour=hour).update(**sums)
    return len(rows)


def _seconds_since_last(now: datetime) -> int:
    """Return the whole seconds that this look stands for, and note that it was; 0: the first one, or one that came twice."""
    last, is_first = FillState.objects.select_for_update().get_or_create(name=KIND, defaults={"filled_at": now})
    passed = now - last.filled_at
    if is_first or passed <= timedelta():
        return 0
    FillState.objects.filter(pk=last.pk).update(filled_at=now)
    return int(min(passed, MOST).total_seconds())


def _seen(agent: Agent, seconds: int, hour: datetime) -> AgentHour:
    if agent.presence != Presence.ONLINE:
        return AgentHour(agent=agent, hour=hour, away=seconds)
    return AgentHour(
        agent=agent,
        hour=hour,
        online=seconds,
        busy=seconds if agent.used_tenths >= ACTIVE else 0,
        used=seconds * agent.used_tenths,
        room=seconds * agent.capacity * ACTIVE,
    )


@handler(KIND)
def look_now(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Look once; there is nothing in ``payload``."""
    look(now=now)


@handler(PURGE)
def purge_agent_hours(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Remove hours that are older than ``RETENTION_DAYS``, a chunk in one job."""
    horizon = now - timedelta(days=get_settings().retention_days)
    purge.purge_chunk(AgentHour.objects.filter(hour__lt=horizon), kind=PURGE, payload=payload, now=now)


every(KIND, SECONDS_BETWEEN)
every(PURGE, purge.DAY)
