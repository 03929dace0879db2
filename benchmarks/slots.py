"""Is an agent's slot ever given twice, or lost? Sixteen workers race for three places, on SQLite and on PostgreSQL."""

import json
import os
import subprocess
import sys

from benchmarks import shop
from benchmarks.bars import Line, report

PLACES = 3
NO_POSTGRES = 77  # scripts/with-postgres says so


def measure() -> bool:
    """Race on both databases; return whether every round of both was exact, without an error."""
    databases = {"SQLite": [], "PostgreSQL": [str(shop.ROOT / "scripts" / "with-postgres")]}
    lines = [line for name, wrapper in databases.items() for line in raced(name, wrapper)]
    return report("slots: 16 workers race for the 3 places of one agent", lines)


def raced(database: str, wrapper: list[str]) -> list[Line]:
    """Return the figures of one database."""
    done = subprocess.run(
        [*wrapper, sys.executable, "-W", "ignore", "-m", "benchmarks.slots_run"],
        cwd=shop.ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.beat_settings"},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode == NO_POSTGRES:
        print("!!!!! DID NOT RUN: the race on PostgreSQL: there is none here", file=sys.stderr)
        return []
    done.check_returncode()
    found = json.loads(done.stdout.decode().splitlines()[-1])
    beats = found.pop("beats")
    lines = [
        line
        for mode, figures in found.items()
        for line in (
            Line(what=f"{database}, {mode}: rounds", measured=figures["rounds"]),
            Line(what=f"{database}, {mode}: rounds with another number than 3", measured=figures["wrong"], bar=0),
            Line(what=f"{database}, {mode}: errors", measured=figures["errors"], bar=0),
        )
    ]
    return [
        *lines,
        Line(what=f"{database}, in a beat's limits: most places in a round", measured=beats["most"], bar=PLACES),
        Line(
            what=f"{database}, in a beat's limits: told to come again",
            measured=beats["errors"] / beats["rounds"],
            unit="a round",
        ),
    ]
