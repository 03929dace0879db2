"""When does a scheduled article go live? In a sweep every minute, whether or not the shop runs Wagtail's own command."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from oscar_engage.helpcenter.publish import publish_due
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

JOB_KIND = "helpcenter.due"
SECONDS_BETWEEN = 60


@handler(JOB_KIND)
def run_due(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the recurring sweep; there is nothing in ``payload``."""
    publish_due(now=now)


every(JOB_KIND, SECONDS_BETWEEN)
