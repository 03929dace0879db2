"""How long is it kept how somebody practised? As long as transcripts; a daily job removes what is older."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.desk.practice.models import Practice
from oscar_engage.jobs import purge
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

KIND = "desk.purge_practices"


@handler(KIND)
def purge_practices(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove sittings that began longer ago, with all in them, a chunk in one job."""
    horizon = now - timedelta(days=get_settings().transcript_retention_days)
    purge.purge_chunk(Practice.objects.filter(started_at__lt=horizon), kind=KIND, payload=payload, now=now)


every(KIND, purge.DAY)
