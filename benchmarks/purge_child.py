"""A worker that removes old signals job by job, as the sweep would, until there are none or somebody ends it."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import django

KIND = "benchmark.purge"


def purge(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove one chunk and hand over the next, as ``signals.purge`` does; note how long the transaction took so far."""
    from oscar_engage.jobs.models import Job
    from oscar_engage.jobs.outbox import enqueue
    from oscar_engage.jobs.purge import purge_chunk
    from oscar_engage.signals.models import SignalRecord

    began, part = time.monotonic(), int(payload["part"])
    rows = SignalRecord.objects.filter(received_at__lt=datetime.fromisoformat(payload["before"]))
    purged = purge_chunk(rows, kind=f"{KIND}.next", payload=payload, now=now)
    took = int((time.monotonic() - began) * 1000)
    Job.objects.filter(key=f"{KIND}:{part}").update(payload={**payload, "ms": took, "rows": purged.rows})
    if not purged.is_all:
        enqueue(KIND, key=f"{KIND}:{part + 1}", payload={"before": payload["before"], "part": part + 1}, now=now)


def register() -> None:
    """Register the handler, and one for what ``purge_chunk`` hands over itself, which nobody runs here."""
    from oscar_engage.jobs.registry import handler

    handler(KIND)(purge)
    handler(f"{KIND}.next")(_leave)


def _leave(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Do nothing."""


def main() -> None:
    """Work."""
    django.setup()
    register()
    from django.utils import timezone

    from oscar_engage.jobs import run
    from oscar_engage.jobs.models import Job

    run.LEASE = timedelta(seconds=5)  # nobody wants to wait five minutes for the job of a killed worker
    while Job.objects.filter(kind=KIND, state__in=("due", "running")).exists():
        key = Job.objects.filter(run._claimable(timezone.now()), kind=KIND).values_list("key", flat=True).first()
        if key is None:
            time.sleep(0.2)
            continue
        run.run_job(key, now=timezone.now())


if __name__ == "__main__":
    main()
