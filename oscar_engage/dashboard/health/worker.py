"""Has a worker been here lately? Asked for each page of the dashboard, and looked up seldom: the answer is kept in memory."""

import time
from datetime import datetime, timedelta

from django.db import DatabaseError, connections

from oscar_engage.conf import get_settings
from oscar_engage.jobs.models import Job
from oscar_engage.statements.limits import limited_transaction

KEPT_WELL, KEPT_ILL = 60.0, 5.0
"""Seconds for which the answer is kept: shorter while a worker is missing, so that pages soon say that it is there."""

LOCK_MS, STATEMENT_MS = 100, 300
"""Milliseconds: a page never waits for longer than a beat does."""

_kept: list[tuple[bool, float]] = []  # at most one: the answer, and until when it is kept


def get_patience() -> timedelta:
    """Return for how long a worker may be silent: ``WORKER_SILENT_MINUTES``."""
    return timedelta(minutes=get_settings().worker_silent_minutes)


def is_worker_missing(*, now: datetime) -> bool:
    """Whether nothing was done for ``WORKER_SILENT_MINUTES``, or ever: no worker runs, and cron calls no ``engage_tick``.

    Something recurs each minute, so a worker leaves a job behind at least so often. Where it cannot be known (tables that are
    missing or locked) the page of health says that, and this says nothing. With 0 minutes nobody is told.
    """
    if not get_patience():
        return False
    if not _kept or _kept[0][1] <= time.monotonic():
        found = _look(now)
        _kept[:] = [(found, time.monotonic() + (KEPT_ILL if found else KEPT_WELL))]
    return _kept[0][0]


def forget() -> None:
    """Have the next page look anew."""
    _kept.clear()


def _look(now: datetime) -> bool:
    try:
        with limited_transaction(connections[get_settings().database], lock_ms=LOCK_MS, statement_ms=STATEMENT_MS):
            return not Job.objects.filter(finished_at__gt=now - get_patience()).exists()
    except DatabaseError:
        return False
