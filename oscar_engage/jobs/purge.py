"""How are old rows removed? A chunk in each job, the next chunk as the next job: no long transaction, nothing forgotten."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

CHUNK = 1000
"""Rows deleted in one transaction, at most."""

KEPT_DONE = timedelta(days=7)
"""How long a finished job can be looked up; dead jobs stay until a person decides."""

KIND = "jobs.purge"
DAY = 24 * 60 * 60


def purge_chunk(
    rows: QuerySet[Any],
    *,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    most: int | None = None,
    delete: Callable[[QuerySet[Any]], object] = QuerySet.delete,
) -> int:
    """Delete at most ``most`` of ``rows`` and, if there may be more, enqueue the next job of ``kind``; return how many.

    ``most`` is :data:`CHUNK` unless the caller has deleted in the same transaction already.
    """
    most = CHUNK if most is None else most
    chunk = list(rows.values_list("pk", flat=True)[:most])
    delete(rows.model._default_manager.filter(pk__in=chunk))
    if len(chunk) == most:
        part = int(payload.get("part", 0)) + 1
        enqueue(kind, key=f"{kind}:{now:%Y%m%d%H%M%S}:{part}", payload={"part": part}, now=now)
    return len(chunk)


@handler(KIND)
def purge_done(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove jobs that were done longer than :data:`KEPT_DONE` ago."""
    purge_chunk(Job.objects.filter(state=JobState.DONE, finished_at__lt=now - KEPT_DONE), kind=KIND, payload=payload, now=now)


every(KIND, DAY)
