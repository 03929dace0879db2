"""Fills the log, sends beats while another process removes what is old, and prints what it saw, as JSON. PostgreSQL only."""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import django

ROWS = int(os.environ.get("BENCHMARK_SIGNALS", "10000000"))
SECONDS = float(os.environ.get("BENCHMARK_SECONDS", "60"))
RATE = 20.0  # beats a second: enough to meet every transaction of the purge
KILL_AFTER = 0.4  # of the time
MEANINGFUL = 20  # transactions, for a rate
PAUSE = 2.0  # seconds between two transactions that are none of the work


def main() -> None:
    """Make the shop's tables, measure, and remove them."""
    django.setup()
    from django.db import connection

    from benchmarks.beat_run import make_rules
    from oscar_engage.testing.rules import rules_at_once

    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        make_rules()
        with rules_at_once():
            print(json.dumps(measure()))
    finally:
        with connection.cursor() as cursor:  # a worker that was killed may not have hung up yet
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid()"
            )
        connection.creation.destroy_test_db(name, verbosity=0)


def measure() -> dict[str, Any]:
    """Return what beats and purge did."""
    from django.utils import timezone

    from benchmarks.ingest_beats import refuse, send_beats
    from benchmarks.ingest_log import fill, vacuum
    from benchmarks.purge_child import KIND, register
    from benchmarks.reports.load import without_indexes
    from oscar_engage.jobs.models import Job
    from oscar_engage.jobs.outbox import enqueue
    from oscar_engage.signals.counters import snapshot
    from oscar_engage.signals.models import SignalRecord
    from oscar_engage.storefront.middleware import EngageMiddleware

    register()
    with without_indexes(SignalRecord):
        fill(ROWS, at_a_time=10)
    vacuum("oscar_engage_signalrecord", "oscar_engage_visit", "oscar_engage_visitor")
    middleware, cookies = EngageMiddleware(refuse), dict[int, str]()
    send_beats(middleware, cookies)
    began = timezone.now()
    calm = beat_for(SECONDS / 2, middleware, cookies)
    enqueue(KIND, key=f"{KIND}:0", payload={"before": began.isoformat(), "part": 0}, now=began)
    old = SignalRecord.objects.filter(received_at__lt=began)
    there, written = old.count(), SignalRecord.objects.count()
    started, child = time.monotonic(), start()
    beside = beat_for(SECONDS * KILL_AFTER, middleware, cookies)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child = start()
    beside += beat_for(SECONDS * (1 - KILL_AFTER), middleware, cookies, until=lambda: child.poll() is not None)
    took = time.monotonic() - started
    child.send_signal(signal.SIGTERM)
    child.wait()
    left = old.count()
    told = [int(job.payload.get("ms", 0)) for job in Job.objects.filter(kind=KIND)]
    finished = Job.objects.filter(kind=KIND, state="done").order_by("pk")
    now_there = SignalRecord.objects.count()
    return {
        "rows": ROWS,
        "calm": describe(calm),
        "beside": describe(beside),
        "dropped": sum(number for name, number in snapshot().items() if name.startswith(("dropped", "fault"))),
        "chunks": len(told),
        "left": left,
        "is_done": not Job.objects.filter(kind=KIND, state__in=("due", "running")).exists(),
        "removed_of_now": max(0, written - there - (now_there - left)),
        "longest_chunk_ms": max(told, default=0),
        "seconds": took,
        "a_second": (there - left) / took,
        "slower": slower([(job.finished_at, int(job.payload.get("rows", 0))) for job in finished if job.finished_at]),
    }


def start() -> "subprocess.Popen[bytes]":
    """Start a worker of the purge."""
    return subprocess.Popen([sys.executable, "-W", "ignore", "-m", "benchmarks.purge_child"])


def slower(done: Sequence[tuple[datetime, int]]) -> float:
    """Return how many times as long the last fifth of the transactions took for a row as the second fifth took.

    ``done``: when each ended, and how many rows it removed. The first fifth is still warming up; pauses, as after the kill, do
    not count.
    """
    fifth = len(done) // 5
    if fifth < MEANINGFUL:
        return 1.0
    return seconds_a_row(done[-fifth:]) / seconds_a_row(done[fifth : 2 * fifth])


def seconds_a_row(done: Sequence[tuple[datetime, int]]) -> float:
    """Return what a row took, from one transaction's end to the next."""
    pairs = [((later - before).total_seconds(), rows) for (before, _rows), (later, rows) in pairwise(done)]
    counted = [(took, rows) for took, rows in pairs if took < PAUSE]
    return sum(took for took, _rows in counted) / max(1, sum(rows for _took, rows in counted))


def beat_for(
    seconds: float, middleware: Any, cookies: dict[int, str], *, until: Callable[[], bool] = lambda: False
) -> list[float]:
    """Send beats for so long, or until something is so; return the milliseconds of each."""
    from benchmarks.ingest_beats import make_beat, serve

    took: list[float] = []
    end, due = time.monotonic() + seconds, time.monotonic()
    while time.monotonic() < end and not until():
        time.sleep(max(0.0, due - time.monotonic()))
        due += 1 / RATE
        request = make_beat(cookies, len(took) % len(cookies))
        began = time.perf_counter()
        serve(middleware, [request])
        took.append((time.perf_counter() - began) * 1000)
    return took


def describe(took: list[float]) -> dict[str, float]:
    """Return median, 99th percentile and the longest, in milliseconds."""
    return {"median": statistics.median(took), "p99": statistics.quantiles(took, n=100)[98], "longest": max(took)}


if __name__ == "__main__":
    main()
