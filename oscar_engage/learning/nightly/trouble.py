"""Does learning itself need somebody? When no night ended well for two days, or a task fails time and again.

None of it hurts the shop: what spoke before goes on, and without a model the rules do. It is shown so that somebody looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from oscar_engage.conf import get_settings
from oscar_engage.learning.nightly.lease import learning_until
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.vectors.models import ScoredVector

TWO_NIGHTS = timedelta(days=2)
IN_A_ROW = 3
"""Runs of a task that failed one after the other; nights in which a worker is replaced happen."""

_LOOKED_AT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """``kind``: ``not_run`` or ``failing``; ``count``: nights, or runs; ``at``: since when, or the last time; ``said``: why."""

    kind: str
    count: int
    at: datetime
    said: str = ""
    task: Task | None = None


def find_trouble(*, now: datetime) -> Iterator[Trouble]:
    """Give what is wrong with learning at ``now``; nothing where ``LEARNING`` is off or there is nothing to learn from yet."""
    if not get_settings().has("learning"):
        return
    _until, since = learning_until()
    since = since or ScoredVector.objects.aggregate(at=Min("at"))["at"]
    if since is None:
        return
    if now - since > TWO_NIGHTS:
        yield Trouble(kind="not_run", count=(now - since).days, at=since)
    yield from _failing()


def _failing() -> Iterator[Trouble]:
    ended = TrainingRun.objects.exclude(result=RunResult.RUNNING).exclude(cause__in=["shadow", "watch"])
    rows = ended.order_by("-started_at", "-pk").values_list("task", "result", "why", "ended_at", "started_at")
    latest: dict[str, list[tuple[str, str, datetime]]] = {}
    for task, result, why, ended_at, started_at in rows[:_LOOKED_AT]:
        latest.setdefault(task, []).append((result, why, ended_at or started_at))
    for task, runs in sorted(latest.items()):
        row = next((place for place, run in enumerate(runs) if run[0] != RunResult.FAILED), len(runs))
        if row >= IN_A_ROW:
            yield Trouble(kind="failing", count=row, at=runs[0][2], said=runs[0][1], task=Task(task))
