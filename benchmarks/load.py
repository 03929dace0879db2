"""Half an hour of everything at once, with faults in turn: does the shop sell on, is nothing lost, does nothing grow?

Storefront, a hundred beats a second, two hundred chats and somebody who buys, on PostgreSQL; ``BENCHMARK_MINUTES=3`` to try. It
needs a machine that nobody else uses: a fault is judged by the pages a second, beside those of the times before and after it.
"""

import sys
from statistics import median

from benchmarks.bars import Line, report
from benchmarks.ingest import run

KEPT = 0.9
GROWTH = 1.05


def measure() -> bool:
    """Measure; return whether every bar holds. Without PostgreSQL nothing runs, which is said and is no success."""
    found = run("load_run", "benchmarks.load_settings")
    if found is None:
        print("!!!!! DID NOT RUN: the load needs a PostgreSQL, and there is none here", file=sys.stderr)
        return False
    lines = [
        Line(what=f"healthy, median: {what}", measured=median(window[what] for window in found["healthy"]), unit="/s")
        for what in ("pages", "beats", "polls", "words")
    ]
    lines += [
        Line(
            what=f"{fault}: pages beside healthy", measured=window["pages"] / window["healthy pages"], unit="times", floor=KEPT
        )
        for fault, window in found["windows"].items()
    ]
    lines += [
        Line(what="pages of the shop that failed", measured=found["failed_pages"], bar=0),
        Line(what="orders whose buyer was thanked, less those in the shop", measured=abs(found["orders"]), bar=0),
        Line(what=f"messages lost, of {found['words']}", measured=found["lost"], bar=0),
        Line(what=f"jobs lost or dead, of {found['jobs']}", measured=found["dead"], bar=0),
        Line(what="memory of the web server, end against a sixth", measured=found["web_growth"], unit="times", bar=GROWTH),
        Line(what="memory of the worker, end against a sixth", measured=found["worker_growth"], unit="times", bar=GROWTH),
    ]
    return report(f"load: {found['minutes']:g} minutes, {len(found['windows'])} faults", lines)
