"""How long is it kept which mails were sent? ``RETENTION_DAYS``; and requests nobody confirmed as long as their link works."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY, purge_chunk
from oscar_engage.jobs.registry import handler
from oscar_engage.reminders.link import VALID_FOR
from oscar_engage.reminders.models import BasketMail, MailPermission

KIND = "reminders.purge"


@handler(KIND)
def purge_mails(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove what is older."""
    MailPermission.objects.filter(confirmed_at=None, asked_at__lt=now - VALID_FOR).delete()
    kept = timedelta(days=get_settings().retention_days)
    purge_chunk(BasketMail.objects.filter(created_at__lt=now - kept), kind=KIND, payload=payload, now=now)


every(KIND, DAY)
