"""Are the reports filled? Counts all days of all rollups at once: the first page that is opened has something to say."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from oscar_engage.analytics.anchor_counts import JOB_KIND, sweep_anchors
from oscar_engage.analytics.exits.fill import fill_exits
from oscar_engage.analytics.exits.kept import FILL_STATE
from oscar_engage.analytics.rollups.declare import ROLLUPS
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.staffing import agent_days
from oscar_engage.jobs.models import FillState
from sandbox.demo.past.effects import DAYS


def count_days(now: datetime, say: Callable[[str], None]) -> None:
    """Count whatever is due; ``say`` is told of each count that took its time."""
    for rollup in ROLLUPS:
        days = fill(rollup, now=now)
        say(f"  counted {rollup.name}: {days} days")
    today = timezone.localdate(now, timezone.get_default_timezone())
    days_ago = [today - timedelta(days=number) for number in range(DAYS + 1)]
    agent_days.keep(agent_days.count(days_ago, now=now), now=now)
    _count_places(now)
    _count_exits(now)
    say("  counted agents, places and exits")


def _count_exits(now: datetime) -> None:
    """Walk the whole log: a stretch a call, as the job does, which enqueues itself until it is through."""
    position = -1
    while (reached := FillState.objects.filter(name=FILL_STATE).values_list("position", flat=True).first()) != position:
        position = -1 if reached is None else reached
        fill_exits({}, now=now)


def _count_places(now: datetime) -> None:
    """Sweep some hours a call, as the job does, until it comes no further."""
    before = None
    while (reached := _swept_until()) is None or reached != before:
        before = reached
        sweep_anchors(now)


def _swept_until() -> datetime | None:
    return FillState.objects.filter(name=JOB_KIND).values_list("filled_at", flat=True).first()
