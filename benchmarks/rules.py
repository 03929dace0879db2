"""How fast are rules judged, and beside whom? Ours and the peers' in turns on the same rules and visitors, same matches.

A time is of judging all rules for one visitor. Ours and theirs are measured in turns, so that a busy machine slows both, and
what is judged are the ratios: the median of many rounds with its interval.
"""

import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from benchmarks import shop
from benchmarks.bars import Line, median_line, report
from benchmarks.median import Median, find_median
from benchmarks.peers import ensure_peers
from benchmarks.rules_data import CLOCKS, make_rules, make_visitors

SIZES = (10, 100, 1_000, 10_000)
FLOORS = {10: 1.0, 100: 1.0, 1_000: 10.0, 10_000: 25.0}
"""How many times faster than the best peer we have to be."""

FRESH_FLOOR = 4.0  # with 1,000 rules, when no text and no set was seen before
FULL_RULE_BYTES = 4 * 1024
REBUILD_MS = 60.0  # of a thousand rules
TRACE_US = 20.0
COSTLY_SHARE = 0.10
ROUNDS = 21
VISITORS = 40
_AT_ONCE = 160  # new visitors in one timing
_LONG_ENOUGH = 5_000.0  # microseconds of one timing: long against the clock and against filling the caches


def measure() -> bool:
    """Measure in a process of its own, with nothing else in its memory; return whether every bar holds."""
    ensure_peers()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.rules"]
    return subprocess.run(command, cwd=shop.ROOT, env=environment, check=False).returncode == 0


def main() -> int:
    """Print the table; the exit status says whether every bar holds."""
    import django

    django.setup()
    ensure_peers()
    lines = [line for size in SIZES for line in _beside_peers(size)]
    lines += [*_memory(), _rebuild(), _trace(), _costly()]
    return 0 if report("rules: all rules for one visitor of 40 variables", lines) else 1


def _beside_peers(size: int) -> Iterator[Line]:
    """Yield our time, each peer's, and how often ours goes into the best of theirs; visitors come back."""
    from benchmarks.rules_peers import PEERS, matched, peer_data
    from oscar_engage.rules.engine.ruleset import build_rule_set

    documents, visitors = make_rules(size), make_visitors(VISITORS)
    data = [peer_data(visitor) for visitor in visitors]
    ours = build_rule_set(documents, clocks=CLOCKS)
    peers = {peer.name: peer.compile(documents) for peer in PEERS if size <= peer.most_rules}
    expected = [ours.matches(visitor.__getitem__) for visitor in visitors]
    for name, judge in peers.items():
        if [matched(judge(one)) for one in data] != expected:
            raise RuntimeError(f"{name} finds other matches among {size} rules.")
    works: dict[str, Callable[[], Any]] = {"ours": lambda: [ours.matches(visitor.__getitem__) for visitor in visitors]}
    works |= {name: lambda judge=judge: [judge(one) for one in data] for name, judge in peers.items()}
    times = _in_turns(works)
    best = min(peers, key=lambda name: find_median(times[name]).value)
    share = sum(map(len, expected)) / size / len(visitors)
    yield Line(what=f"{size} rules: share that matches", measured=100 * share, unit="%")
    for name, sample in times.items():
        yield median_line(f"{size} rules: {name}", find_median(sample), unit="us")
    yield _times_faster(f"{size} rules: times faster than {best}", times["ours"], times[best], floor=FLOORS[size])
    if size == 1_000:  # noqa: PLR2004 - the size that the bar is about
        yield _fresh(documents, peers[best], best)


