"""How did the desk do in these days? The rollups and the days of agents as figures, with few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _

from oscar_engage.analytics.rollups.document import read_cells
from oscar_engage.analytics.rollups.read import Counts, ReadCounts, Shelf, fold
from oscar_engage.analytics.rollups.total import Totals, read_total
from oscar_engage.analytics.staffing.agent_days import AGENT_DAYS
from oscar_engage.analytics.staffing.figures import (
    AgentFigures,
    Cells,
    Service,
    Staff,
    figures_of,
    left_out_of,
    service_of,
    staff_of,
)
from oscar_engage.analytics.staffing.models import AgentDay
from oscar_engage.analytics.staffing.rollups import LEFT_OUT
from oscar_engage.desk.models import Queue

CHANNELS = ("chat", "note", "call")

TIMES = "service_times"
"""The rollup of the desk with the most cells, read added up (``rollups.total``)."""

READ = ("service_hours", "staff_hours")
"""The other rollups of the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The counts of a period: ``hours`` of ``service_hours`` day by day, the others folded."""

    hours: Counts
    total: Cells
    times: Cells
    staff: Staff
    staff_hours: Cells

    @property
    def left_out(self) -> int:
        """Conversations of members of staff and automata, which are in no figure."""
        return left_out_of(self.total, LEFT_OUT)

    @property
    def filled_at(self) -> datetime | None:
        """When the newest day was counted."""
        return self.hours.filled_at

    def service(self, channel: str, queue: str | None = None) -> Service:
        """Return the figures of one channel, of one queue or of all."""
        return service_of(self.total, self.times, queue=queue, channel=channel)


def read_desk(*, since: date, until: date, counts_of: ReadCounts | None = None, times: Totals | None = None) -> Desk:
    """Return what was counted on the days ``[since, until)``, with three queries at most.

    One less with ``counts_of`` all :data:`READ`, two less with the ``times`` that were read of :data:`TIMES`.
    """
    counts_of = counts_of or Shelf(READ, since=since, until=until)
    hours, staff = (counts_of(name, since=since, until=until) for name in READ)
    seconds, times = staff.total(), times or read_total(TIMES, since=since, until=until)
    return Desk(hours=hours, total=hours.total(), times=times.cells, staff=staff_of(seconds), staff_hours=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """Do agents keep their promises? For an overview: ``chats`` and ``notes`` apart, since one waits and the other does not."""

    chats: Service
    notes: Service
    staff: Staff
    calls: Service = field(default_factory=Service)

    @property
    def both(self) -> Service:
        """Numbers of conversations of all kinds, without times: minutes and hours have no median in common."""
        names = ("asked", "answered", "abandoned", "kept", "broken")
        return Service(**{name: sum(getattr(one, name) for one in (self.chats, self.notes, self.calls)) for name in names})


def read_promises(*, since: date, until: date, counts_of: ReadCounts | None = None, times: Totals | None = None) -> Promises:
    """Return share kept (``.both.kept_rate``), first response (``.chats.times["response"].median``) and abandoned chats.

    Queries as :func:`read_desk`.
    """
    desk = read_desk(since=since, until=until, counts_of=counts_of, times=times)
    return Promises(chats=desk.service("chat"), notes=desk.service("note"), calls=desk.service("call"), staff=desk.staff)


def read_agents(*periods: tuple[date, date], user_id: int | None = None) -> list[list[AgentFigures]]:
    """Return for each period ``[since, until)`` the figures of every agent by name, or of the one who is ``user_id``.

    One query. Days that nobody keeps any more are missing: ``RETENTION_DAYS``.
    """
    wanted = reduce(or_, (Q(day__gte=since, day__lt=until) for since, until in periods))
    rows = AgentDay.objects.filter(wanted).order_by("day")
    if user_id is not None:
        rows = rows.filter(agent__user_id=user_id)
    days = list(rows.values_list("agent_id", "agent__display_name", "day", "cells"))
    names = {agent: name for agent, name, _day, _cells in days}
    found = []
    for since, until in periods:
        of: dict[int, list[Cells]] = {}
        for agent, _name, day, cells in days:
            if since <= day < until:
                of.setdefault(agent, []).append(read_cells(AGENT_DAYS, cells))
        figures = [figures_of(agent, names[agent], fold(AGENT_DAYS, parts)) for agent, parts in of.items()]
        found.append(sorted(figures, key=lambda one: (one.name.lower(), one.agent)))
    return found


def read_queue_names(numbers: Sequence[str]) -> Mapping[str, str]:
    """Return what each queue is called; one query. Of one that is deleted nothing but its number is left."""
    known = {str(pk): name for pk, name in Queue.objects.values_list("pk", "name")}
    gone = _("queue %(number)s, deleted")
    return {number: known.get(number) or (gone % {"number": number} if number else _("in no queue")) for number in numbers}
