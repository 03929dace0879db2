"""Is recurring work planned once a period, however many schedulers there are?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.periodic import plan
from oscar_engage.jobs.run import run_due

pytestmark = pytest.mark.django_db
Recur = Callable[[str, int], None]


@pytest.mark.attack("M07")
def test_run_due__two_schedulers_in_one_period__work_done_once(done: list[Any], recur: Recur, now: datetime) -> None:
    recur("test.work", 60)

    run_due(now=now)
    run_due(now=now + timedelta(seconds=20))

    assert len(done) == 1


def test_run_due__next_period__work_done_again(done: list[Any], recur: Recur, now: datetime) -> None:
    recur("test.work", 60)

    for minute in range(3):
        run_due(now=now + timedelta(minutes=minute))

    assert len(done) == 3


def test_run_due__hours_missed__one_sweep(done: list[Any], recur: Recur, now: datetime) -> None:
    recur("test.work", 60)
    plan(now=now)

    run_due(now=now + timedelta(hours=5))

    assert len(done) == 1
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


def test_plan__earlier_period_is_running__left_alone(done: list[Any], recur: Recur, now: datetime) -> None:
    recur("test.work", 60)
    plan(now=now)
    Job.objects.update(state=JobState.RUNNING, lease_until=now + timedelta(minutes=5))

    plan(now=now + timedelta(minutes=1))

    assert Job.objects.count() == 2
