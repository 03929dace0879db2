"""What does a log of many signals look like, and what does it take on disk? Rows as a shop writes them, on PostgreSQL."""

LOG_ROWS = 100_000
A_VISIT = 12  # signals: a visit of four pages


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
SELECT (lpad(to_hex(1700000000000 + i * 50), 12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
       v.visitor_id, v.visit_id, k.kind, k.source, k.payload::jsonb,
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
