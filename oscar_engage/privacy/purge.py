"""When is a browser forgotten? ``VISITOR_RETENTION_DAYS`` after it was last seen; reports count on without it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY
from oscar_engage.jobs.registry import handler
from oscar_engage.personal.person import make_person
from oscar_engage.privacy.erase import PURGE, open_erasure
from oscar_engage.privacy.models import Erasure, Origin
from oscar_engage.visitors.models import UNCOUNTED, Visit, Visitor

AT_ONCE = 50
"""Visitors in one erasure: a part took 14 ms of CPU with so many on PostgreSQL, 44 with 200, and holds its locks as long."""


@handler(PURGE)
def purge_visitors(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Begin to erase the first lot of visitors not seen for so long.

    A visitor with a conversation stays until that is removed, since the cookie leads to it.
    """
    if Erasure.objects.filter(origin=Origin.RETENTION).exists():
        return  # it goes on by its own jobs, and asks for the next lot with its last one
    lot = list(_unseen(now - timedelta(days=get_settings().visitor_retention_days)).values_list("pk", flat=True)[:AT_ONCE])
    if lot:
        open_erasure(make_person(lot), origin=Origin.RETENTION, now=now)


def _unseen(horizon: datetime) -> QuerySet[Visitor]:
    """Return the visitors to be forgotten; not the bare mark of who is no shopper, which has nothing else in it."""
    has_asked = Exists(Conversation.objects.filter(visitor_id=OuterRef("pk")))
    has_more = ~UNCOUNTED | Q(customer__isnull=False) | Exists(Visit.objects.filter(visitor=OuterRef("pk")))
    return Visitor.objects.filter(~has_asked, has_more, last_seen_at__lt=horizon)


every(PURGE, DAY)
