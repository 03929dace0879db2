"""How long are invitations kept? ``RETENTION_DAYS``; and of who is erased none, their slots given back first."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.desk.dialer.held import end
from oscar_engage.desk.dialer.models import Hold, HoldEnd
from oscar_engage.jobs import purge
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Rows

KIND = "desk.purge_holds"


def erase_holds(rows: Rows, person: Person, *, now: datetime) -> None:
    """Delete the invitations of ``person``."""
    end(list(rows.filter(ended_at__isnull=True)), HoldEnd.LEFT, now=now)
    rows.delete()


@handler(KIND)
def purge_holds(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove a chunk of the invitations that ended longer ago than is kept."""
    horizon = now - timedelta(days=get_settings().retention_days)
    purge.purge_chunk(Hold.objects.filter(ended_at__lt=horizon), kind=KIND, payload=payload, now=now)


every(KIND, purge.DAY)
