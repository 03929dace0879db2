"""How long is it kept which mails came in? ``RETENTION_DAYS``; what they said stays as long as its conversation."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.desk.mailbox.models import ReceivedMail
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY, purge_chunk
from oscar_engage.jobs.registry import handler

KIND = "desk.mail_purge"


@handler(KIND)
def purge_received(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove what is older."""
    kept = timedelta(days=get_settings().retention_days)
    purge_chunk(ReceivedMail.objects.filter(at__lt=now - kept), kind=KIND, payload=payload, now=now)


every(KIND, DAY)
