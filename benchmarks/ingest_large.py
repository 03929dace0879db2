"""What do millions of signals change for a beat? A small log and a large one in two databases, under one process, in turns."""

import json
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from benchmarks.ingest_beats import BEATS, BLOCKS, make_beat, refuse, send_beats, serve
from benchmarks.ingest_log import fill, vacuum
from benchmarks.reports.load import without_indexes

SMALL, LARGE = 10_000, int(os.environ.get("BENCHMARK_SIGNALS", "1000000"))


def measure_large() -> dict[str, Any]:
    """Return how beats differ between a log of :data:`SMALL` signals and one of :data:`LARGE`: plans, queries, time.

    ``noise_ms`` is by how much two blocks of the same log differ, one pair after the other: half of them by more.
    """
    from oscar_engage.signals.models import SignalRecord
    from oscar_engage.storefront.middleware import EngageMiddleware

    middleware = EngageMiddleware(refuse)
    with two_databases() as (small, large):
        sides = {}
        for name, connection, rows in (("small", small, SMALL), ("large", large, LARGE)):
            with using(connection):
                with without_indexes(SignalRecord):  # ten million rows with them take hours, one by one at random places
                    fill(rows, at_a_time=10)
                vacuum("oscar_engage_signalrecord", "oscar_engage_visit", "oscar_engage_visitor", "oscar_engage_decision")
                cookies: dict[int, str] = {}
                send_beats(middleware, cookies)
                sides[name] = (connection, cookies, explain_beat(middleware, cookies))
        pairs = [tuple(_time_block(middleware, *sides[name][:2]) for name in order) for order in _orders()]
    ordered = [pair if number % 2 == 0 else pair[::-1] for number, pair in enumerate(pairs)]
    small_times = [small_ms for small_ms, _large in ordered]
    return {
        "large": LARGE,
        "queries": [len(sides["small"][2]), len(sides["large"][2])],
        "other_plans": [f"{a} / {b}" for a, b in zip(sides["small"][2], sides["large"][2], strict=False) if a != b],
        "longer_ms": [large_ms - small_ms for small_ms, large_ms in ordered],
        "small_ms": statistics.median(small_times),
        "noise_ms": statistics.median(abs(after - before) for before, after in pairwise(small_times)),
    }


def _orders() -> Iterator[tuple[str, str]]:
    for number in range(2 * BLOCKS):
        yield ("small", "large") if number % 2 == 0 else ("large", "small")


def _time_block(middleware: Any, connection: Any, cookies: dict[int, str]) -> float:
    """Return the milliseconds of one beat on this database, in a block of them."""
    with using(connection):
        serve(middleware, [make_beat(cookies, 0)])  # statements are compiled once for each connection
        requests = [make_beat(cookies, visitor) for visitor in range(BEATS)]
        times = []
        for request in requests:
            started = time.perf_counter()
            serve(middleware, [request])
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


@contextmanager
def two_databases() -> Iterator[tuple[Any, Any]]:
    """Give connections to this database, emptied of signals, and to a copy of it."""
    from django.db import connection, connections

    from oscar_engage.rules.background import end_every

    name = connection.settings_dict["NAME"]
    copy = f"{name}_large"
    connection.close()
    end_every()  # a database that somebody uses cannot be copied
    _administer(f'DROP DATABASE IF EXISTS "{copy}"', f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    other = connections.create_connection("default")
    other.settings_dict = {**connection.settings_dict, "NAME": copy}
    try:
        yield connections["default"], other
    finally:
        other.close()
        end_every()
        _administer(f'DROP DATABASE "{copy}"')


def _administer(*statements: str) -> None:
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def using(connection: Any) -> Iterator[None]:
    """Have all of Django use ``connection`` for a while."""
    from django.db import connections

    usual = connections["default"]
    connections["default"] = connection
    try:
        yield
    finally:
        connections["default"] = usual


def explain_beat(middleware: Any, cookies: dict[int, str]) -> list[str]:
    """Return the plan of each statement of a beat, as the steps with the indexes that they use."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    serve(middleware, [make_beat(cookies, 0)])
    beats = []
    for _turn in range(3):  # one of them may be the one that looks whether rules have changed, every five seconds
        with CaptureQueriesContext(connection) as captured:
            serve(middleware, [make_beat(cookies, 0)])
        beats.append(captured.captured_queries)
    statements = [sql for query in min(beats, key=len) for sql in query["sql"].split("; ")]
    return [_explain(sql) for sql in statements]


def _explain(sql: str) -> str:
    from django.db import connection

    verb = sql.lstrip("( ").split(maxsplit=1)[0].upper()
    if verb not in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
        return verb
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()
    return f"{verb}: " + ", ".join(_steps((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]))


def _steps(node: dict[str, Any]) -> Iterator[str]:
    yield " ".join(str(node[key]) for key in ("Node Type", "Relation Name", "Index Name") if key in node)
    for child in node.get("Plans", ()):
        yield from _steps(child)
