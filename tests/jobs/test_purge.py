"""Are old rows removed in chunks, none forgotten and no young one taken?"""

import statistics
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from oscar_engage.conf import get_settings
from oscar_engage.jobs import purge
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import HANDLERS
from oscar_engage.jobs.run import run_due
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.purge import KIND

pytestmark = pytest.mark.django_db


def record(received_at: datetime) -> SignalRecord:
    return SignalRecord(
        event_id=uuid.uuid4(),
        visitor_id=uuid.uuid4(),
        visit_id=uuid.uuid4(),
        kind="page.viewed",
        source="browser",
        at=received_at,
        received_at=received_at,
    )


def test_purge_signals__more_than_a_chunk__all_old_ones_gone(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(purge, "CHUNK", 10)
    old = now - timedelta(days=get_settings().retention_days, seconds=1)
    young = now - timedelta(days=get_settings().retention_days)
    SignalRecord.objects.bulk_create([record(old) for _ in range(25)] + [record(young) for _ in range(3)])
    enqueue(KIND, key="a", now=now)

    ran = run_due(now=now)

    assert ran.done == 3
    assert SignalRecord.objects.count() == 3


class Clock:
    """Stands still but for what a test says that the database takes."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.attack("J08")
@pytest.mark.parametrize("step_takes", [1 / 1024, 1 / 64, 1 / 16, 4.0])
def test_purge_chunk__database_of_any_speed__holds_its_locks_for_one_step_longer_than_agreed(
    step_takes: float, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    clock, holds = Clock(), []
    monkeypatch.setattr(purge, "clock", clock)
    SignalRecord.objects.bulk_create(record(now) for _ in range(1250))

    def delete(rows: Any) -> None:
        clock.now += step_takes
        rows.delete()

    purged = None
    while purged is None or not purged.is_all:
        began = clock.now
        purged = purge.purge_chunk(SignalRecord.objects.all(), kind=KIND, payload={"part": len(holds)}, now=now, delete=delete)
        holds.append(clock.now - began)
        assert purged.rows <= purge.CHUNK

    assert not SignalRecord.objects.exists()
    assert max(holds) <= purge.HOLD + step_takes
    assert min(holds[:-1], default=step_takes) >= step_takes


@pytest.mark.attack("J08")
def test_purge_signals__as_many_as_a_busy_day_leaves__no_transaction_holds_its_locks_for_a_tenth_of_a_second(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, holds = now - timedelta(days=get_settings().retention_days, seconds=1), []
    SignalRecord.objects.bulk_create(record(old) for _ in range(5000))
    enqueue(KIND, key="a", now=now)
    real = HANDLERS.get(KIND)

    def timed(payload: Any, *, now: datetime) -> None:
        began = time.monotonic()
        real(payload, now=now)
        holds.append(time.monotonic() - began)

    monkeypatch.setitem(HANDLERS._entries, KIND, timed)
    run_due(now=now)

    assert not SignalRecord.objects.exists()
    assert len(holds) >= 5
    assert statistics.median(holds) <= 0.1


def test_purge_done__old_done_jobs__gone_dead_ones_kept(now: datetime, done: list[Any]) -> None:
    long_ago = now - purge.KEPT_DONE - timedelta(seconds=1)
    for key, state, at in (
        ("old", JobState.DONE, long_ago),
        ("dead", JobState.DEAD, long_ago),
        ("young", JobState.DONE, now),
    ):
        Job.objects.create(kind="test.work", key=key, state=state, run_at=at, created_at=at, finished_at=at)

    purge.purge_done({}, now=now)

    assert set(Job.objects.values_list("key", flat=True)) == {"dead", "young"}
