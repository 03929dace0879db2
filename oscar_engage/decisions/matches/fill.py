"""Which visits have ended and are not read yet? Their moments, worked out a chunk a job; nothing is read twice or forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from oscar_engage.conf import get_settings
from oscar_engage.decisions.matches.models import VisitMoments
from oscar_engage.decisions.matches.moments import pack, read_moments
from oscar_engage.decisions.past.clocks import Steps, read_steps
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.purge import DAY, purge_chunk
from oscar_engage.jobs.registry import handler
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.recall import Recording, recall

KIND = "moments.fill"
PURGE = "moments.purge"
SECONDS_BETWEEN = 600

CHUNK = 200
"""Visits read in one transaction."""

KEPT = timedelta(days=8)
"""How long moments are kept: a week, and a day in which the job may be late."""


@handler(KIND)
def fill_moments(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Read the next visits that have ended, the latest first, and have the rest enqueued."""
    visits = list(unread_visits(now).select_related("visitor").order_by("-last_at", "pk")[:CHUNK])
    steps = read_steps(get_settings())
    rows = [_row(visit, recording, steps) for visit, recording in zip(visits, recall(visits), strict=True)]
    VisitMoments.objects.bulk_create(rows, ignore_conflicts=True)
    if len(visits) == CHUNK:
        part = int(payload.get("part", 0)) + 1
        enqueue(KIND, key=f"{KIND}:{now:%Y%m%d%H%M%S}:{part}", payload={"part": part}, now=now)


def unread_visits(now: datetime) -> QuerySet[Visit]:
    """Return the visits of shoppers that have ended within :data:`KEPT` and whose moments are still to be read."""
    ended = now - timedelta(minutes=get_settings().visit_minutes)
    visits = Visit.objects.filter(last_at__gt=now - KEPT, last_at__lte=ended, moments__isnull=True)
    return visits.filter(visitor__is_staff=False, visitor__is_automaton=False)


def _row(visit: Visit, recording: Recording, steps: Steps) -> VisitMoments:
    visitor, packed = visit.visitor, b""
    if recording.is_whole and visitor.consent >= ConsentLevel.STATISTICS:
        moments = read_moments(recording, consent=visitor.consent, is_customer=visitor.customer_id is not None, steps=steps)
        packed = pack(moments)
    return VisitMoments(visit=visit, ended_at=visit.last_at, moments=packed)


@handler(PURGE)
def purge_moments(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Remove what is older than :data:`KEPT`."""
    purge_chunk(VisitMoments.objects.filter(ended_at__lte=now - KEPT), kind=PURGE, payload=payload, now=now)


every(KIND, SECONDS_BETWEEN)
every(PURGE, DAY)
