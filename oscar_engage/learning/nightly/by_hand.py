"""How does somebody have it learnt at once? A job, asked for once, that starts the process which the night would start.

A task whose challenger is in the shadow is left out: another one would take its place before its day is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import in_two_steps
from oscar_engage.learning.nightly import launch
from oscar_engage.learning.nightly.lease import learning_until
from oscar_engage.learning.registry.models import ModelState, ModelVersion, Task

KIND = "learning.by_hand"

BEGINS_WITHIN = timedelta(seconds=30)
"""Between the job that starts the process and the process that takes the lease."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether learning was asked for and waits for a worker; ``started_at``: when the worker last started a process for it."""

    is_waiting: bool
    started_at: datetime | None = None

    def is_beginning(self, now: datetime, *, begun_at: datetime | None) -> bool:
        """Whether the process was started a moment before ``now`` and has not begun a run; ``begun_at``: the latest run's."""
        started = self.started_at
        return started is not None and now - started < BEGINS_WITHIN and (begun_at is None or begun_at < started)


def find_asked(*, now: datetime) -> Asked:
    """Return what became of the last time that somebody asked; one query."""
    last = Job.objects.filter(kind=KIND).order_by("-pk").values_list("state", "finished_at").first()
    if last is None:
        return Asked(is_waiting=False)
    state, finished_at = last
    return Asked(
        is_waiting=state in {JobState.DUE, JobState.RUNNING},
        started_at=finished_at if state == JobState.DONE else None,
    )


def ask(*, user: Any, now: datetime) -> bool:
    """Have it learn at once; return whether that was new: one that waits, or learns already, is enough."""
    with transaction.atomic(using=get_settings().database):
        if find_asked(now=now).is_waiting or is_learning(now):
            return False
        enqueue(KIND, key=f"{KIND}:{now:%Y%m%d%H%M%S}", now=now)
        record_action(actor=user, action="learning.asked", object_kind="learning", object_id=1, now=now)
    return True


def is_learning(now: datetime) -> bool:
    """Whether a process is at it."""
    until, _since = learning_until()
    return until is not None and until > now


def look(payload: Mapping[str, Any], /, *, now: datetime) -> tuple[str, ...]:
    """Return the tasks to learn: those without a challenger on trial; none while somebody learns, or if switched off."""
    if not get_settings().has("learning") or is_learning(now):
        return ()
    shadowed = set(ModelVersion.objects.filter(state=ModelState.SHADOW).values_list("task", flat=True))
    return tuple(task.value for task in Task if task not in shadowed)


def follow(tasks: tuple[str, ...], /, *, now: datetime) -> None:
    """Start the process, if there is a task to learn."""
    if tasks:
        import_string(launch.PORT)(*(part for task in tasks for part in ("--task", task)))


in_two_steps(KIND, read=look, write=follow)
