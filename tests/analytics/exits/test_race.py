"""Is each visit counted once when several workers count at the same moment?"""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from oscar_engage.analytics.exits import fill
from oscar_engage.analytics.exits.curve import Count
from oscar_engage.analytics.exits.fill import fill_exits
from oscar_engage.analytics.exits.kept import read_counts
from tests.analytics.exits.logs import START, opened
from tests.analytics.exits.stored import keep_visit

WORKERS, VISITS, TURNS = 6, 60, 30
LATER = START + timedelta(hours=2)


@pytest.mark.django_db(transaction=True)
def test_fill__many_workers_at_once__counts_each_visit_once(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads cannot share SQLite's memory database")
    monkeypatch.setattr(fill, "STRETCH", 4)
    for number in range(VISITS):
        keep_visit([opened(0), opened(1)], starts_at=START + timedelta(seconds=number))
    barrier = threading.Barrier(WORKERS)

    def work(_worker: int) -> None:
        try:
            barrier.wait(timeout=30)
            for _turn in range(TURNS):
                fill_exits({}, now=LATER)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    assert sum(read_counts(now=LATER).values(), Count()) == Count(VISITS, VISITS)
