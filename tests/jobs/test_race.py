"""Is each job done once when many workers sweep at the same moment?"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections

from oscar_engage.jobs.models import FillState, Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import Handler
from oscar_engage.jobs.run import run_due

WORKERS = 8
JOBS = 40


@pytest.mark.attack("M06")
@pytest.mark.django_db(transaction=True)
def test_run_due__many_workers_at_once__each_effect_once(register: Callable[[str, Handler], None], now: datetime) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads cannot share SQLite's memory database")

    def effect(payload: Mapping[str, Any], /, *, now: datetime) -> None:
        FillState.objects.create(name=str(payload["id"]), filled_at=now)

    register("test.effect", effect)
    for number in range(JOBS):
        enqueue("test.effect", key=str(number), payload={"id": number}, now=now)
    barrier = threading.Barrier(WORKERS)

    def sweep(_worker: int) -> int:
        try:
            barrier.wait(timeout=30)
            ran = run_due(now=now)
            assert not ran.failed
            return ran.done
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        assert sum(pool.map(sweep, range(WORKERS))) == JOBS
    assert FillState.objects.count() == JOBS
    assert set(Job.objects.values_list("state", "attempts")) == {(JobState.DONE, 1)}
