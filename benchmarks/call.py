"""How long until two hear each other? Two real browsers with made-up cameras: with push, without, and through a relay alone."""

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks import shop
from benchmarks.bars import Line, report
from benchmarks.size import DIST, gzipped

NO_POSTGRES = 77  # scripts/with-postgres says so
NO_RELAY = 78  # benchmarks.call_run says so
CONNECT_MS = {"push": 1000.0, "polling": 8000.0, "relay": 2000.0}
WORDS = {"push": "with push", "polling": "asking by the clock", "relay": "with push, through coturn alone"}
SCRIPT_BYTES = 4096


def measure() -> bool:
    """Measure all three; return whether every bar holds. No PostgreSQL or no coturn is a failure."""
    done = subprocess.run(
        [str(shop.ROOT / "scripts" / "with-postgres"), sys.executable, "-W", "ignore", "-m", "benchmarks.call_run"],
        cwd=shop.ROOT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        check=False,
    )
    missing = {NO_POSTGRES: "PostgreSQL", NO_RELAY: "coturn"}.get(done.returncode)
    if missing:
        print(f"!!!!! DID NOT RUN: the talk: there is no {missing} here", file=sys.stderr)
        return False
    done.check_returncode()
    found = json.loads(done.stdout.decode().splitlines()[-1])
    return report("call: two browsers, from the yes until both hear each other", lines_of(found))


def lines_of(found: dict[str, Any]) -> list[Line]:
    """Return the figures of all ways, and the size of what a shopper loads after the yes."""
    lines = []
    for way, bar in CONNECT_MS.items():
        lines.append(Line(what=f"{WORDS[way]}, median", measured=found[way]["median"], unit="ms", bar=bar))
        lines.append(Line(what=f"{WORDS[way]}, the slowest", measured=found[way]["slowest"], unit="ms"))
    lines.append(Line(what="on the next page again, with push, median", measured=found["push"]["resumed"], unit="ms"))
    return [*lines, Line(what="voices.js, gzipped", measured=gzipped(DIST / "voices.js"), unit="bytes", bar=SCRIPT_BYTES)]
