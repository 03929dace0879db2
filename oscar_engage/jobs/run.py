"""How is work done? Claimed with a lease, done in one transaction with its effects, tried again, given up with a reason."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from oscar_engage.conf import get_settings
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.jobs.periodic import plan
from oscar_engage.jobs.reason import reason_of
from oscar_engage.jobs.registry import awake, prepare

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""How long a worker may hold a job: well above the slowest handler; a killed worker's job waits that long."""

MOST_TRIES = 8
"""Tries before a job is dead: with the pauses below, a fault of one hour is survived."""

FIRST_PAUSE = timedelta(seconds=30)
"""Pause after the first failure; it doubles with each."""


class LostLeaseError(RuntimeError):
    """Another worker has taken the job over, because our lease had ended: what we did is rolled back."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a sweep did: jobs done, jobs that failed and wait for another try, jobs that are dead now."""

    done: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: "Ran") -> "Ran":
        return Ran(self.done + other.done, self.failed + other.failed, self.dead + other.dead)

    @property
    def total(self) -> int:
        """How many jobs were touched."""
        return self.done + self.failed + self.dead


def run_due(*, now: datetime, limit: int = 100) -> Ran:
    """Plan what recurs, then run at most ``limit`` jobs that are due or whose worker has died, oldest first."""
    plan(now=now)
    ran = Ran()
    tried: set[int] = set()
    while len(tried) < limit:
        due = Job.objects.filter(_claimable(now)).exclude(pk__in=tried).order_by("run_at", "pk").values_list("pk", flat=True)
        batch = list(due[: limit - len(tried)])
        if not batch:
            break
        for pk in batch:
            tried.add(pk)
            ran += _run(pk, now)
    return ran


def run_job(key: str, *, now: datetime) -> Ran:
    """Run the job ``key`` if it is due and nobody else has it."""
    pk = Job.objects.filter(_claimable(now), key=key).values_list("pk", flat=True).first()
    return Ran() if pk is None else _run(pk, now)


def retry(job: Job, *, now: datetime) -> bool:
    """Give a dead job its tries back; return whether it was dead."""
    revived = Job.objects.filter(pk=job.pk, state=JobState.DEAD).update(
        state=JobState.DUE, run_at=now, attempts=0, finished_at=None
    )
    return bool(revived)


def _claimable(now: datetime) -> Q:
    due = Q(state=JobState.DUE, run_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lte=now)
    return due & awake()


def _claim(pk: int, now: datetime) -> Job | None:
    """Take the job for one lease; ``None`` when somebody else was quicker. A fresh token shuts out a late finisher."""
    token = uuid.uuid4()
    mine = Job.objects.filter(_claimable(now), pk=pk).update(
        state=JobState.RUNNING, token=token, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    return Job.objects.get(pk=pk) if mine else None


def _run(pk: int, now: datetime) -> Ran:
    job = _claim(pk, now)
    if job is None:
        return Ran()
    if job.attempts > MOST_TRIES:
        return _give_back(job, "WorkerLost: the worker was lost in every try", now)
    try:
        finish_work = prepare(job.kind, job.payload, now=now)
        with transaction.atomic(using=get_settings().database):
            finish_work()
            _finish(job, now)
    except LostLeaseError:
        return Ran()
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is a failed try, kept with its reason
        return _give_back(job, reason_of(error), now)
    return Ran(done=1)


def _finish(job: Job, now: datetime) -> None:
    finished = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(
        state=JobState.DONE, finished_at=now, lease_until=None, last_error=""
    )
    if not finished:
        raise LostLeaseError(job.key)


def _give_back(job: Job, reason: str, now: datetime) -> Ran:
    is_dead = job.attempts >= MOST_TRIES
    logger.warning("engage job %s (%s) failed, try %d: %s", job.pk, job.kind, job.attempts, reason)
    given = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(
        state=JobState.DEAD if is_dead else JobState.DUE,
        run_at=now + FIRST_PAUSE * 2 ** (job.attempts - 1),
        finished_at=now if is_dead else None,
        lease_until=None,
        last_error=reason,
    )
    if not given:
        return Ran()
    return Ran(dead=1) if is_dead else Ran(failed=1)
