"""What do we cost a page of the shop? Interleaved requests to the shop with and without us, in the same run."""

import http.client
import json
import os
import statistics
import time
from urllib.parse import urlsplit

from benchmarks import shop
from benchmarks.bars import Line, report

ROUNDS = 80
WARM = 10
LONGER_MS = 1.0  # the bar of docs/design-decisions.md: what nobody can notice beside a page of 20 to 170 ms


class Side:
    """One of the two shops, over one kept connection."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        assert parts.hostname  # noqa: S101 - we made the address ourselves
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)

    def milliseconds(self, path: str) -> float:
        """Return the time until the last byte of the page."""
        started = time.perf_counter()
        self._connection.request("GET", path, headers={"Cookie": "shop_consent=all"})
        response = self._connection.getresponse()
        response.read()
        took = (time.perf_counter() - started) * 1000
        if response.status >= 400:  # noqa: PLR2004 - from 400 on HTTP means an error
            raise RuntimeError(f"{path} answered {response.status}")
        return took


def measure() -> bool:
    """Measure time, queries, headers and cookies; return whether every bar holds."""
    shop.prepare()
    pages = shop.paths()
    os.environ["BENCHMARK_PATHS"] = json.dumps(pages)
    lines = [*compare_answers(), *compare_times(pages)]
    return report(f"storefront: {ROUNDS} interleaved pairs of requests a page, with and without us", lines)


def compare_answers() -> list[Line]:
    """Return what differs in queries, headers and cookies."""
    ours = json.loads(shop.run(shop.WITH, "benchmarks.queries").splitlines()[-1])
    bare = json.loads(shop.run(shop.WITHOUT, "benchmarks.queries").splitlines()[-1])
    lines = []
    for name, answer in ours.items():
        lines.append(Line(what=f"{name}: extra queries", measured=answer["queries"] - bare[name]["queries"], bar=0))
    unlike = [name for name in ours if ours[name]["headers"] != bare[name]["headers"]]
    cookies = [name for name in ours if ours[name]["cookies"] != bare[name]["cookies"]]
    longer = statistics.median(ours[name]["bytes"] - bare[name]["bytes"] for name in ours)
    return [
        *lines,
        Line(what="pages with other headers", measured=len(unlike), bar=0),
        Line(what="pages with other cookies", measured=len(cookies), bar=0),
        Line(what="bytes added to a page", measured=longer),
    ]


def compare_times(pages: dict[str, str]) -> list[Line]:
    """Return the median of the paired differences, each page and all together."""
    lines = []
    every: list[float] = []
    with shop.serving(shop.WITH) as with_us, shop.serving(shop.WITHOUT) as without_us:
        ours, bare = Side(with_us), Side(without_us)
        for name, path in pages.items():
            for _turn in range(WARM):
                ours.milliseconds(path), bare.milliseconds(path)
            pairs = [pair(ours, bare, path, ours_first=turn % 2 == 0) for turn in range(ROUNDS)]
            differences = [mine - plain for mine, plain in pairs]
            every += differences
            plain = statistics.median(plain for _mine, plain in pairs)
            lines.append(Line(what=f"{name}: without us", measured=plain, unit="ms"))
            lines.append(Line(what=f"{name}: longer by (median)", measured=statistics.median(differences), unit="ms"))
    every.sort()
    spread = 1.96 * statistics.stdev(every) / len(every) ** 0.5  # of the mean; the median's is about a quarter wider
    lines.append(Line(what="all pages: longer by (mean +/-)", measured=spread, unit="ms"))
    lines.append(Line(what="all pages: longer by (median)", measured=statistics.median(every), unit="ms", bar=LONGER_MS))
    return lines


def pair(ours: Side, bare: Side, path: str, *, ours_first: bool) -> tuple[float, float]:
    """Return one measurement of each side, taken right after each other in alternating order."""
    if ours_first:
        mine = ours.milliseconds(path)
        return mine, bare.milliseconds(path)
    plain = bare.milliseconds(path)
    return ours.milliseconds(path), plain
