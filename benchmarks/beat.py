"""What does a beat cost? CPU of the web process with twenty live rules, on SQLite and on PostgreSQL."""

import json
import os
import subprocess
import sys

from benchmarks import shop
from benchmarks.bars import Line, report

CPU_MS = 2.0  # a fourteenth of the cheapest product page of stock Oscar
NO_POSTGRES = 77  # scripts/with-postgres says so


def measure() -> bool:
    """Measure on both databases; return whether every bar holds."""
    lines = [*measured("SQLite", []), *measured("PostgreSQL", [str(shop.ROOT / "scripts" / "with-postgres")])]
    return report("beat: through the middleware's fast path, twenty live rules", lines)


def measured(database: str, wrapper: list[str]) -> list[Line]:
    """Return the figures of one database."""
    done = subprocess.run(
        [*wrapper, sys.executable, "-W", "ignore", "-m", "benchmarks.beat_run"],
        cwd=shop.ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.beat_settings"},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode == NO_POSTGRES:
        print("!!!!! DID NOT RUN: the beat on PostgreSQL: there is none here", file=sys.stderr)
        return []
    done.check_returncode()
    found = json.loads(done.stdout.decode().splitlines()[-1])
    return [
        Line(what=f"{database}: CPU a beat, mean", measured=found["cpu_mean"], unit="ms", bar=CPU_MS),
        Line(what=f"{database}: CPU a beat, median", measured=found["cpu_median"], unit="ms"),
        Line(what=f"{database}: wall clock a beat, median", measured=found["wall_median"], unit="ms"),
        Line(what=f"{database}: queries a beat, mean", measured=found["queries"]),
        Line(what=f"{database}: beats measured", measured=found["beats"]),
        Line(what=f"{database}: decisions written", measured=found["decisions"]),
        Line(what=f"{database}: dropped or failed beats", measured=found["faults"], bar=0),
    ]
