"""How are old rows removed? A chunk in each job, the next chunk as the next job: no long transaction, nothing forgotten."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

CHUNK = 1000
"""Rows deleted in one transaction, at most."""

STEP = 100
"""Rows deleted in one statement: 2 ms on PostgreSQL."""

HOLD = 0.05
"""Seconds after which a transaction deletes no further. A beat waits 100 ms for a lock before it gives up."""

clock = time.monotonic

KEPT_DONE = timedelta(days=7)
"""How long a finished job can be looked up; dead jobs stay until a person decides."""

KIND = "jobs.purge"
DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows went in this transaction, and whether none is left."""

    rows: int
    is_all: bool


def purge_chunk(
    rows: QuerySet[Any],
    *,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    most: int | None = None,
    delete: Callable[[QuerySet[Any]], object] = QuerySet.delete,
) -> Purged:
    """Delete at most ``most`` of ``rows``, and if there may be more, enqueue the next job of ``kind``.

    ``most`` is :data:`CHUNK` unless the caller has deleted in the same transaction already.
    """
    pace, number, is_all = Pace(CHUNK if most is None else most), 0, False
    while not is_all and (step := pace.next_step()):
        keys = list(rows.values_list("pk", flat=True)[:step])
        delete(rows.model._default_manager.filter(pk__in=keys))
        pace.took(len(keys))
        number, is_all = number + len(keys), len(keys) < step
    if not is_all:
        part = int(payload.get("part", 0)) + 1
        enqueue(kind, key=f"{kind}:{now:%Y%m%d%H%M%S}:{part}", payload={"part": part}, now=now)
    return Purged(number, is_all)


class Pace:
    """How far may one transaction go? ``most`` rows in steps of :data:`STEP`, and no step more once :data:`HOLD` has passed.

    So its locks are held for :data:`HOLD`, one step, and the commit, on a machine of any speed. The first :data:`STEP` rows are
    one step, in however many tables they are: what little is known of one person goes in one transaction.
    """

    def __init__(self, most: int) -> None:
        self._most, self._taken, self._until = most, 0, clock() + HOLD

    def next_step(self) -> int:
        """Return how many rows the next statement may take, 0: none."""
        if self._taken >= STEP and clock() >= self._until:
            return 0
        return min(STEP, self._most - self._taken)

    def took(self, rows: int) -> None:
        """Note that a statement took so many."""
        self._taken += rows


@handler(KIND)
def purge_done(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove jobs that were done longer than :data:`KEPT_DONE` ago."""
    purge_chunk(Job.objects.filter(state=JobState.DONE, finished_at__lt=now - KEPT_DONE), kind=KIND, payload=payload, now=now)


every(KIND, DAY)
