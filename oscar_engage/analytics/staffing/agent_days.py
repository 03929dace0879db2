"""What did each agent do on a day? Counted like a rollup, but kept like what it is: about a member of staff, for a while.

A sweep counts today and yesterday every ten minutes, another the days before them once a day, as long as conversations of
theirs may go on. What was before the first sweep is not counted: nobody is measured for a time at which nobody was told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from oscar_engage.analytics.rollups.days import ONE_DAY, make_day
from oscar_engage.analytics.rollups.declare import Day, Rollup
from oscar_engage.analytics.rollups.document import Document, write_cells
from oscar_engage.analytics.staffing.count import Cell, count_agents
from oscar_engage.analytics.staffing.models import AgentDay
from oscar_engage.analytics.staffing.rollups import OPEN_DAYS, STAFF_VALUES
from oscar_engage.analytics.staffing.rows import began_on
from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent
from oscar_engage.desk.staffing.models import AgentHour
from oscar_engage.jobs import purge
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler, in_two_steps

KIND = "staffing.agents"
KIND_EARLIER = "staffing.agents_earlier"
PURGE = "staffing.purge_agent_days"
SECONDS_BETWEEN = 600


@dataclass(frozen=True, slots=True)
class Counted:
    """One day, counted and not yet written: the cells of each agent by number."""

    day: date
    of: Mapping[int, Document]


def count_day(day: Day, *, now: datetime) -> Iterator[Cell]:
    """Yield ``(agent, measure, class)`` with a number: conversations, or the seconds that ``AgentHour`` has of the agent."""
    yield from count_agents((began.talk for began in began_on(day) if began.is_counted), now=now)
    hours = AgentHour.objects.filter(hour__gte=day.starts_at, hour__lt=day.ends_at).order_by("pk")
    for agent, *values in hours.values_list("agent_id", *STAFF_VALUES).iterator():
        for name, seconds in zip(STAFF_VALUES, values, strict=True):
            if seconds:
                yield (str(agent), name, ""), (seconds,)


AGENT_DAYS = Rollup(
    name="agent_days",
    keys=("agent", "measure", "class"),
    values=("number",),
    count=count_day,
    open_days=lambda: OPEN_DAYS,
    begins=lambda: None,
)
"""The shape of a day's cells; not registered, since its documents are not a rollup's."""


def count(days: Sequence[date], *, now: datetime) -> list[Counted]:
    """Return what agents did on ``days``; reads only."""
    zone = timezone.get_default_timezone()
    counted = []
    for day in days:
        of: dict[int, Document] = {}
        for agent, *cell in write_cells(AGENT_DAYS, AGENT_DAYS.count(make_day(day, zone), now=now)):
            of.setdefault(int(agent), []).append([agent, *cell])
        counted.append(Counted(day, of))
    return counted


def keep(counted: Sequence[Counted], *, now: datetime) -> None:
    """Write what was counted instead of what was there; nothing of an agent who has gone since."""
    with transaction.atomic(using=get_settings().database):
        known = set(Agent.objects.values_list("pk", flat=True))
        for one in counted:
            of = {pk: cells for pk, cells in one.of.items() if pk in known}
            rows = [AgentDay(agent_id=pk, day=one.day, cells=cells, filled_at=now) for pk, cells in of.items()]
            AgentDay.objects.filter(day=one.day).exclude(agent__in=list(of)).delete()
            AgentDay.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["agent", "day"], update_fields=["cells", "filled_at"]
            )


def fill(*, now: datetime) -> None:
    """Count all days that are open, at once and without jobs: for commands and tests."""
    keep(count(_days(now, range(OPEN_DAYS + 1)), now=now), now=now)


def _days(now: datetime, ago: range) -> list[date]:
    today = timezone.localdate(now, timezone.get_default_timezone())
    return [today - number * ONE_DAY for number in ago]


def _read_late(payload: Mapping[str, Any], *, now: datetime) -> list[Counted]:
    return count(_days(now, range(2)), now=now)


def _read_earlier(payload: Mapping[str, Any], *, now: datetime) -> list[Counted]:
    return count(_days(now, range(2, OPEN_DAYS + 1)), now=now)


@handler(PURGE)
def purge_agent_days(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Remove days that are older than ``RETENTION_DAYS``, a chunk in one job."""
    horizon = timezone.localdate(now - timedelta(days=get_settings().retention_days), timezone.get_default_timezone())
    purge.purge_chunk(AgentDay.objects.filter(day__lt=horizon), kind=PURGE, payload=payload, now=now)


in_two_steps(KIND, read=_read_late, write=keep)
in_two_steps(KIND_EARLIER, read=_read_earlier, write=keep)
every(KIND, SECONDS_BETWEEN)
every(KIND_EARLIER, purge.DAY)
every(PURGE, purge.DAY)
