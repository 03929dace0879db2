"""What had a person been offered by a time that is past? The caps' question, asked of rows in memory."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from oscar_engage.decisions.caps import Spent
from oscar_engage.decisions.gates import History
from oscar_engage.decisions.history import LONGEST_DISPLAY, WEEK, devices
from oscar_engage.decisions.models import Arm, Decision

__all__ = ["Spent", "count_history", "read_spent"]


def count_history(spent: Iterable[Spent], *, visit_id: uuid.UUID, cooldown: timedelta, now: datetime) -> History:
    """Return what ``decisions.history.read_history`` would have found at ``now``."""
    since = now - max(WEEK, cooldown + LONGEST_DISPLAY)
    known = [one for one in spent if since <= one.at <= now]
    refused = [one.dismissed_at for one in known if one.dismissed_at is not None and one.dismissed_at <= now]
    return History(
        offers_in_visit=sum(one.visit_id == visit_id for one in known),
        offers_in_week=sum(one.at >= now - WEEK for one in known),
        dismissed_at=max(refused, default=None),
    )


def read_spent(unit_id: uuid.UUID, *, since: datetime, until: datetime, rule_ids: Collection[int] | None = None) -> list[Spent]:
    """Return the person's recorded moments from ``since`` up to, and without, ``until``, on any device; one query.

    ``rule_ids``: only those of these rules.
    """
    rows = Decision.objects.filter(visitor_id__in=devices(unit_id), eligible_at__gte=since, eligible_at__lt=until)
    if rule_ids is not None:
        rows = rows.filter(version__rule__in=rule_ids)
    columns = rows.values_list(
        "version__rule_id", "visit_id", "eligible_at", "accepted_at", "dismissed_at", "offered_at", "arm"
    )
    return [
        Spent(rule_id, visit_id, at, accepted_at, dismissed_at)
        for rule_id, visit_id, at, accepted_at, dismissed_at, offered_at, arm in columns
        if offered_at is not None or arm == Arm.CONTROL
    ]
