"""What becomes true only by time? A search without a click, a tool given up: known when the visit has ended.

Nothing comes in at the end of a visit, so the first thing left open writes a job that is due then. One that finds the visit
running still comes again; a visit of which nothing is open costs nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler
from oscar_engage.signals import ingest
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.detect_help import follow_end
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.self_help import still_open
from oscar_engage.visitors.state import VisitState, to_ms
from oscar_engage.visitors.stored import read_state

JOB_KIND = "visits.end"


def plan_end(visit: Visit, before: VisitState, after: VisitState, *, now: datetime) -> None:
    """Have the end of the visit looked at, once something is open in it that was not before."""
    if after.help.steps and still_open(after.help, after.pages_seen) and not still_open(before.help, before.pages_seen):
        _plan(visit, now=now)


def _plan(visit: Visit, *, now: datetime) -> None:
    enqueue(
        JOB_KIND,
        key=f"{JOB_KIND}:{visit.pk.hex}:{to_ms(visit.last_at)}",
        now=now,
        payload={"visitor": visit.visitor_id.hex, "visit": visit.pk.hex},
        run_at=visit.last_at + timedelta(minutes=get_settings().visit_minutes),
    )


@handler(JOB_KIND)
def end_visit(payload: Mapping[str, Any], /, *, now: datetime) -> None:
    """Tell what the visit left open; one that goes on is looked at later. An erased one is left alone."""
    if "visit" not in payload:
        return
    visit = Visit.objects.select_for_update().filter(pk=payload["visit"]).first()  # the visit before its visitor, as always
    visitor = Visitor.objects.select_for_update().filter(pk=payload["visitor"]).first()
    if visit is None or visitor is None:
        return
    if visit.last_at > now - timedelta(minutes=get_settings().visit_minutes):
        _plan(visit, now=now)
    elif visitor.consent >= ConsentLevel.STATISTICS:
        left = follow_end(read_state(visit), visit.pk, visit.last_at)
        ingest.store(left, visitor_id=visitor.pk, visit_id=visit.pk, received_at=now)
