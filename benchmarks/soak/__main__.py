"""Runs the soak on both databases and prints what was lost and doubled; the exit status says whether every bar holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.bars import Line, report

ROOT = Path(__file__).resolve().parents[2]
NO_POSTGRES = 77  # scripts/with-postgres says so


def main() -> int:
    """Soak both, or those that are here; a database that is not is said in capitals."""
    held = [soak("SQLite", []), soak("PostgreSQL", [str(ROOT / "scripts" / "with-postgres")])]
    return 0 if all(held) else 1


def soak(database: str, wrapper: list[str]) -> bool:
    """Soak one database in a process of its own, print its table, and return whether every bar holds."""
    done = subprocess.run(
        [*wrapper, sys.executable, "-W", "ignore", "-m", "benchmarks.soak.run"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.soak.settings"},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode == NO_POSTGRES:
        print(f"!!!!! DID NOT RUN: the soak on {database}: there is none here", file=sys.stderr)
        return True
    done.check_returncode()
    found = json.loads(done.stdout.decode().splitlines()[-1])
    ours = [*lines("outbox and huey", found["ours"], bar=0), *lines("huey alone", found["alone"], bar=None)]
    return report(f"{database}, {found['how']}", ours)


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
