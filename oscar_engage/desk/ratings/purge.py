"""How long is kept whether a step helped? As long as transcripts; a daily job removes what is older."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.desk.ratings.models import StepRating
from oscar_engage.jobs import purge
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

KIND = "desk.purge_step_ratings"


@handler(KIND)
def purge_step_ratings(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove what is older, a chunk in one job."""
    horizon = now - timedelta(days=get_settings().transcript_retention_days)
    purge.purge_chunk(StepRating.objects.filter(at__lt=horizon), kind=KIND, payload=payload, now=now)


every(KIND, purge.DAY)
