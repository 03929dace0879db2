"""How long are copies of pages kept? ``SNAPSHOT_RETENTION_DAYS``, less than the words: a daily job removes what is older."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.desk.pages.models import PageSnapshot
from oscar_engage.jobs import purge
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

KIND = "desk.purge_pages"


@handler(KIND)
def purge_pages(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove a chunk of the copies that are older than is kept; their questions stay."""
    horizon = now - timedelta(days=get_settings().snapshot_retention_days)
    purge.purge_chunk(PageSnapshot.objects.filter(at__lt=horizon), kind=KIND, payload=payload, now=now)


every(KIND, purge.DAY)
