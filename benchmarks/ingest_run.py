"""Measures what taking signals costs, in this process, in pairs with what it is compared with; prints it as JSON.

PostgreSQL only: the bars speak of it. ``BENCHMARK_SIGNALS`` is how many signals the large log holds.
"""

import gc
import json
import os
import statistics
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django

from benchmarks.core_speed import Sample, take_sample

SMALL, LARGE = 10_000, int(os.environ.get("BENCHMARK_SIGNALS", "1000000"))
LOG_ROWS = 100_000
BLOCKS = 15  # of each side, in turns
BEATS = 30  # in a block
PAGES = 5
A_VISIT = 12  # signals: a visit of four pages
TEN = [
    ("page.viewed", {}),
    ("page.hidden", {"seconds": 3}),
    ("page.exit_intent", {}),
    *[("page.idle", {"seconds": 30})] * 6,
    ("page.left", {"visible": 40, "idle": 12}),
]


def main() -> None:
    """Make the shop's tables, measure, and remove them."""
    django.setup()
    from django.db import connection

    from benchmarks.beat_run import make_rules
    from tests.storefront.journeys import stock_shop

    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        growth = measure_growth()
        make_rules()
        product = stock_shop().get_absolute_url()
        print(json.dumps({"growth": growth, **measure_rates(product), **measure_large()}))
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


# What a signal takes on disk


def measure_growth() -> dict[str, float]:
    """Return the bytes that each of :data:`LOG_ROWS` signals adds, in the table and in each index, after a vacuum.

    The rows come as the shop writes them: ten at a time, of visits that go on at the same time.
    """
    from django.db import connection

    from oscar_engage.signals.models import SignalRecord

    table = SignalRecord._meta.db_table
    before = sizes(table)
    fill(LOG_ROWS, at_a_time=10)
    vacuum(table)
    after = sizes(table)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table}")
    return {name: (after[name] - before.get(name, 0)) / LOG_ROWS for name in after}


def sizes(table: str) -> dict[str, int]:
    """Return the bytes of the table with all that belongs to it (``total``), of its rows, and of each index."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s), pg_table_size(%s)", [table, table])
        total, rows = cursor.fetchone()
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index WHERE indrelid = %s::regclass",
            [table],
        )
        return {"total": total, "rows": rows, **dict(cursor.fetchall())}


def vacuum(*tables: str) -> None:
    """Vacuum and analyse."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")


