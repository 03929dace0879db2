"""Is work done exactly once where it counts, tried again, and given up with a reason?"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from oscar_engage.jobs.models import FillState, Job, JobState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import Handler
from oscar_engage.jobs.run import FIRST_PAUSE, LEASE, MOST_TRIES, Ran, retry, run_due, run_job

pytestmark = pytest.mark.django_db
Register = Callable[[str, Handler], None]


def fail(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    FillState.objects.create(name="effect", filled_at=now)
    raise ConnectionError("550 no such user: 'mia@example.com' (4111111111111111)")


def test_run_due__due_job__done_once(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", payload={"id": 1}, now=now)

    assert run_due(now=now) == Ran(done=1)
    assert run_due(now=now) == Ran()
    assert done == [{"id": 1}]
    assert Job.objects.get().state == JobState.DONE


@pytest.mark.attack("M02")
def test_run_due__later_job__waits(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", run_at=now + timedelta(minutes=5), now=now)

    assert run_due(now=now) == Ran()
    assert run_due(now=now + timedelta(minutes=5)) == Ran(done=1)


def test_run_due__more_jobs_than_the_limit__oldest_first(done: list[Any], now: datetime) -> None:
    for minute in (3, 1, 2):
        enqueue("test.work", key=str(minute), payload={"id": minute}, run_at=now - timedelta(minutes=minute), now=now)

    assert run_due(now=now, limit=2).done == 2
    assert done == [{"id": 3}, {"id": 2}]


def test_run_due__handler_fails__effects_undone_and_tried_again_later(register: Register, now: datetime) -> None:
    register("test.fail", fail)
    enqueue("test.fail", key="a", now=now)

    assert run_due(now=now) == Ran(failed=1)

    job = Job.objects.get()
    assert (job.state, job.attempts, job.run_at) == (JobState.DUE, 1, now + FIRST_PAUSE)
    assert not FillState.objects.exists()


def test_run_due__handler_fails__reason_without_personal_data(register: Register, now: datetime) -> None:
    register("test.fail", fail)
    enqueue("test.fail", key="a", now=now)

    run_due(now=now)

    reason = Job.objects.get().last_error
    assert reason.startswith("ConnectionError: 550 no such user")
    assert "mia" not in reason
    assert "4111" not in reason


@pytest.mark.attack("M10")
def test_run_due__handler_fails_always__dead_after_the_last_try(register: Register, now: datetime) -> None:
    register("test.fail", fail)
    enqueue("test.fail", key="a", now=now)

    ran = [run_due(now=now + timedelta(days=day)) for day in range(MOST_TRIES + 2)]

    assert ran == [Ran(failed=1)] * (MOST_TRIES - 1) + [Ran(dead=1), Ran(), Ran()]
    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.DEAD, MOST_TRIES)


def test_run_due__pauses__double(register: Register, now: datetime) -> None:
    register("test.fail", fail)
    enqueue("test.fail", key="a", now=now)
    pauses = []
    for _try in range(4):
        run_due(now=now)
        next_at = Job.objects.get().run_at
        pauses.append(next_at - now)
        now = next_at

    assert pauses == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4, FIRST_PAUSE * 8]


def test_run_due__unknown_kind__kept_as_failed(now: datetime) -> None:
    Job.objects.create(kind="test.removed", key="a", run_at=now, created_at=now)

    assert run_due(now=now) == Ran(failed=1)
    assert Job.objects.get().last_error.startswith("UnknownEntryError")


@pytest.mark.attack("M03")
def test_run_due__worker_died__taken_over_when_the_lease_ends(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", now=now)
    Job.objects.update(state=JobState.RUNNING, lease_until=now + LEASE, attempts=1)

    assert run_due(now=now + LEASE - timedelta(seconds=1)) == Ran()
    assert run_due(now=now + LEASE) == Ran(done=1)


def test_run_due__worker_dies_in_every_try__dead(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", now=now)
    Job.objects.update(state=JobState.RUNNING, lease_until=now, attempts=MOST_TRIES)

    assert run_due(now=now) == Ran(dead=1)
    assert done == []
    assert Job.objects.get().last_error.startswith("WorkerLost")


@pytest.mark.attack("M06")
def test_run_due__another_worker_took_over_meanwhile__late_effects_undone(register: Register, now: datetime) -> None:
    def slow(payload: Mapping[str, Any], /, *, now: datetime) -> None:
        FillState.objects.create(name="effect", filled_at=now)
        Job.objects.update(token="00000000-0000-4000-8000-000000000000")  # what the other worker's claim does

    register("test.slow", slow)
    enqueue("test.slow", key="a", now=now)

    assert run_due(now=now) == Ran()
    assert not FillState.objects.exists()


def test_run_job__claimed_already__does_nothing(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", now=now)

    assert [run_job("a", now=now), run_job("a", now=now), run_job("b", now=now)] == [Ran(done=1), Ran(), Ran()]


def test_retry__dead_job__runs_again(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", now=now)
    Job.objects.update(state=JobState.DEAD, attempts=MOST_TRIES)

    assert retry(Job.objects.get(), now=now)
    assert run_due(now=now) == Ran(done=1)


def test_retry__job_that_is_not_dead__untouched(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", now=now)

    assert not retry(Job.objects.get(), now=now)


def test_enqueue__same_key__one_job(done: list[Any], now: datetime) -> None:
    enqueue("test.work", key="a", payload={"id": 1}, now=now)
    enqueue("test.work", key="a", payload={"id": 2}, now=now)

    run_due(now=now)

    assert done == [{"id": 1}]


def test_enqueue__transaction_rolled_back__no_job(done: list[Any], now: datetime) -> None:
    with transaction.atomic():
        enqueue("test.work", key="a", now=now)
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_run_due__ten_jobs__queries_for_each_are_constant(
    done: list[Any], now: datetime, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for key in range(10):
        enqueue("test.work", key=str(key), now=now)

    # for each: claim, read, savepoint, finish, release; and the list of what is due, once full and once empty
    with django_assert_num_queries(10 * 5 + 2):
        run_due(now=now)
