"""Fills the log, sends beats while another process removes what is old, and prints what it saw, as JSON. PostgreSQL only."""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from typing import Any

import django

ROWS = int(os.environ.get("BENCHMARK_SIGNALS", "10000000"))
SECONDS = float(os.environ.get("BENCHMARK_SECONDS", "60"))
RATE = 20.0  # beats a second: enough to meet every transaction of the purge
KILL_AFTER = 0.4  # of the time


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
    child = start()
    beside = beat_for(SECONDS * KILL_AFTER, middleware, cookies)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child = start()
    beside += beat_for(SECONDS * (1 - KILL_AFTER), middleware, cookies)
    child.send_signal(signal.SIGTERM)
    child.wait()
    left = old.count()
    told = [int(job.payload.get("ms", 0)) for job in Job.objects.filter(kind=KIND)]
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
        "a_second": (there - left) / SECONDS,
    }


def start() -> "subprocess.Popen[bytes]":
    """Start a worker of the purge."""
    return subprocess.Popen([sys.executable, "-W", "ignore", "-m", "benchmarks.purge_child"])


def beat_for(seconds: float, middleware: Any, cookies: dict[int, str]) -> list[float]:
    """Send beats for so long; return the milliseconds of each."""
    from benchmarks.ingest_beats import make_beat, serve

    took: list[float] = []
    end, due = time.monotonic() + seconds, time.monotonic()
    while time.monotonic() < end:
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
