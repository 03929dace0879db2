"""How often are the marked places of the pages seen and clicked, and what baskets end after them? Added up day by day.

The log is large and kept for 90 days; these rows are few, about nobody, and stay.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from oscar_engage.analytics.basket_ends import BEFORE, LOST_KINDS, basket_ends
from oscar_engage.analytics.models import AnchorCount
from oscar_engage.conf import get_settings
from oscar_engage.desk.queries import list_asked_places
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

WHOLE_SHOP = ("", "")
"""Instead of a place and its thing: the ends of all baskets."""

FIGURES = ("seen", "clicked", "lost", "ordered")
"""The columns that are added up."""

_NAME = re.compile(r"(?P<slot>[\w-]{1,64})(?:\|(?P<thing>[a-z_]{1,40}:\d{1,18}))?", re.ASCII)

Place = tuple[date, str, str]


@dataclass(slots=True)
class _Tally:
    seen: int = 0
    clicked: int = 0
    lost: int = 0
    ordered: int = 0


End = tuple[UUID, bool, datetime]
"""Whose basket ended, whether it was lost, and when."""

Touch = tuple[UUID, str, str, datetime]
"""Who clicked a place or asked about it: the visitor, its slot, its thing, and when."""


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
    ended = basket_ends().filter(received_at__gte=since, received_at__lt=until).values_list("visitor_id", "kind", "at")
    ends: list[End] = [(visitor_id, kind in LOST_KINDS, at) for visitor_id, kind, at in ended]
    uncounted = _uncounted({visitor_id for visitor_id, *_rest in (*signals, *ends)})
    by_shoppers = [(payload, at) for visitor_id, payload, at in signals if visitor_id not in uncounted]
    found = tally(by_shoppers)
    tally_ends(found, by_them := [end for end in ends if end[0] not in uncounted], _touches(by_them))
    _add(found)
    return len(by_shoppers)


def _touches(ends: Sequence[End]) -> list[Touch]:
    """Return which places those whose baskets ended had clicked or asked about; two queries, none without an end."""
    if not ends:
        return []
    visitors = {visitor_id for visitor_id, _is_lost, _at in ends}
    since, until = min(at for _who, _lost, at in ends) - BEFORE, max(at for _who, _lost, at in ends)
    told = SignalRecord.objects.filter(kind=SIGNAL_KIND, visitor_id__in=visitors, at__gte=since, at__lte=until)
    clicked: list[Touch] = [
        (visitor_id, slot, thing, at)
        for visitor_id, payload, at in told.values_list("visitor_id", "payload", "at")
        for slot, thing in _read(payload.get("clicked", ()))
    ]
    return clicked + list(list_asked_places(visitors, since=since, until=until))


def tally_ends(found: defaultdict[Place, _Tally], ends: Iterable[End], touches: Iterable[Touch]) -> None:
    """Add each basket's end, once, to the whole shop and to every place that its shopper had touched within :data:`BEFORE`."""
    by_visitor: defaultdict[UUID, list[Touch]] = defaultdict(list)
    for touch in touches:
        by_visitor[touch[0]].append(touch)
    for visitor_id, is_lost, at in ends:
        for slot, thing in {WHOLE_SHOP} | {
            (slot, thing) for _who, slot, thing, when in by_visitor[visitor_id] if at - BEFORE <= when <= at
        }:
            tallied = found[timezone.localdate(at), slot, thing]
            tallied.lost += is_lost
            tallied.ordered += not is_lost


def _uncounted(visitor_ids: Collection[UUID]) -> set[UUID]:
    return set(Visitor.objects.filter(UNCOUNTED, pk__in=visitor_ids).values_list("pk", flat=True))


def tally(signals: Iterable[tuple[Mapping[str, Any], datetime]]) -> defaultdict[Place, _Tally]:
    """Return the pages on which each place was seen and clicked, by day (the shop's time zone); improper names are left out."""
    found: defaultdict[Place, _Tally] = defaultdict(_Tally)
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
        row.lost += tallied.lost
        row.ordered += tallied.ordered
    AnchorCount.objects.bulk_create(new.values())
    AnchorCount.objects.bulk_update([row for place, row in known.items() if place in found], FIGURES)


@handler(JOB_KIND)
def run_sweep(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the recurring sweep; there is nothing in ``payload``."""
    sweep_anchors(now)


every(JOB_KIND, SECONDS_BETWEEN)
