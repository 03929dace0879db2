"""Which visit goes on? The visitor's running one, locked until the transaction ends, or a new one."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, DateTimeField, Max, Q, QuerySet, UUIDField

from oscar_engage.conf import get_settings
from oscar_engage.statements.prepared import Given, Prepared
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.identity import UnknownKeyError
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import begin, to_json

_VISIT = tuple(field.attname for field in Visit._meta.concrete_fields)
_VISITOR = tuple(field.attname for field in Visitor._meta.concrete_fields)


def _running(whose: Q) -> QuerySet[Visit, tuple[Any, ...]]:
    running = Visit.objects.filter(whose, last_at__gt=Given("oldest", DateTimeField())).select_for_update(of=("self",))
    return running.order_by("-last_at").values_list(*_VISIT, *(f"visitor__{name}" for name in _VISITOR))[:1]


_OF_VISITOR = Prepared(lambda: _running(Q(visitor_id=Given("visitor_id", UUIDField()))))
_OF_KEY = Prepared(lambda: _running(Q(visitor__key=Given("key", CharField()))))


def get_running_visit(visitor_id: uuid.UUID, now: datetime) -> Visit | None:
    """Return the visit of this visitor that has not ended."""
    return _read(_OF_VISITOR.rows(visitor_id=visitor_id, oldest=_oldest(now)))


def get_running_visit_of_key(key: str, now: datetime) -> Visit | None:
    """Return the visit that has not ended of the visitor with this key."""
    return _read(_OF_KEY.rows(key=key, oldest=_oldest(now)))


def running_visits(now: datetime) -> QuerySet[Visit]:
    """Return the visits that have not ended at ``now``, to be looked at: none is locked."""
    return Visit.objects.filter(last_at__gt=_oldest(now))


def _oldest(now: datetime) -> datetime:
    return now - timedelta(minutes=get_settings().visit_minutes)


def _read(rows: Iterable[tuple[Any, ...]]) -> Visit | None:
    for row in rows:
        visit = Visit.from_db(Visit.objects.db, _VISIT, row[: len(_VISIT)])
        visit.visitor = Visitor.from_db(Visitor.objects.db, _VISITOR, row[len(_VISIT) :])
        return visit
    return None


def open_visit(key: str | None, consent: ConsentLevel, now: datetime) -> tuple[Visit, bool]:
    """Return a running visit and whether its visitor is new, as whoever has no key is.

    A key that no visitor has raises :class:`UnknownKeyError`.
    """
    if key is None:
        visitor = Visitor.objects.create(consent=consent, created_at=now, last_seen_at=now)
        return _begin_visit(visitor, now, earlier=0, previous_at=None), True
    known = Visitor.objects.select_for_update().filter(key=key).first()
    if known is None:
        raise UnknownKeyError
    # While we waited for the row, another request may have opened the visit.
    running = get_running_visit(known.pk, now)
    if running is not None:
        return running, False
    before = known.visits.aggregate(earlier=Count("pk"), previous_at=Max("last_at"))
    return _begin_visit(known, now, **before), False


def _begin_visit(visitor: Visitor, now: datetime, *, earlier: int, previous_at: datetime | None) -> Visit:
    state = to_json(begin(now, number=earlier + 1, previous_at=previous_at))
    return Visit.objects.create(visitor=visitor, started_at=now, last_at=now, state=state)
