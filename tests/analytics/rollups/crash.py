"""Kills workers (SIGKILL) while they fill the rollups of some weeks, lets another one finish, and prints what it found as JSON.

A worker is ``manage.py engage_tick``, a process of its own. What a killed one had begun waits for the end of its lease, five
minutes: here the lease is ended by hand.
"""

# ruff: noqa: PLC0415, T201 - it runs by itself, before Django is set up, and what it prints is its result
import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import django

DAYS = 42
KILLS = 2
NAMES = ("lift", "funnel", "guardrails", "guardrail_complaints")
PATIENCE_SECONDS = 60


def main() -> None:
    """Do it all."""
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from oscar_engage.analytics.models import RollupDay
    from oscar_engage.analytics.rollups.days import make_day
    from oscar_engage.analytics.rollups.declare import ROLLUPS
    from oscar_engage.analytics.rollups.document import write_cells
    from oscar_engage.analytics.rollups.read import find_altered, read_counts
    from oscar_engage.jobs.models import Job, JobState

    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    now = timezone.now()
    write_past(now)
    interrupted, frozen, seen = 0, {}, []
    running = Job.objects.filter(state=JobState.RUNNING, kind__startswith="rollup.")
    for _kill in range(KILLS):
        worker, before = start_worker(), RollupDay.objects.count()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while RollupDay.objects.count() < before + 20 and worker.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        while not running.exists() and worker.poll() is None and time.monotonic() < deadline:
            pass  # a day is counted within milliseconds: the blow has to fall at once
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        interrupted += running.count()
        seen.append(RollupDay.objects.count())
        rows = RollupDay.objects.exclude(frozen_at=None).values_list("rollup", "day", "digest", "filled_at")
        frozen |= {(name, day): (digest, filled_at) for name, day, digest, filled_at in rows}
        Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now())
    for _tick in range(3):
        start_worker().wait(timeout=PATIENCE_SECONDS)
        if not unfinished():
            break
    after = {(row.rollup, row.day): (row.digest, row.filled_at) for row in RollupDay.objects.exclude(frozen_at=None)}
    zone, first = timezone.get_default_timezone(), (now - timedelta(days=DAYS)).date()
    wrong = 0
    for name in NAMES:
        rollup = ROLLUPS.get(name)
        counted = read_counts(name, since=first, until=now.date()).days
        for number in range(DAYS):
            day = first + timedelta(days=number)
            recount = write_cells(rollup, rollup.count(make_day(day, zone), now=now))
            wrong += day not in counted or write_cells(rollup, counted[day].items()) != recount
    print(
        json.dumps(
            {
                "seen": seen,
                "interrupted": interrupted,
                "days": {name: RollupDay.objects.filter(rollup=name).count() for name in NAMES},
                "wrong": wrong,
                "altered": len(find_altered()),
                "counted again": sum(after.get(key) != row for key, row in frozen.items()),
                "unfinished": unfinished(),
            }
        )
    )


def unfinished() -> int:
    """Return how many jobs of rollups are not done."""
    from oscar_engage.jobs.models import Job, JobState

    return Job.objects.exclude(state=JobState.DONE).filter(kind__startswith="rollup.").count()


def write_past(now):  # type: ignore[no-untyped-def]  # django is not set up where annotations are read
    """Write a few draws, decisions and orders of each day."""
    from oscar_engage.analytics.models import Conversion
    from oscar_engage.decisions.models import Assignment, Decision
    from oscar_engage.rules.models import Rule, RuleVersion
    from oscar_engage.visitors.models import Visitor

    rule = Rule.objects.create(name="Help in the checkout")
    version = RuleVersion.objects.create(rule=rule, number=1, document={})
    for number in range(DAYS + 1):
        at = (now - timedelta(days=number)).replace(hour=0, minute=1)
        for turn in range(1 + number % 3):
            visitor = Visitor.objects.create(created_at=at, last_seen_at=at, consent=3)
            arm = "control" if turn == 1 else "treated"
            share = {"arm": arm, "probability": 0.2 if turn == 1 else 0.8}
            Assignment.objects.create(visitor_id=visitor.pk, rule=rule, **share, shop_share=0.1, drawn_at=at)
            moment = {"branch": 0, "action": "show.balloon", "reason": "offered", "eligible_at": at}
            Decision.objects.create(visitor_id=visitor.pk, version=version, arm="treated", **moment)
            order = {"order_id": number * 10 + turn + 1, "total": 10 + number, "currency": "GBP", "placed_at": at}
            Conversion.objects.create(visitor_id=visitor.pk, **order)


def start_worker() -> "subprocess.Popen[bytes]":
    """Start ``manage.py engage_tick``."""
    command = [sys.executable, "-W", "ignore", "-m", "django", "engage_tick", "--limit", "5000", "--skip-checks"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
