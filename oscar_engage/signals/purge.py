"""How long are raw signals kept? ``RETENTION_DAYS``; a daily job removes what is older."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY, purge_chunk
from oscar_engage.jobs.registry import handler
from oscar_engage.signals.models import SignalRecord

KIND = "signals.purge"


@handler(KIND)
def purge_signals(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove signals received longer than ``RETENTION_DAYS`` ago, a chunk a job."""
    horizon = now - timedelta(days=get_settings().retention_days)
    purge_chunk(SignalRecord.objects.filter(received_at__lt=horizon), kind=KIND, payload=payload, now=now)


every(KIND, DAY)
