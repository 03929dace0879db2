"""What does removing old signals do to the beats that come meanwhile? On PostgreSQL, with ten million rows to go.

``BENCHMARK_SIGNALS`` is how many there are, ``BENCHMARK_SECONDS`` for how long beats are sent before and while the purge
runs, at most: it ends when nothing is left. The purge is killed once with SIGKILL on its way. Times need a machine with a
core for each; that no beat is dropped does not.
"""

import sys

from benchmarks.bars import Line, report
from benchmarks.ingest import run

LONGEST_MS = 100
"""How long a beat waits for a lock before it gives up; none may have to."""

STEADY = 1.3
"""A purge may not become slower the more it has removed: what is dead and not yet vacuumed lies before what it looks for."""


def measure() -> bool:
    """Measure; return whether every bar holds. Without PostgreSQL nothing runs, which is said and is no success."""
    found = run("purge_run", "benchmarks.beat_settings")
    if found is None:
        print("!!!!! DID NOT RUN: the purge needs a PostgreSQL, and there is none here", file=sys.stderr)
        return False
    calm, beside = found["calm"], found["beside"]
    return report(
        f"purge: {found['rows']:,} old signals, {found['chunks']} transactions, killed once",
        [
            Line(what="beats before it: median", measured=calm["median"], unit="ms"),
            Line(what="beats before it: 99 of 100 within", measured=calm["p99"], unit="ms"),
            Line(what="beats meanwhile: median", measured=beside["median"], unit="ms"),
            Line(what="beats meanwhile: 99 of 100 within", measured=beside["p99"], unit="ms", bar=LONGEST_MS),
            Line(what="beats meanwhile: the longest", measured=beside["longest"], unit="ms"),
            Line(what="beats meanwhile that were dropped", measured=found["dropped"], bar=0),
            Line(
                what="old signals left after the kill and the next worker",
                measured=found["left"],
                bar=0 if found["is_done"] else None,
            ),
            Line(what="signals of now that were removed", measured=found["removed_of_now"], bar=0),
            Line(what="the longest transaction of the purge", measured=found["longest_chunk_ms"], unit="ms"),
            Line(what="old signals removed a second", measured=found["a_second"]),
            Line(what="for so long", measured=found["seconds"], unit="s"),
            Line(what="the last transactions, against the early ones", measured=found["slower"], unit="times", bar=STEADY),
        ],
    )
