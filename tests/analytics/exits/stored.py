"""Visits in the database, as beats leave them behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.models import Visit, Visitor
from tests.analytics.exits.logs import START


def keep_visit(
    signals: Sequence[Signal], *, starts_at: datetime = START, is_staff: bool = False, visitor: Visitor | None = None
) -> Visit:
    """Store a visit whose signals were received when they happened, ``signals`` being told as of ``START``."""
    shift = starts_at - START
    last_at = max(signal.at for signal in signals) + shift
    visitor = visitor or Visitor.objects.create(created_at=starts_at, last_seen_at=last_at, consent=2, is_staff=is_staff)
    visit = Visit.objects.create(visitor=visitor, started_at=starts_at, last_at=last_at)
    SignalRecord.objects.bulk_create(
        SignalRecord(
            event_id=signal.event_id,
            visitor_id=visitor.pk,
            visit_id=visit.pk,
            kind=signal.kind,
            source=signal.source,
            payload=msgspec.to_builtins(signal.payload),
            at=signal.at + shift,
            received_at=signal.at + shift,
        )
        for signal in signals
    )
    return visit


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
