"""Starts a measurement in a process of its own, with a database that is gone afterwards."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIG, SMALL = 1_000_000, 50_000
"""Visits on PostgreSQL and on SQLite."""

NO_POSTGRESQL = 77


def measure_with(what: str, visits: int, *, postgres: bool) -> bool:
    """Run ``benchmarks.reports.run`` and return whether its bars hold; at most ``ENGAGE_REPORTS_VISITS`` visits."""
    visits = min(visits, int(os.environ.get("ENGAGE_REPORTS_VISITS", visits)))
    command = [sys.executable, "-m", "benchmarks.reports.run", what, str(visits)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    if not postgres:
        environment.pop("ENGAGE_TEST_DB", None)
    command = [str(ROOT / "scripts" / "with-postgres"), *command] if postgres else command
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if code == NO_POSTGRESQL:
        print(f"\n{what}: NOT MEASURED, there is no PostgreSQL")
    return code == 0
