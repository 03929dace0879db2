"""How often are the marked places of the pages seen and clicked? Added up from the log day by day, by a sweep.

The log is large and kept for 90 days; these rows are few, about nobody, and stay.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from oscar_engage.analytics.models import AnchorCount
from oscar_engage.conf import get_settings
from oscar_engage.jobs.models import FillState
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.signals.counters import count
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import UNCOUNTED, Visitor

JOB_KIND = "anchors.count"
SECONDS_BETWEEN = 600
SIGNAL_KIND = "page.anchors"
SETTLED = timedelta(minutes=2)
"""A beat that is written at all is written within seconds of being received; what is older than this is complete."""

SLICE = timedelta(minutes=10)
MOST_SLICES = 144
"""In one sweep: a day of arrears. The rest waits for the next one."""

MOST_PER_DAY = 2000
"""Different places counted in a day; names come from browsers, and a hostile one could invent them without end."""

_NAME = re.compile(r"(?P<slot>[\w-]{1,64})(?:\|(?P<thing>[a-z_]{1,40}:\d{1,18}))?", re.ASCII)

Place = tuple[date, str, str]


@dataclass(slots=True)
class _Tally:
    seen: int = 0
    clicked: int = 0


def sweep_anchors(now: datetime) -> int:
    """Add up what was received since the last sweep, up to two minutes ago; return how many signals that were.

    Each counts once: the watermark moves in the transaction that counts. Members of staff and automata are left out.
    """
    with transaction.atomic(using=get_settings().database):
        begin = {"filled_at": _begin(now)}
        fill, _created = FillState.objects.select_for_update().get_or_create(name=JOB_KIND, defaults=begin)
        until = min(now - SETTLED, fill.filled_at + MOST_SLICES * SLICE)
        counted = 0
        while fill.filled_at < until:
            end = min(fill.filled_at + SLICE, until)
            counted += _count(fill.filled_at, end)
            fill.filled_at = end
        fill.save(update_fields=["filled_at"])
    return counted


def _begin(now: datetime) -> datetime:
    """Return where the first sweep begins: with the oldest signal of the log, of whatever kind."""
    oldest = SignalRecord.objects.order_by("received_at").values_list("received_at", flat=True).first()
    return oldest or now - SETTLED


def _count(since: datetime, until: datetime) -> int:
    rows = SignalRecord.objects.filter(kind=SIGNAL_KIND, received_at__gte=since, received_at__lt=until)
    signals = list(rows.values_list("visitor_id", "payload", "received_at"))
    uncounted = _uncounted({visitor_id for visitor_id, _payload, _at in signals})
    by_shoppers = [(payload, at) for visitor_id, payload, at in signals if visitor_id not in uncounted]
    _add(tally(by_shoppers))
    return len(by_shoppers)


def _uncounted(visitor_ids: Collection[UUID]) -> set[UUID]:
    return set(Visitor.objects.filter(UNCOUNTED, pk__in=visitor_ids).values_list("pk", flat=True))


def tally(signals: Iterable[tuple[Mapping[str, Any], datetime]]) -> dict[Place, _Tally]:
    """Return the pages on which each place was seen and clicked, by day (the shop's time zone); improper names are left out."""
    found: dict[Place, _Tally] = defaultdict(_Tally)
    for payload, at in signals:
        day = timezone.localdate(at)
        for slot, thing in _read(payload.get("seen", ())):
            found[day, slot, thing].seen += 1
        for slot, thing in _read(payload.get("clicked", ())):
            found[day, slot, thing].clicked += 1
    return found


def _read(names: Iterable[object]) -> set[tuple[str, str]]:
    return {read for name in names if (read := read_anchor(name)) is not None}


def read_anchor(name: object) -> tuple[str, str] | None:
    """Return ``(slot, thing)`` of a name such as ``"price|product:12"`` or ``"price"``; ``None`` for anything else."""
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    return (match["slot"], match["thing"] or "") if match else None


def _add(found: Mapping[Place, _Tally]) -> None:
    rows = AnchorCount.objects.filter(day__in={day for day, _slot, _thing in found})
    known: dict[Place, AnchorCount] = {(row.day, row.slot, row.thing): row for row in rows}
    new: dict[Place, AnchorCount] = {}
    room = {day: MOST_PER_DAY - sum(place[0] == day for place in known) for day, _slot, _thing in found}
    for place, tallied in found.items():
        row = known.get(place)
        if row is None:
            if room[place[0]] <= 0:
                count("dropped", "anchors")
                continue
            room[place[0]] -= 1
            row = new[place] = AnchorCount(day=place[0], slot=place[1], thing=place[2])
        row.seen += tallied.seen
        row.clicked += tallied.clicked
    AnchorCount.objects.bulk_create(new.values())
    AnchorCount.objects.bulk_update([row for place, row in known.items() if place in found], ["seen", "clicked"])


@handler(JOB_KIND)
def run_sweep(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the recurring sweep; there is nothing in ``payload``."""
    sweep_anchors(now)


every(JOB_KIND, SECONDS_BETWEEN)
