"""Are old rows removed in chunks, none forgotten and no young one taken?"""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from oscar_engage.conf import get_settings
from oscar_engage.jobs import purge
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.outbox import enqueue
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
