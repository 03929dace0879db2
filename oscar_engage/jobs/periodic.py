"""What recurs? A row for each period: two schedulers, or ten, still do the work of a period once."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from oscar_engage.core.registry import Registry
from oscar_engage.jobs.models import Job, JobState
from oscar_engage.modules import is_there


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of job that is due once in every ``seconds``, counted from the epoch."""

    kind: str
    seconds: int

    @property
    def prefix(self) -> str:
        """What the keys of its rows begin with; rows that a handler enqueues for itself begin otherwise."""
        return f"{self.kind}@"

    def key(self, now: datetime) -> str:
        """Return the key of the period that ``now`` lies in."""
        return f"{self.prefix}{int(now.timestamp() // self.seconds)}"


RECURRING: Registry[Recurring] = Registry("recurring job")


def every(kind: str, seconds: int) -> None:
    """Have a job of ``kind`` run once in every period of ``seconds``; its handler is registered as any other."""
    RECURRING.register(kind, Recurring(kind, seconds))


def plan(*, now: datetime) -> None:
    """Write the rows of the current periods, but those of modules that are off.

    A row of an earlier period that nobody has run is superseded: what recurs is a sweep, and one sweep does the work of those
    that were missed.
    """
    there = [recurring for recurring in RECURRING if is_there("jobs", recurring.kind)]
    wanted = [Job(kind=recurring.kind, key=recurring.key(now), run_at=now, created_at=now) for recurring in there]
    if not wanted:
        return
    Job.objects.bulk_create(wanted, ignore_conflicts=True)
    earlier = Q()
    for recurring in there:
        earlier |= Q(kind=recurring.kind, key__startswith=recurring.prefix)
    Job.objects.filter(earlier, state=JobState.DUE, created_at__lt=now).exclude(key__in=[job.key for job in wanted]).delete()
