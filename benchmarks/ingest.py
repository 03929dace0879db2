"""What does it cost to take signals? CPU, rate, disk, a log of millions, and what a saturated storefront makes of it.

On PostgreSQL. ``BENCHMARK_SIGNALS=10000000`` compares with a log of ten million signals instead of one, ``BENCHMARK_SECONDS``
is for how long beats are sent beside the storefront. Everything is compared with something else in the same run, but the times
of beats beside a saturated storefront: these need a machine with two cores for nobody else.
"""

import json
import os
import subprocess
import sys
from statistics import fmean, quantiles
from typing import Any

from benchmarks import shop
from benchmarks.bars import Line, median_line, report
from benchmarks.beat import NO_POSTGRES, PAGE_SHARE
from benchmarks.ingest_visitors import RATE
from benchmarks.median import Median, find_median

SIGNALS_A_SECOND = 2_500
INSERTS = 0.3  # of the rate of a view that does nothing but one insert
BYTES_A_SIGNAL = 400
P99_MS = 50
KEPT = 0.9
FLOODED = 1.5  # of what as many requests cost that nobody looks into
_TEN = 10
_MISSING = "!!!!! DID NOT RUN: taking signals needs a PostgreSQL, and there is none here"


def measure() -> bool:
    """Measure; return whether every bar holds. Without PostgreSQL nothing runs, which is said and is no success."""
    rates, beside = run("ingest_run", "benchmarks.beat_settings"), run("ingest_storefront", "sandbox.settings")
    if rates is None or beside is None:
        print(_MISSING, file=sys.stderr)
        return False
    return report(
        "ingest: taking signals on PostgreSQL; medians with 95 % intervals", [*rate_lines(rates), *beside_lines(beside)]
    )


def run(module: str, settings: str) -> dict[str, Any] | None:
    """Return what a part of the measurement found; ``None`` without PostgreSQL."""
    done = subprocess.run(
        [str(shop.ROOT / "scripts" / "with-postgres"), sys.executable, "-W", "ignore", "-m", f"benchmarks.{module}"],
        cwd=shop.ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": settings},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode == NO_POSTGRES:
        return None
    done.check_returncode()
    found: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return found


def rate_lines(found: dict[str, Any]) -> list[Line]:
    """Return the rows of what one process takes, of the disk, and of a large log."""
    a_second = find_median(1000 * _TEN / beat for beat in found["beat_ms"])
    small, large = found["queries"]
    growth = found["growth"]
    return [
        median_line("ten-signal beat: CPU", find_median(found["beat_ms"]), unit="ms"),
        median_line("product page: CPU", find_median(found["page_ms"]), unit="ms"),
        median_line("ten-signal beat: in product pages", find_median(found["page_share"]), unit="", bar=PAGE_SHARE),
        median_line(
            "ten-signal beat: rate, in bare inserts",
            find_median(1 / ratio for ratio in found["beats_to_inserts"]),
            unit="",
            floor=INSERTS,
        ),
        median_line("batched signals a second of CPU", a_second, unit="/s", floor=SIGNALS_A_SECOND),
        Line(what="signals kept of ten", measured=found["kept"], floor=_TEN),
        Line(what="dropped or failed beats", measured=found["faults"], bar=0),
        Line(what="log: bytes a signal", measured=growth["total"], unit="B", bar=BYTES_A_SIGNAL),
        *[Line(what=f"log: of it {name}", measured=size, unit="B") for name, size in growth.items() if name != "total"],
        Line(what="large log: signals", measured=found["large"]),
        Line(what="large log: queries more of a beat", measured=large - small, bar=0),
        Line(what="large log: other plans", measured=len(found["other_plans"]), bar=0),
        Line(what="small log: a beat", measured=found["small_ms"], unit="ms"),
        Line(what="small log: from block to block a beat differs by", measured=found["noise_ms"], unit="ms"),
        median_line(
            "large log: a beat is longer by", find_median(found["longer_ms"]), unit="ms", bar=found["noise_ms"], is_lenient=True
        ),
    ]


def beside_lines(found: dict[str, Any]) -> list[Line]:
    """Return the rows of beats and pages at the same time."""
    percentiles = quantiles(found["beats_ms"], n=100)
    return [
        Line(what="beside a saturated storefront: beats", measured=len(found["beats_ms"])),
        Line(what="beside a saturated storefront: median of beats", measured=percentiles[49], unit="ms"),
        Line(what="beside a saturated storefront: p99 of beats", measured=percentiles[98], unit="ms", bar=P99_MS),
        median_line("in one process: a beat's CPU", find_median(found["beat_cpu_ms"]), unit="ms"),
        median_line("in one process: pages kept beside browsers that obey", find_median(found["kept"]), unit="", floor=KEPT),
        median_line("in one process: pages kept beside browsers that do not", find_median(found["kept_hurried"]), unit=""),
        median_line("in one process: the same, by the CPU of beats", _kept_by_cpu(found["beat_cpu_ms"]), unit=""),
        *flood_lines(found),
        Line(what="processes that wanted each core meanwhile", measured=found["load"]),
    ]


def flood_lines(found: dict[str, Any]) -> list[Line]:
    """Return the rows of pages beside one browser that sends a thousand beats a second to their process.

    How a web server stands a thousand requests a second is its own: what we add to that is ours to bound.
    """
    alone, beside, emptily = (quantiles(found[name], n=100)[98] for name in ("unflooded_ms", "flooded_ms", "emptily_ms"))
    return [
        Line(what="flooded by one browser: beats answered a second", measured=fmean(found["flooded"])),
        Line(what="flooded by one browser: p99 of pages without", measured=alone, unit="ms"),
        Line(what="flooded by one browser: p99 of pages, in that", measured=beside / alone),
        Line(what="as many requests that nobody reads: p99 of pages, in that", measured=emptily / alone),
        Line(what="flooded by one browser: p99 of pages, in the latter", measured=beside / emptily, bar=FLOODED),
    ]


def _kept_by_cpu(beats_ms: list[float]) -> Median:
    """Return the share of its core that a process has left for pages at the rate of beats that is measured."""
    return find_median(1 - RATE * beat / 1000 for beat in beats_ms)
