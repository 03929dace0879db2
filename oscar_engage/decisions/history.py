"""What was this visitor offered before? One query for all that the caps and the pause after a "no" ask."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from oscar_engage.decisions.gates import History
from oscar_engage.decisions.models import Arm, Decision
from oscar_engage.rules.models import Rule
from oscar_engage.visitors.models import Visitor

WEEK = timedelta(days=7)
_SPENT = Q(offered_at__isnull=False) | Q(arm=Arm.CONTROL)
_AT_ONCE = timedelta(minutes=5)  # a beat that takes longer is no beat any more: its server has ended it
LONGEST_DISPLAY = timedelta(days=1)  # an offer is dismissed while its page is open: no later than this after it was made


def read_history(*, unit_id: uuid.UUID, visit_id: uuid.UUID, cooldown: timedelta, now: datetime) -> History:
    """Return what was offered to this person on any device, looking back as far as the week and the cooldown reach.

    ``unit_id`` is ``Visitor.unit_id``: a "no" on the phone counts on the laptop.
    """
    since = now - max(WEEK, cooldown + LONGEST_DISPLAY)
    found = Decision.objects.filter(visitor_id__in=devices(unit_id), eligible_at__gte=since).aggregate(
        in_visit=Count("pk", filter=_SPENT & Q(visit=visit_id)),
        in_week=Count("pk", filter=_SPENT & Q(eligible_at__gte=now - WEEK)),
        dismissed_at=Max("dismissed_at"),
    )
    return History(offers_in_visit=found["in_visit"], offers_in_week=found["in_week"], dismissed_at=found["dismissed_at"])


def devices(unit_id: uuid.UUID) -> QuerySet[Visitor, uuid.UUID]:
    """Return the ids of every visitor that is this person."""
    return Visitor.objects.filter(Q(pk=unit_id) | Q(unit_of=unit_id)).values_list("pk", flat=True)


def count_day(rule_ids: Collection[int], *, now: datetime, until: datetime | None = None) -> dict[int, int]:
    """Return how many moments each of these rules had today with all shoppers, offered or held out; one query.

    Those after ``until`` (``None``: after ``now``) do not count.

    The day is that of the shop's clock (``TIME_ZONE``), so one of them has 23 hours and one 25.
    """
    midnight = now.astimezone(timezone.get_default_timezone()).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Decision.objects.filter(_SPENT, version__rule__in=rule_ids, eligible_at__gte=midnight, eligible_at__lte=until or now)
    return dict(rows.values_list("version__rule").annotate(count=Count("pk")).order_by())


def lock_day(rule_ids: Collection[int], *, now: datetime) -> dict[int, int]:
    """Return :func:`count_day`, and let nobody else count these rules until the transaction ends; two queries.

    A rule that another beat counts at this very moment is not in the answer: nobody waits for a lock, so a rule that many want
    at once slows down no beat. What is inserted beside refers to the locked rules freely. A beat that began later may have been
    sooner with its row, so those of a later moment count, too.
    """
    ours = Rule.objects.filter(pk__in=rule_ids).select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)
    locked = list(ours)
    return {**dict.fromkeys(locked, 0), **count_day(locked, now=now, until=now + _AT_ONCE)}
