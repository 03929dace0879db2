"""Which visit goes on? The visitor's running one, locked until the transaction ends, or a new one."""

import uuid
from datetime import datetime, timedelta

from django.db.models import DateTimeField, UUIDField

from oscar_engage.conf import get_settings
from oscar_engage.statements.prepared import Given, Prepared
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import begin, to_json

_VISIT = tuple(field.attname for field in Visit._meta.concrete_fields)
_VISITOR = tuple(field.attname for field in Visitor._meta.concrete_fields)
_RUNNING_VISIT = Prepared(
    lambda: (
        Visit.objects.filter(visitor_id=Given("visitor_id", UUIDField()), last_at__gt=Given("oldest", DateTimeField()))
        .select_for_update(of=("self",))
        .order_by("-last_at")
        .values_list(*_VISIT, *(f"visitor__{name}" for name in _VISITOR))[:1]
    )
)


def get_running_visit(visitor_id: uuid.UUID | None, now: datetime) -> Visit | None:
    """Return the visit that has not ended, with its visitor; ``None`` without one, or without an id."""
    if visitor_id is None:
        return None
    oldest = now - timedelta(minutes=get_settings().visit_minutes)
    for row in _RUNNING_VISIT.rows(visitor_id=visitor_id, oldest=oldest):
        visit = Visit.from_db(Visit.objects.db, _VISIT, row[: len(_VISIT)])
        visit.visitor = Visitor.from_db(Visitor.objects.db, _VISITOR, row[len(_VISIT) :])
        return visit
    return None


def open_visit(visitor_id: uuid.UUID | None, consent: ConsentLevel, now: datetime) -> tuple[Visit, bool]:
    """Return a running visit and whether its visitor is new. An id without a row was erased: it never comes back to life."""
    visitor = Visitor.objects.select_for_update().filter(pk=visitor_id).first() if visitor_id else None
    if visitor is not None:
        # While we waited for the row, another request may have opened the visit.
        return get_running_visit(visitor.pk, now) or _begin_visit(visitor, now, earlier=visitor.visits.count()), False
    visitor = Visitor.objects.create(consent=consent, created_at=now, last_seen_at=now)
    return _begin_visit(visitor, now, earlier=0), True


def _begin_visit(visitor: Visitor, now: datetime, *, earlier: int) -> Visit:
    state = to_json(begin(now, number=earlier + 1))
    return Visit.objects.create(visitor=visitor, started_at=now, last_at=now, state=state)
