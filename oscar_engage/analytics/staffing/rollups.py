"""Which rollups count the desk? ``service_hours``, ``service_times`` and ``staff_hours``; none knows a person."""

from collections.abc import Iterator
from datetime import datetime

from oscar_engage.analytics.rollups.declare import Day, Rollup
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.analytics.staffing.count import HOUR_VALUES, Cell, count_hours, count_times, hour_of
from oscar_engage.analytics.staffing.rows import began_on, first_began
from oscar_engage.conf import get_settings
from oscar_engage.desk.staffing.models import AgentHour

OPEN_DAYS = 7
"""So long a conversation may go on and still count with how it ended: notes are answered days later."""

STAFF_VALUES = ("online", "away", "busy", "used", "room")

LEFT_OUT = "left out"
"""In place of a channel: conversations of members of staff and automata."""


def _open_days() -> int:
    return max(0, min(OPEN_DAYS, get_settings().transcript_retention_days - 2))


def _count_hours(day: Day, *, now: datetime) -> Iterator[Cell]:
    zone = day.starts_at.tzinfo
    for began in began_on(day):
        if began.is_counted:
            yield from count_hours([began.talk], zone=zone, now=now)
        else:
            yield (hour_of(began.talk.created_at, zone), began.talk.queue, LEFT_OUT), (1, 0, 0, 0, 0, 0)


def _count_times(day: Day, *, now: datetime) -> Iterator[Cell]:
    zone = day.starts_at.tzinfo
    return count_times((began.talk for began in began_on(day) if began.is_counted), zone=zone)


def _count_staff(day: Day, *, now: datetime) -> Iterator[Cell]:
    zone = day.starts_at.tzinfo
    rows = AgentHour.objects.filter(hour__gte=day.starts_at, hour__lt=day.ends_at).order_by("pk")
    for hour, *values in rows.values_list("hour", *STAFF_VALUES).iterator():
        yield (hour_of(hour, zone),), tuple(values)


def _first_seen() -> datetime | None:
    return AgentHour.objects.order_by("hour").values_list("hour", flat=True).first()


SERVICE_HOURS = declare(
    Rollup(
        name="service_hours",
        keys=("hour", "queue", "channel"),
        values=HOUR_VALUES,
        count=_count_hours,
        open_days=_open_days,
        reads=("conversations", "holds"),
        begins=first_began,
        folds={"longest": "max"},
    )
)
SERVICE_TIMES = declare(
    Rollup(
        name="service_times",
        keys=("by", "of", "channel", "measure", "class"),
        values=("conversations",),
        count=_count_times,
        open_days=_open_days,
        reads=("conversations", "holds"),
        begins=first_began,
    )
)
STAFF_HOURS = declare(
    Rollup(
        name="staff_hours",
        keys=("hour",),
        values=STAFF_VALUES,
        count=_count_staff,
        open_days=lambda: 1,
        reads=("agent_hours",),
        begins=_first_seen,
    )
)
