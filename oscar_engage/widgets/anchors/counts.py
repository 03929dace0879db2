"""How often do shoppers' browsers find the picked places? Added up from the log day by day, by a sweep."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from oscar_engage.conf import get_settings
from oscar_engage.jobs.models import FillState
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import UNCOUNTED, Visitor
from oscar_engage.widgets.anchors.models import PickedAnchor, PickedCount

JOB_KIND = "picked.count"
SECONDS_BETWEEN = 600
SIGNAL_KIND = "page.picked"
SETTLED = timedelta(minutes=2)
"""A beat that is written at all is written within seconds of being received; what is older than this is complete."""

SLICE = timedelta(minutes=10)
MOST_SLICES = 144
"""In one sweep: a day of arrears. The rest waits for the next one."""

Report = tuple[UUID, Mapping[str, Any], datetime]
Place = tuple[date, str]


def sweep_picked(now: datetime) -> None:
    """Add up what was received since the last sweep, up to two minutes ago; each report counts once.

    Members of staff and automata are left out, and so is what names no picked place of ours.
    """
    with transaction.atomic(using=get_settings().database):
        begin = {"filled_at": now - SETTLED}
        fill, _created = FillState.objects.select_for_update().get_or_create(name=JOB_KIND, defaults=begin)
        until = min(now - SETTLED, fill.filled_at + MOST_SLICES * SLICE)
        while fill.filled_at < until:
            end = min(fill.filled_at + SLICE, until)
            _count(fill.filled_at, end)
            fill.filled_at = end
        fill.save(update_fields=["filled_at"])


def _count(since: datetime, until: datetime) -> None:
    rows = SignalRecord.objects.filter(kind=SIGNAL_KIND, received_at__gte=since, received_at__lt=until)
    reports = list(rows.values_list("visitor_id", "payload", "received_at"))
    if not reports:
        return
    uncounted = set(Visitor.objects.filter(UNCOUNTED, pk__in={report[0] for report in reports}).values_list("pk", flat=True))
    _add(tally(report for report in reports if report[0] not in uncounted))


def tally(reports: Iterable[Report]) -> dict[Place, tuple[int, int]]:
    """Return on how many pages each place was found and missed, by day (the shop's time zone).

    Of one visitor only one of each counts: a browser that repeats itself cannot make a place look broken.
    """
    told: set[tuple[UUID, date, str, bool]] = set()
    for visitor_id, payload, at in reports:
        slot, is_found = payload.get("anchor"), payload.get("found", False)
        if isinstance(slot, str) and isinstance(is_found, bool):
            told.add((visitor_id, timezone.localdate(at), slot, is_found))
    places = {(day, slot) for _visitor, day, slot, _found in told}
    return {place: (_heads(told, place, is_found=True), _heads(told, place, is_found=False)) for place in places}


def _heads(told: Iterable[tuple[UUID, date, str, bool]], place: Place, *, is_found: bool) -> int:
    return sum((day, slot) == place and found is is_found for _visitor, day, slot, found in told)


def _add(tallied: Mapping[Place, tuple[int, int]]) -> None:
    known = dict(PickedAnchor.objects.filter(slot__in={slot for _day, slot in tallied}).values_list("slot", "pk"))
    for (day, slot), (found, missed) in tallied.items():
        if slot in known:
            row, _created = PickedCount.objects.get_or_create(day=day, anchor_id=known[slot])
            row.found, row.missed = row.found + found, row.missed + missed
            row.save(update_fields=["found", "missed"])


@handler(JOB_KIND)
def run_sweep(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Do the recurring sweep; there is nothing in ``payload``."""
    sweep_picked(now)


every(JOB_KIND, SECONDS_BETWEEN)
