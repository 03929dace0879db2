"""How fast is a shared page, and what does it cost? Two real browsers, with push and without; on PostgreSQL."""

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks import shop
from benchmarks.bars import Line, report
from benchmarks.size import DIST, gzipped

NO_POSTGRES = 77  # scripts/with-postgres says so
SEEN_MS = {"push": 500.0, "polling": 1500.0}
CORE = 0.015
KB_A_MINUTE = 40.0
RECORDER_BYTES = 26 * 1024


def measure() -> bool:
    """Measure both; return whether every bar holds. No PostgreSQL is a failure: it is what wakes."""
    done = subprocess.run(
        [str(shop.ROOT / "scripts" / "with-postgres"), sys.executable, "-W", "ignore", "-m", "benchmarks.cobrowse_run"],
        cwd=shop.ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.cobrowse_settings"},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode == NO_POSTGRES:
        print("!!!!! DID NOT RUN: the shared page: there is no PostgreSQL here", file=sys.stderr)
        return False
    done.check_returncode()
    found = json.loads(done.stdout.decode().splitlines()[-1])
    results = [
        report(f"cobrowse: a page shared between two browsers, {way}", lines_of(found[way], seen_bar=SEEN_MS[way]))
        for way in SEEN_MS
    ]
    return report("cobrowse: what is loaded", size_lines()) and all(results)


def lines_of(found: dict[str, Any], *, seen_bar: float) -> list[Line]:
    """Return the figures of one way."""
    return [
        Line(what="from a change to the agent's screen, median", measured=found["seen_median"], unit="ms", bar=seen_bar),
        Line(what="the same, nine of ten", measured=found["seen_p90"], unit="ms"),
        Line(what="from the agent's hand to the shopper's screen, median", measured=found["hand_median"], unit="ms"),
        Line(what="cores of the servers for one session, browsing", measured=found["cores"] / found["slowdown"], bar=CORE),
        Line(what="the same as a busy machine counted it", measured=found["cores"]),
        Line(what="times slower than its best this core was", measured=found["slowdown"]),
        Line(what="cores of the same shop with the chat alone", measured=found["idle_cores"]),
        Line(what="what the shopper sends in a minute of browsing", measured=found["kb"], unit="KB", bar=KB_A_MINUTE),
        Line(what="requests of the shopper in that minute", measured=found["requests"]),
    ]


def size_lines() -> list[Line]:
    """Return the sizes of the files."""
    bars = {"record.js": RECORDER_BYTES, "share.js": 4608}
    return [
        *(Line(what=f"{name}, gzipped", measured=gzipped(DIST / name), unit="bytes", bar=bar) for name, bar in bars.items()),
        Line(what="replay.js, gzipped, for agents", measured=gzipped(DIST / "replay.js"), unit="bytes"),
    ]
