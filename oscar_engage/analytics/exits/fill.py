"""Which visits have ended since we last looked? Each is read from the log once, and all that is kept of it are counts."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from oscar_engage.analytics.exits.curve import Count, Key, count, merge
from oscar_engage.analytics.exits.kept import FILL_STATE, add_counts
from oscar_engage.analytics.exits.views import View, read_views
from oscar_engage.conf import get_settings
from oscar_engage.jobs.models import FillState
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.signals.kinds import KINDS
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.models import Visit

KIND = "exits.fill"
SECONDS_BETWEEN = 600

STRETCH = 2000
"""Signals of the log that one transaction walks along: some seventy visits, in a tenth of a second (both databases)."""

SETTLING = timedelta(minutes=5)
"""How long after its end a visit is read: longer than a request may take to commit, or two machines' clocks may differ."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@handler(KIND)
def fill_exits(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Count the visits that ended in the next stretch of the log, and enqueue the next stretch if there is one.

    What is counted and how far we came are written in one transaction, so a visit counts once however often a worker dies.
    Whether a visit has ended does not depend on when it is asked: its last signal is older than ``VISIT_MINUTES``, and a visit
    that has ended never begins again.
    """
    horizon = now - timedelta(minutes=get_settings().visit_minutes) - SETTLING
    with transaction.atomic(using=get_settings().database):
        fill, _created = FillState.objects.select_for_update().get_or_create(name=FILL_STATE, defaults={"filled_at": now})
        since = _EPOCH + fill.position * _MICROSECOND
        if since >= horizon:
            return
        until, has_more = _next_stretch(since, horizon)
        add_counts(_count_ended(since, until))
        fill.position = (until - _EPOCH) // _MICROSECOND
        fill.filled_at = now
        fill.save(update_fields=["position", "filled_at"])
        if has_more:
            enqueue(KIND, key=f"{KIND}:{fill.position}", now=now)


def _next_stretch(since: datetime, horizon: datetime) -> tuple[datetime, bool]:
    """Return the end of the next stretch, which is after ``since``, and whether there is more after it."""
    received = SignalRecord.objects.filter(received_at__gt=since, received_at__lte=horizon).order_by("received_at")
    ends = list(received.values_list("received_at", flat=True)[STRETCH - 1 : STRETCH])
    return (ends[0], True) if ends else (horizon, False)


def _count_ended(since: datetime, until: datetime) -> dict[date, dict[Key, Count]]:
    """Return what the visits that ended in ``(since, until]`` add, by the day they ended on (UTC).

    The last signal of a visit was received when the visit ended: so the log's index finds them. Who is no shopper is not
    counted.
    """
    log = SignalRecord.objects.filter(received_at__gt=since, received_at__lte=until, visit_id__isnull=False)
    ended = Visit.objects.filter(pk__in=log.values("visit_id"), last_at__gt=since, last_at__lte=until)
    ended = ended.filter(visitor__is_staff=False, visitor__is_automaton=False)
    visits = {pk: (started_at, last_at) for pk, started_at, last_at in ended.values_list("pk", "started_at", "last_at")}
    parts: defaultdict[date, list[dict[Key, Count]]] = defaultdict(list)
    for visit_id, views in _read(visits):
        if views:
            parts[visits[visit_id][1].astimezone(UTC).date()].append(count(views))
    return {day: merge(own) for day, own in parts.items()}


def _read(visits: Mapping[UUID, tuple[datetime, datetime]]) -> Iterator[tuple[UUID, tuple[View, ...]]]:
    for visit_id, rows in groupby(_rows(visits), key=itemgetter(0)):
        signals = [signal for row in rows if (signal := _signal(*row[1:])) is not None]
        yield visit_id, read_views(signals, started_at=visits[visit_id][0])


def _rows(visit_ids: Collection[UUID]) -> Iterator[tuple[Any, ...]]:
    log = SignalRecord.objects.filter(visit_id__in=list(visit_ids)).order_by("visit_id")
    return log.values_list("visit_id", "kind", "payload", "at", "event_id", "source").iterator(chunk_size=2000)


def _signal(kind: str, payload: Any, at: datetime, event_id: UUID, source: str) -> Signal | None:
    """Return the signal of a row; ``None`` for one that no kind of today fits, which says nothing about pages either."""
    if kind not in KINDS:
        return None
    try:
        read = msgspec.convert(payload, KINDS.get(kind).payload)
    except msgspec.ValidationError:
        return None
    return Signal(kind=kind, payload=read, at=at, event_id=event_id, source=Source(source))


every(KIND, SECONDS_BETWEEN)