def _fresh(documents: Sequence[Any], judge: Callable[[Any], Any], name: str) -> Line:
    """Return the ratio when every visitor's texts and sets are new."""
    from benchmarks.rules_peers import peer_data
    from oscar_engage.rules.engine.ruleset import build_rule_set

    visitors = iter(make_visitors(_AT_ONCE * (ROUNDS + 5)))
    ours = build_rule_set(documents, clocks=CLOCKS)
    for visitor in islice(visitors, 5 * _AT_ONCE):  # numbers and choices have all been seen, as in a running shop
        ours.matches(visitor.__getitem__)
    sample: dict[str, list[float]] = {"ours": [], name: []}
    while batch := list(islice(visitors, _AT_ONCE)):
        data = [peer_data(visitor) for visitor in batch]
        sample["ours"].append(_time(lambda batch=batch: [ours.matches(visitor.__getitem__) for visitor in batch]) / _AT_ONCE)
        sample[name].append(_time(lambda data=data: [judge(one) for one in data]) / _AT_ONCE)
    return _times_faster(
        f"1000 rules, new texts and sets: times faster than {name}", sample["ours"], sample[name], floor=FRESH_FLOOR
    )


def _memory() -> Iterator[Line]:
    """Yield what the index takes, after a thousand visitors; the documents themselves are in every way of judging."""
    from oscar_engage.rules.engine.ruleset import build_rule_set

    visitors = make_visitors(1_000)
    for size in (1_000, 10_000):
        documents = make_rules(size)
        tracemalloc.start()
        ours = build_rule_set(documents, clocks=CLOCKS)
        for visitor in visitors:
            ours.matches(visitor.__getitem__)
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        yield Line(what=f"{size} rules: memory of a rule", measured=held / size, unit="bytes", bar=FULL_RULE_BYTES)


def _rebuild() -> Line:
    from oscar_engage.rules.engine.ruleset import build_rule_set

    documents = make_rules(1_000)
    sample = [_time(lambda: build_rule_set(documents, clocks=CLOCKS)) / 1000 for _round in range(ROUNDS)]
    return median_line("rebuild of 1000 rules", find_median(sample), unit="ms", bar=REBUILD_MS)


def _trace() -> Line:
    from oscar_engage.rules.engine.explain import explain

    documents, visitor = make_rules(1_000)[:200], make_visitors(1)[0]
    work = lambda: [explain(document, visitor.__getitem__) for document in documents]  # noqa: E731 - what is timed
    return median_line(
        "full trace of a rule", find_median(_time(work) / 200 for _round in range(ROUNDS)), unit="us", bar=TRACE_US
    )


def _costly() -> Line:
    """Return the share of the costly variables that thirty rules ask, over many such rules; one variable in ten is costly."""
    from oscar_engage.rules.engine.ruleset import build_rule_set

    visitors = make_visitors(60)
    costly = frozenset({"m0", "c0", "s0", "t0"})  # such as another system's lifetime value, class, interests and note
    asked = known = 0
    for seed in range(30):
        documents = make_rules(30, seed=seed)
        ours = build_rule_set(documents, clocks=CLOCKS, costly=costly)
        for visitor in visitors:
            read: set[str] = set()
            ours.matches(lambda name, visitor=visitor, read=read: read.add(name) or visitor[name])  # type: ignore[misc,func-returns-value]  # notes the name
            asked += len(read & costly)
            known += len(costly)
    return Line(what="30 rules: share of costly variables asked", measured=asked / known, bar=COSTLY_SHARE)


def _in_turns(works: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    """Return microseconds a visitor of each work: all in every round, each as often in a row as to take some milliseconds."""
    repeats = {name: 1 + int(_LONG_ENOUGH / _time(work)) for name, work in works.items()}
    times: dict[str, list[float]] = {name: [] for name in works}
    for _round in range(ROUNDS):
        for name, work in works.items():
            took = _time(lambda work=work, name=name: [work() for _time in range(repeats[name])])
            times[name].append(took / repeats[name] / VISITORS)
    return times


def _times_faster(what: str, ours: Iterable[float], theirs: Iterable[float], *, floor: float) -> Line:
    ratios: Median = find_median(their / our for our, their in zip(ours, theirs, strict=True))
    return median_line(what, ratios, unit="times", floor=floor)


def _time(work: Callable[[], Any]) -> float:
    """Return the microseconds of ``work``."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e6


if __name__ == "__main__":
    sys.exit(main())
