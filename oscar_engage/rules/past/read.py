"""What did this person do lately? The log of a visitor on all devices, read with one query for all variables that ask."""

import uuid
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q

from oscar_engage.conf import get_settings
from oscar_engage.rules.live import live_set
from oscar_engage.rules.past.log import Fact, Past, sort_facts
from oscar_engage.rules.past.wanted import LONGEST, Wanted
from oscar_engage.rules.ports import get_shop
from oscar_engage.signals.faults import note_fault
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visitor

MOST_FACTS = 2000
"""Signals read of one person; who has more is known only as far back as these reach."""


def read_past(unit_id: uuid.UUID, wanted: Wanted, *, now: datetime) -> Past | None:
    """Return what the log says of this person, the latest :data:`MOST_FACTS` signals of the wanted kinds; one query.

    ``unit_id`` is ``Visitor.unit_id``: what was done on the phone counts on the laptop. ``None`` when the database does not
    answer in time: a savepoint, for that may not cost the beat.
    """
    settings = get_settings()
    kept = timedelta(days=settings.retention_days)
    oldest = now - min(wanted.window, kept)
    devices = Visitor.objects.filter(Q(pk=unit_id) | Q(unit_of=unit_id)).values_list("pk", flat=True)
    rows = SignalRecord.objects.filter(visitor_id__in=devices, at__gt=oldest, kind__in=wanted.kinds).order_by("-at", "-pk")
    try:
        with transaction.atomic(using=settings.database):
            found = list(rows.values_list("at", "kind", "payload", "visit_id", "pk")[: MOST_FACTS + 1])
    except DatabaseError:
        note_fault("past")
        return None
    is_capped = len(found) > MOST_FACTS
    facts = (Fact(at, kind, payload, visit.hex if visit else "", pk) for at, kind, payload, visit, pk in reversed(found))
    return Past(
        facts=sort_facts(facts, wanted.kinds),
        known_since=found[-1][0] if is_capped else oldest,
        is_whole=not is_capped and wanted.window >= min(LONGEST, kept),
        categories_of=get_shop().categories_of,
    )


def past_of_live_rules(unit_id: uuid.UUID, *, now: datetime) -> Past | None:
    """Return as much of the log as the rules that are live now ask about; ``None``, and no query, when none does."""
    live = live_set(now)
    return read_past(unit_id, live.wanted, now=now) if live is not None and live.wanted.kinds else None
