"""Is it time to learn, and which tasks have not been learnt yet tonight? A few small queries."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from oscar_engage.conf import get_settings
from oscar_engage.learning.features.schema import SCHEMA
from oscar_engage.learning.nightly.models import RunResult, TrainingRun
from oscar_engage.learning.registry.models import ModelState, ModelVersion, Task
from oscar_engage.learning.vectors.models import ScoredVector

MOST_TRIES = 3
"""Runs of a task in one night: what failed thrice waits for the next."""

AGAIN_AFTER = timedelta(hours=12)
"""What drifts is learnt again so long after the last time, without waiting for the night."""


def night_of(now: datetime) -> datetime:
    """Return when the night began that ``now`` belongs to: the last time it was ``LEARNING_HOUR`` in the shop."""
    local = timezone.localtime(now)
    begins = local.replace(hour=get_settings().learning_hour, minute=0, second=0, microsecond=0)
    return begins if begins <= local else begins - timedelta(days=1)


def find_wanted(*, now: datetime) -> dict[Task, str]:
    """Return the tasks to learn now, each with its cause (``night`` or ``drift``); none where there is nothing to learn from.

    A task whose challenger is in the shadow waits for its judgement: there is nothing yet to compare another one with.
    """
    if not get_settings().has("learning") or not ScoredVector.objects.filter(schema=SCHEMA).exists():
        return {}
    shadowed = set(ModelVersion.objects.filter(state=ModelState.SHADOW).values_list("task", flat=True))
    tonight = list(TrainingRun.objects.filter(started_at__gte=night_of(now)).values_list("task", "result"))
    drifting = _find_drifting(now)
    wanted = {task: "night" if _is_open(task, tonight) else "drift" if task in drifting else "" for task in Task}
    return {task: cause for task, cause in wanted.items() if cause and task not in shadowed}


def _is_open(task: Task, tonight: Iterable[tuple[str, str]]) -> bool:
    """Whether the task has neither come to an end tonight nor been tried too often; one that runs is not looked at again."""
    results = Counter(result for of, result in tonight if of == task)
    failed = results.pop(RunResult.FAILED, 0)
    return not results and failed < MOST_TRIES


def _find_drifting(now: datetime) -> set[str]:
    """Return the tasks whose last run is long ago, and of which the last look said that they drift."""
    since = now - AGAIN_AFTER
    rows = TrainingRun.objects.filter(started_at__gte=now - 2 * timedelta(days=1)).order_by("started_at", "pk")
    last = {task: (started_at, numbers) for task, started_at, numbers in rows.values_list("task", "started_at", "numbers")}
    return {
        task
        for task, (started_at, numbers) in last.items()
        if started_at < since and (numbers.get("drift") or {}).get("verdict") == "drifting"
    }
