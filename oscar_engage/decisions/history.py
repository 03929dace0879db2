"""What was this visitor offered before? One query for all that the caps and the pause after a "no" ask."""

import uuid
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from oscar_engage.decisions.gates import History
from oscar_engage.decisions.models import Arm, Decision

_WEEK = timedelta(days=7)
_LONGEST_DISPLAY = timedelta(days=1)  # an offer is dismissed while its page is open: no later than this after it was made


def read_history(*, visitor_id: uuid.UUID, visit_id: uuid.UUID, cooldown: timedelta, now: datetime) -> History:
    """Return what was offered to the visitor, looking back as far as the week and the cooldown reach."""
    spent = Q(offered_at__isnull=False) | Q(arm=Arm.CONTROL)
    since = now - max(_WEEK, cooldown + _LONGEST_DISPLAY)
    found = Decision.objects.filter(visitor_id=visitor_id, eligible_at__gte=since).aggregate(
        in_visit=Count("pk", filter=spent & Q(visit=visit_id)),
        in_week=Count("pk", filter=spent & Q(eligible_at__gte=now - _WEEK)),
        dismissed_at=Max("dismissed_at"),
    )
    return History(offers_in_visit=found["in_visit"], offers_in_week=found["in_week"], dismissed_at=found["dismissed_at"])
