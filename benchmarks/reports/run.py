"""Makes the database, measures what was asked for, and takes the database away again: ``run pages|rollups VISITS``."""

import os
import resource
import statistics
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from benchmarks.bars import Line, report

DAYS, COUNTED_AGO, YEAR = 90, 12, 366
"""Days of the past, how long ago the day is that is counted (nothing of it is missing, its orders are there), days filled."""

ROUNDS = 9
PATIENCE = 2.0
"""Seconds: a page that takes longer is asked for once more and no further, since its median is beyond the bar anyhow."""

CPU_BAR, MEMORY_BAR, PAGE_BAR, QUERY_BAR = 60.0, 300.0, 300.0, 15.0
"""CPU seconds for one day of all rollups, MB, milliseconds of a page, its queries."""


def main(what: str, visits: int) -> int:
    """Do it, and return the exit status: 0 where every bar holds."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    now = datetime.now(tz=UTC)
    old = setup_databases(verbosity=0, interactive=False)
    try:
        print(f"\n{what}, {connection.vendor}: {visits:,} visits", flush=True)
        from benchmarks.reports.generate import generate

        generate(visits, now=now)
        holds = measure_pages(now) if what == "pages" else _measure_elsewhere(now)
    finally:
        teardown_databases(old, verbosity=0)
    return 0 if holds else 1


def _measure_elsewhere(now: datetime) -> bool:
    """Measure the rollups in a process that has never done anything else; PostgreSQL only."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "ENGAGE_TEST_DB_NAME": name, "ENGAGE_REPORTS_NOW": now.isoformat()}
    command = [sys.executable, "-m", "benchmarks.reports.run", "count", "0"]
    return subprocess.run(command, env=environment, check=False).returncode == 0


def measure_rollups(now: datetime) -> bool:
    """Count one day of every registered rollup; CPU of this process and of the server's."""
    from django.utils import timezone

    from oscar_engage.analytics.rollups.days import make_day
    from oscar_engage.analytics.rollups.declare import ROLLUPS
    from oscar_engage.analytics.rollups.document import write_cells

    day = make_day(_counted_day(now), timezone.get_default_timezone())
    lines, total = [], 0.0
    for rollup in ROLLUPS:
        began, at = _cpu(), time.perf_counter()
        document = write_cells(rollup, rollup.count(day, now=now))
        cpu, wall = _cpu() - began, time.perf_counter() - at
        total += cpu
        lines.append(
            Line(what=f"{rollup.name}: {len(document):,} cells, {wall:.1f} s on the clock", measured=cpu, unit="s CPU")
        )
    lines.append(Line(what="all rollups together", measured=total, unit="s CPU", bar=CPU_BAR))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines.append(Line(what="memory of the process at its peak", measured=peak, unit="MB", bar=MEMORY_BAR))
    return report(f"rollups: catching up one day ({day.date})", lines)


def measure_pages(now: datetime, *, rounds: int = ROUNDS) -> bool:
    """Ask for every page of the menu, after one day was counted and stands for all others."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    from oscar_engage.dashboard.templatetags.engage_report_menu import PAGES

    print(f"  filled in {fill_days(now):.0f} s", flush=True)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("owner", "owner@shop.example", "x"))
    lines: list[Line] = []
    for label, name in PAGES:
        address = reverse(f"engage_dashboard:{name}")
        lines += _ask(client, f"{label}", address, rounds)
        lines += _ask(client, f"{label}, 365 days", f"{address}?days=365", rounds, is_judged=False)
        lines += _ask(
            client, f"{label}, 90 days beside those before", f"{address}?days=90&beside=before", rounds, is_judged=False
        )
    return report("reports: every page of the menu, the last 30 days", lines)


def fill_days(now: datetime) -> float:
    """Count one day of every rollup and of the agents, write it for all days, and return the seconds: a day is like another."""
    from django.utils import timezone

    from oscar_engage.analytics.rollups.days import make_day
    from oscar_engage.analytics.rollups.declare import ROLLUPS
    from oscar_engage.analytics.rollups.document import digest_of, write_cells
    from oscar_engage.analytics.staffing import agent_days
    from oscar_engage.models import AgentDay, RollupDay

    began = time.perf_counter()
    of = _counted_day(now)
    days = [now.date() - timedelta(days=number) for number in range(YEAR)]
    for rollup in ROLLUPS:
        cells = write_cells(rollup, rollup.count(make_day(of, timezone.get_default_timezone()), now=now))
        shape: dict[str, Any] = {"rollup": rollup.name, "version": rollup.version, "cells": cells, "filled_at": now}
        open_from = now.date() - timedelta(days=rollup.open_days() + 1)
        RollupDay.objects.bulk_create(
            [
                RollupDay(
                    day=day,
                    digest=digest_of(rollup.name, day, rollup.version, cells),
                    frozen_at=now if day < open_from else None,
                    **shape,
                )
                for day in days
            ],
            batch_size=30,
        )
    for counted in agent_days.count([of], now=now):
        agents = [
            AgentDay(agent_id=agent, day=day, cells=cells, filled_at=now)
            for agent, cells in counted.of.items()
            for day in days[:DAYS]
        ]
        AgentDay.objects.bulk_create(agents, batch_size=100)
    return time.perf_counter() - began


def _ask(client: Any, what: str, address: str, rounds: int, *, is_judged: bool = True) -> list[Line]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    began = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    first = time.perf_counter() - began
    number = sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in queries)
    if response.status_code != HTTPStatus.OK:
        return [Line(what=f"{what}: status {response.status_code}", measured=response.status_code, bar=HTTPStatus.OK)]
    taken = []
    for _round in range(rounds if first < PATIENCE else 1):
        began = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
    bars = {"bar": PAGE_BAR} if is_judged else {}
    lines = [Line(what=what, measured=statistics.median(taken), unit="ms", **bars)]
    return [*lines, Line(what=f"{what}: queries", measured=number, bar=QUERY_BAR)] if is_judged else lines


def _counted_day(now: datetime) -> date:
    return now.date() - timedelta(days=COUNTED_AGO)


def _cpu() -> float:
    """Return the CPU seconds of this process and of the server's process that works for it, if that is on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # what others do for it could not be told
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    state = Path(f"/proc/{number}/stat")
    server = 0.0
    if state.exists():
        fields = state.read_text().rpartition(")")[2].split()
        server = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + server


if __name__ == "__main__":
    wanted, number = sys.argv[1], int(sys.argv[2])
    if wanted == "count":
        import django

        django.setup()
        sys.exit(0 if measure_rollups(datetime.fromisoformat(os.environ["ENGAGE_REPORTS_NOW"])) else 1)
    sys.exit(main(wanted, number))
