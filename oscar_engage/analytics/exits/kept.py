"""What was counted so far? The page views of the last :data:`WINDOW`, summed from a row a day and class."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum

from oscar_engage.analytics.exits.curve import Count, Key
from oscar_engage.analytics.models import ExitCount
from oscar_engage.jobs.models import FillState
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY, purge_chunk
from oscar_engage.jobs.registry import handler

FILL_STATE = "exits"
PURGE = "exits.purge"

WINDOW = timedelta(days=90)
"""How far back counts. A shop changes with the season and with its pages: what is older is forgotten, day by day. As long as
the longest period of the reports, and three times the month in which a small shop counts its first hundred checkouts."""


def add_counts(per_day: Mapping[date, Mapping[Key, Count]]) -> None:
    """Add what was counted; the caller's transaction holds the fill state, so nobody else adds at the same time."""
    known = {(row.day, (row.stage, row.views, row.idle)): row for row in ExitCount.objects.filter(day__in=list(per_day))}
    new: list[ExitCount] = []
    old: list[ExitCount] = []
    for day, counts in per_day.items():
        for key, number in counts.items():
            row = known.get((day, key))
            (old if row else new).append(row := row or ExitCount(day=day, stage=key[0], views=key[1], idle=key[2]))
            row.left += number.left
            row.stayed += number.stayed
    ExitCount.objects.bulk_create(new)
    ExitCount.objects.bulk_update(old, ["left", "stayed"], batch_size=200)


def read_counts(*, now: datetime) -> dict[Key, Count]:
    """Return what was counted in the last :data:`WINDOW`, with one query."""
    rows = ExitCount.objects.filter(day__gt=_horizon(now)).values_list("stage", "views", "idle")
    summed = rows.annotate(all_left=Sum("left"), all_stayed=Sum("stayed"))
    return {(stage, views, idle): Count(left, stayed) for stage, views, idle, left, stayed in summed}


def get_position() -> int | None:
    """Return how far the job has come, which changes with every stretch that it read; ``None`` before the first."""
    return FillState.objects.filter(name=FILL_STATE).values_list("position", flat=True).first()


@handler(PURGE)
def purge_counts(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Remove the rows of days that do not count any more, a chunk a job."""
    purge_chunk(ExitCount.objects.filter(day__lte=_horizon(now)), kind=PURGE, payload=payload, now=now)


def _horizon(now: datetime) -> date:
    return (now - WINDOW).date()


every(PURGE, DAY)
