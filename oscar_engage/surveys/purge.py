"""How long are answers kept? As long as transcripts: ``TRANSCRIPT_RETENTION_DAYS``; a daily job removes what is older."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.jobs import purge
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.surveys.models import SurveyAnswer

KIND = "surveys.purge"


@handler(KIND)
def purge_answers(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove the answers that are older, a chunk of them in one job."""
    horizon = now - timedelta(days=get_settings().transcript_retention_days)
    purge.purge_chunk(SurveyAnswer.objects.filter(at__lt=horizon), kind=KIND, payload=payload, now=now)


every(KIND, purge.DAY)
