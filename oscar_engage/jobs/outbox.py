"""How is work handed over? A row in the transaction that causes it, and a nudge when that transaction is committed."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from oscar_engage.conf import get_settings
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.nudge import nudge
from oscar_engage.jobs.registry import HANDLERS


def enqueue(
    kind: str, *, key: str, now: datetime, payload: Mapping[str, Any] | None = None, run_at: datetime | None = None
) -> None:
    """Write a job that is due at ``run_at`` (at once by default); a ``key`` that is taken already makes this a no-op.

    Call it inside the transaction that causes the work, so that there is never one without the other. ``payload`` holds ids
    and other plain JSON, no personal data. An unknown kind raises ``UnknownEntryError``.
    """
    HANDLERS.get(kind)
    due = run_at or now
    job = Job(kind=kind, key=key, payload=dict(payload or {}), run_at=due, created_at=now)
    Job.objects.bulk_create([job], ignore_conflicts=True)
    if due <= now:
        transaction.on_commit(partial(nudge, key), using=get_settings().database, robust=True)
