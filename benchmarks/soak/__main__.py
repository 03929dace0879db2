"""Soaks huey's three storages and prints what was lost and doubled; the exit status says whether every bar holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.bars import Line, report
from benchmarks.soak.run import NO_REDIS

ROOT = Path(__file__).resolve().parents[2]
NO_POSTGRES = 77  # scripts/with-postgres says so
_ON_POSTGRES = [str(ROOT / "scripts" / "with-postgres")]
STORAGES: dict[str, tuple[str, list[str], str]] = {
    "sqlite": ("SQLite", [], "file"),
    "redis": ("PostgreSQL and Redis", _ON_POSTGRES, "redis"),
    "postgresql": ("PostgreSQL alone", _ON_POSTGRES, "tables"),
}
"""What it is called, what the run is wrapped in, and which queue huey has."""


def main() -> int:
    """Soak those that are named (``sqlite``, ``redis``, ``postgresql``), or all; what is not here is said in capitals."""
    wanted = sys.argv[1:] or list(STORAGES)
    held = [soak(*STORAGES[name]) for name in wanted]
    return 0 if all(held) else 1


def soak(storage: str, wrapper: list[str], queue: str) -> bool:
    """Soak one storage in a process of its own, print its table, and return whether every bar holds."""
    done = subprocess.run(
        [*wrapper, sys.executable, "-W", "ignore", "-m", "benchmarks.soak.run"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.soak.settings", "ENGAGE_SOAK_QUEUE": queue},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode in {NO_POSTGRES, NO_REDIS}:
        print(f"!!!!! DID NOT RUN: the soak on {storage}: there is none here", file=sys.stderr)
        return True
    done.check_returncode()
    found = json.loads(done.stdout.decode().splitlines()[-1])
    ours = [*lines("outbox and huey", found["ours"], bar=0), *lines("huey alone", found["alone"], bar=None)]
    return report(f"{storage}, {found['how']}", ours)


def lines(way: str, found: dict[str, float], *, bar: float | None) -> list[Line]:
    """Return the figures of one way to hand over work; only ours has bars."""
    return [
        Line(what=f"{way}: jobs", measured=found["jobs"]),
        Line(what=f"{way}: lost", measured=found["lost"], bar=bar),
        Line(what=f"{way}: effects doubled in the database", measured=found["doubled"], bar=bar),
        Line(what=f"{way}: mails doubled, with the same Message-ID", measured=found["mails_doubled"]),
        Line(what=f"{way}: mails missing", measured=found["mails_missing"], bar=bar),
        *([Line(what=f"{way}: jobs whose lease expired", measured=found["expired"])] if "expired" in found else []),
        Line(what=f"{way}: wall time", measured=found["seconds"], unit="s"),
    ]


if __name__ == "__main__":
    sys.exit(main())
