"""Run workers and kill them, with SIGKILL and SIGTERM; print how many, the jobs left, and the effects (all, and distinct)."""

import os
import signal
import sys
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after django.setup()
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from oscar_engage.audit.models import AuditEntry  # noqa: E402
from oscar_engage.jobs import run  # noqa: E402
from oscar_engage.jobs.models import Job  # noqa: E402
from oscar_engage.jobs.outbox import enqueue  # noqa: E402
from oscar_engage.jobs.periodic import RECURRING  # noqa: E402
from oscar_engage.jobs.registry import handler  # noqa: E402

JOBS, WORKERS = 60, 2
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGKILL)


@handler("attacks.work")
def work(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Leave one effect, slowly."""
    AuditEntry.objects.create(at=now, action="work", object_kind="job", object_id=str(payload["number"]))
    time.sleep(0.01)


def work_for_ever() -> None:
    """Be a worker."""
    while True:
        run.run_due(now=timezone.now(), limit=10)
        time.sleep(0.01)


def start() -> int:
    """Start a worker and return its process id."""
    pid = os.fork()
    if pid == 0:
        work_for_ever()
    return pid


def main() -> None:
    """Fill the outbox, kill workers while they empty it, and let one finish."""
    call_command("migrate", "oscar_engage", verbosity=0)
    run.LEASE = timedelta(seconds=0.5)
    RECURRING._entries.clear()
    with transaction.atomic():
        for number in range(JOBS):
            enqueue("attacks.work", key=str(number), payload={"number": number}, now=timezone.now())
    connection.close()
    killed = 0
    for how in SIGNALS:
        workers = [start() for _worker in range(WORKERS)]
        time.sleep(0.15)
        for pid in workers:
            os.kill(pid, how)
            os.waitpid(pid, 0)
            killed += 1
    end = time.monotonic() + 30
    while Job.objects.exclude(state="done").exists() and time.monotonic() < end:
        run.run_due(now=timezone.now())
        time.sleep(0.1)
    effects = AuditEntry.objects.filter(action="work")
    left = Job.objects.exclude(state="done").count()
    sys.stdout.write(f"{killed} {left} {effects.count()} {effects.values('object_id').distinct().count()}\n")


if __name__ == "__main__":
    main()
