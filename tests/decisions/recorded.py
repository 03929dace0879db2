"""Visits as the log keeps them, written straight into it: for what needs many, or odd ones."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import msgspec

from oscar_engage.signals.ingest import store
from oscar_engage.signals.kinds import KINDS
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.recall import Heard
from oscar_engage.visitors.state import begin, to_json

Said = tuple[float, str, dict[str, Any]]
"""Seconds after the visit began, kind and payload."""


def say(said: Said, began: datetime) -> Signal:
    seconds, kind, payload = said
    entry = KINDS.get(kind)
    source = Source.BROWSER if entry.from_browser else Source.SERVER
    at = began + timedelta(seconds=seconds)
    return Signal(kind=kind, payload=msgspec.convert(payload, entry.payload), at=at, event_id=uuid.uuid4(), source=source)


def keep_visit(
    began: datetime,
    *said: Said,
    visitor: Visitor | None = None,
    consent: int = ConsentLevel.PERSONALISATION,
    after: float = 0.3,
) -> Visit:
    """Return a visit in which this was said, as the beats would have kept it: ``after`` are the seconds to the server."""
    visitor = visitor or Visitor.objects.create(consent=consent, created_at=began, last_seen_at=began)
    visit = Visit.objects.create(visitor=visitor, started_at=began, last_at=began)
    state = begin(began)
    for one in said:
        signal = say(one, began)
        visit.last_at = signal.at + timedelta(seconds=after)
        heard = Heard(signal, visit.last_at)
        state = fold(state, signal, heard.page)
        if consent >= ConsentLevel.STATISTICS:
            store([signal], visitor_id=visitor.pk, visit_id=visit.pk, received_at=visit.last_at)
    visit.state, visit.stage = to_json(state), state.stage
    visit.save()
    return visit


def hesitation(seconds: float = 50) -> tuple[Said, ...]:
    """Return what is heard of a shopper who idles in the checkout for so long, and leaves."""
    told = [(float(step), "page.idle", {"seconds": step}) for step in (20, 45, 90) if step <= seconds]
    page = {"page": "checkout", "step": "shipping-address"}
    return ((0.0, "page.viewed", page), *told, (seconds, "page.left", {**page, "visible": seconds}))
