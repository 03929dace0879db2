"""What was this visitor offered before? One query for all that the caps and the pause after a "no" ask."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from oscar_engage.decisions.gates import History
from oscar_engage.decisions.models import Arm, Decision
from oscar_engage.visitors.models import Visitor

WEEK = timedelta(days=7)
LONGEST_DISPLAY = timedelta(days=1)  # an offer is dismissed while its page is open: no later than this after it was made


def read_history(*, unit_id: uuid.UUID, visit_id: uuid.UUID, cooldown: timedelta, now: datetime) -> History:
    """Return what was offered to this person on any device, looking back as far as the week and the cooldown reach.

    ``unit_id`` is ``Visitor.unit_id``: a "no" on the phone counts on the laptop.
    """
    spent = Q(offered_at__isnull=False) | Q(arm=Arm.CONTROL)
    since = now - max(WEEK, cooldown + LONGEST_DISPLAY)
    found = Decision.objects.filter(visitor_id__in=devices(unit_id), eligible_at__gte=since).aggregate(
        in_visit=Count("pk", filter=spent & Q(visit=visit_id)),
        in_week=Count("pk", filter=spent & Q(eligible_at__gte=now - WEEK)),
        dismissed_at=Max("dismissed_at"),
    )
    return History(offers_in_visit=found["in_visit"], offers_in_week=found["in_week"], dismissed_at=found["dismissed_at"])


def devices(unit_id: uuid.UUID) -> QuerySet[Visitor, uuid.UUID]:
    """Return the ids of every visitor that is this person."""
    return Visitor.objects.filter(Q(pk=unit_id) | Q(unit_of=unit_id)).values_list("pk", flat=True)
