"""Do two hosts take twice the beats of one? Each is held to a small share of a core; database and load stand elsewhere.

In network namespaces of our own (``benchmarks.hosts``): Linux, root. ``BENCHMARK_SHARE`` is the share of a core that each host
has, ``BENCHMARK_SECONDS`` for how long each of the rounds beats. A machine that others use measures them, too.
"""

import json
import os
import sys
from typing import Any

from benchmarks import hosts as made
from benchmarks.bars import Line, median_line, report
from benchmarks.hosts import Hosts
from benchmarks.median import find_median

SHARE = float(os.environ.get("BENCHMARK_SHARE", "0.15"))
SECONDS = float(os.environ.get("BENCHMARK_SECONDS", "20"))
ROUNDS = 8
CONNECTIONS = 8
"""Browsers at each host, each of which asks again as soon as it is answered."""

WARM_SECONDS = 5
TIMES = 1.8
FIRST_ERROR = 400  # of HTTP


def measure() -> bool:
    """Measure; return whether the bar holds. Where there can be no hosts nothing runs, which is said and is no success."""
    if reason := made.why_not():
        print(f"!!!!! DID NOT RUN: {reason}", file=sys.stderr)
        return False
    with made.hosts(2) as hosts:
        hosts.run(None, "-m", "benchmarks.hosts_shop", "make")
        for host in range(2):
            hosts.start_web(host, workers=1, share=SHARE)
        beat(hosts, WARM_SECONDS, 0, 1)
        rounds = [(beat(hosts, SECONDS, turn % 2), beat(hosts, SECONDS, 0, 1)) for turn in range(ROUNDS)]
    ones, twos = [one["a_second"] for one, _two in rounds], [two["a_second"] for _one, two in rounds]
    refused = sum(
        number for pair in rounds for seen in pair for status, number in seen["statuses"].items() if int(status) >= FIRST_ERROR
    )
    return report(
        f"scale: beats a second of hosts with {SHARE:.2f} of a core each",
        [
            median_line("one host", find_median(ones), unit="/s"),
            median_line("two hosts", find_median(twos), unit="/s"),
            median_line(
                "two hosts against one",
                find_median(two / one for one, two in zip(ones, twos, strict=True)),
                unit="times",
                floor=TIMES,
            ),
            Line(what="refused or failed", measured=refused, bar=0),
        ],
    )


def beat(hosts: Hosts, seconds: float, *numbers: int) -> dict[str, Any]:
    """Beat at these hosts for so long; a browser goes from one to the other in turns, as behind a web server."""
    words = ("benchmarks/hosts_load.py", "beats", str(seconds), str(CONNECTIONS), *map(hosts.address, numbers))
    seen: dict[str, Any] = json.loads(hosts.run(None, *words).splitlines()[-1])
    return seen