def fill(rows: int, *, at_a_time: int) -> None:
    """Store ``rows`` signals of visits of :data:`A_VISIT`, with the kinds and payloads that a shop has most of."""
    from django.db import connection

    visits = max(1, rows // A_VISIT)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_visit")
        cursor.execute(
            "CREATE TABLE benchmark_visit AS SELECT n, gen_random_uuid() AS visit_id, gen_random_uuid() AS visitor_id,"
            " now() - (%s - n) * interval '1 second' AS at FROM generate_series(0, %s) n",
            [visits, visits],
        )
        cursor.execute("ALTER TABLE benchmark_visit ADD PRIMARY KEY (n)")
        for start in range(0, rows, step := max(at_a_time, rows // 200)):
            cursor.execute(_FILL, {"start": start, "end": min(rows, start + step) - 1, "visits": visits, "batch": at_a_time})
        cursor.execute(_FILL_VISITORS)
        cursor.execute(_FILL_VISITS)
        cursor.execute("DROP TABLE benchmark_visit")


_FILL = """
INSERT INTO oscar_engage_signalrecord (event_id, visitor_id, visit_id, kind, source, payload, at, received_at)
SELECT gen_random_uuid(), v.visitor_id, v.visit_id, k.kind, k.source, k.payload::jsonb,
       v.at + (i %% 10) * interval '7 seconds', v.at + interval '60 seconds'
FROM generate_series(%(start)s::bigint, %(end)s::bigint) i
JOIN benchmark_visit v ON v.n = ((i / %(batch)s) * 7919 + i / 100) %% %(visits)s
JOIN (VALUES
  (0, 'page.viewed', 'browser', '{"page": "product", "product_id": 1234}'),
  (1, 'page.left', 'browser', '{"page": "product", "idle": 12.5, "visible": 40.1, "product_id": 1234}'),
  (2, 'page.idle', 'browser', '{"seconds": 30}'),
  (3, 'product.viewed', 'server', '{"product_id": 1234}'),
  (4, 'page.hidden', 'browser', '{"seconds": 3.2}'),
  (5, 'page.viewed', 'browser', '{"page": "category", "category_id": 12}'),
  (6, 'page.exit_intent', 'browser', '{}'),
  (7, 'search.made', 'server', '{"query": "waterproof jacket", "results": 12}'),
  (8, 'basket.measured', 'server', '{"lines": 2, "total": 129.95, "quantity": 3, "currency": "GBP", "basket_id": 5678}'),
  (9, 'page.quick_back', 'derived', '{"product_id": 1234}')
) AS k (n, kind, source, payload) ON k.n = i %% 10
ORDER BY i
"""
_FILL_VISITORS = """
INSERT INTO oscar_engage_visitor (id, key, handover, consent, is_staff, created_at, last_seen_at)
SELECT visitor_id, replace(visit_id::text, '-', ''), '', 3, false, at, at FROM benchmark_visit
"""
_FILL_VISITS = """
INSERT INTO oscar_engage_visit (id, visitor_id, started_at, last_at, stage, state)
SELECT visit_id, visitor_id, at, at, 'browsing', jsonb_build_object('started_at', at, 'last_at', at) FROM benchmark_visit
"""


# Rates


def measure_rates(product: str) -> dict[str, Any]:
    """Return what a beat of ten signals, a product page and a bare view that inserts one row cost, block by block in turns."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    from benchmarks.beat_run import ask_page
    from oscar_engage.signals.counters import snapshot
    from oscar_engage.signals.models import SignalRecord
    from oscar_engage.storefront.middleware import EngageMiddleware

    shop, beats = WSGIHandler(), EngageMiddleware(_refuse)
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="benchmarks.ingest_bare"):
        bare = WSGIHandler()
    cookies: dict[int, str] = {}
    send_beats(beats, cookies)
    insert(bare)
    ask_page(shop, product)
    gc.collect()
    stored = SignalRecord.objects.count()
    rounds: list[tuple[Sample, Sample, Sample]] = []
    for _block in range(BLOCKS):
        wires = [make_beat(cookies, visitor) for visitor in range(BEATS)]
        inserts = [make_insert() for _turn in range(BEATS)]
        rounds.append(
            (
                take_sample(lambda sent=wires: serve(beats, sent)),
                take_sample(lambda sent=inserts: insert_all(bare, sent)),
                take_sample(lambda: [ask_page(shop, product) for _turn in range(PAGES)]),
            )
        )
    kept = SignalRecord.objects.count() - stored
    best = min(sample.loop for samples in rounds for sample in samples)
    return {
        "beat_ms": [beat.cpu_at(best) / BEATS for beat, _insert, _page in rounds],
        "page_ms": [page.cpu_at(best) / PAGES for _beat, _insert, page in rounds],
        "page_share": [(b.cpu_at(best) / BEATS) / (p.cpu_at(best) / PAGES) for b, _insert, p in rounds],
        "beats_to_inserts": [beat.wall * best / beat.loop / (i.wall * best / i.loop) for beat, i, _page in rounds],
        "kept": kept / (BLOCKS * BEATS),
        "faults": sum(snapshot().values()),
    }


def _refuse(request: Any) -> Any:
    raise RuntimeError(f"{request.path} was not served by the fast path")


def make_beat(cookies: dict[int, str], visitor: int) -> Any:
    """Return a beat of ten signals as the browser sends it."""
    from benchmarks import beat_run

    beat_run.KINDS["ten signals"] = (12, TEN)
    return beat_run.make_request(cookies, visitor, "ten signals")


def send_beats(middleware: Any, cookies: dict[int, str]) -> None:
    """Send one beat of each visitor and keep its cookie."""
    for visitor in range(BEATS):
        response = middleware(make_beat(cookies, visitor))
        if "engage_visitor" in response.cookies:
            cookies[visitor] = response.cookies["engage_visitor"].value
        response.close()


def serve(middleware: Any, requests: list[Any]) -> None:
    """Serve the beats as the web server would."""
    for request in requests:
        response = middleware(request)
        if response.status_code not in {200, 204}:
            raise RuntimeError(f"A beat was answered with {response.status_code}.")
        response.close()


def make_insert() -> Any:
    """Return a request for one insert."""
    from django.test import RequestFactory

    return RequestFactory().post("/", json.dumps({"word": uuid.uuid4().hex}), content_type="application/json")


def insert(bare: Any) -> None:
    """Have the bare view insert one row."""
    insert_all(bare, [make_insert()])


def insert_all(bare: Any, requests: list[Any]) -> None:
    """Have the bare view insert a row for each request."""
    from django.test import override_settings

    with override_settings(ROOT_URLCONF="benchmarks.ingest_bare"):
        for request in requests:
            response = bare.get_response(request)
            if response.status_code != 204:  # noqa: PLR2004 - HTTP's own number
                raise RuntimeError(f"The bare view answered {response.status_code}.")
            response.close()


# A small log beside a large one


def measure_large() -> dict[str, Any]:
    """Return how beats differ between a log of :data:`SMALL` signals and one of :data:`LARGE`: plans, queries, time."""
    from oscar_engage.storefront.middleware import EngageMiddleware

    middleware = EngageMiddleware(_refuse)
    with two_databases() as (small, large):
        sides = {}
        for name, connection, rows in (("small", small, SMALL), ("large", large, LARGE)):
            with using(connection):
                fill(rows, at_a_time=10)
                vacuum("oscar_engage_signalrecord", "oscar_engage_visit", "oscar_engage_visitor", "oscar_engage_decision")
                cookies: dict[int, str] = {}
                send_beats(middleware, cookies)
                sides[name] = (connection, cookies, explain_beat(middleware, cookies))
        pairs = [tuple(_time_block(middleware, *sides[name][:2]) for name in order) for order in _orders()]
    ordered = [pair if number % 2 == 0 else pair[::-1] for number, pair in enumerate(pairs)]
    print("\n".join(sides["large"][2]), file=sys.stderr)
    return {
        "large": LARGE,
        "queries": [len(sides["small"][2]), len(sides["large"][2])],
        "other_plans": [f"{a} / {b}" for a, b in zip(sides["small"][2], sides["large"][2], strict=False) if a != b],
        "longer_ms": [large_ms - small_ms for small_ms, large_ms in ordered],
        "small_ms": statistics.median(small_ms for small_ms, _large in ordered),
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

    name = connection.settings_dict["NAME"]
    copy = f"{name}_large"
    connection.close()
    _administer(f'DROP DATABASE IF EXISTS "{copy}"', f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    other = connections.create_connection("default")
    other.settings_dict = {**connection.settings_dict, "NAME": copy}
    try:
        yield connections["default"], other
    finally:
        other.close()
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
    with CaptureQueriesContext(connection) as captured:
        serve(middleware, [make_beat(cookies, 0)])
    statements = [sql for query in captured.captured_queries for sql in query["sql"].split("; ")]
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


if __name__ == "__main__":
    main()
