"""What did this visitor just do? Opens or continues the visit, folds new signals into its state, writes the log."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce

import msgspec
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, UUIDField

from oscar_engage.conf import get_settings
from oscar_engage.signals import ingest, shipped
from oscar_engage.signals.signal import Signal
from oscar_engage.statements.prepared import Given, Prepared
from oscar_engage.statements.rows import updating_row
from oscar_engage.statements.together import Statement, run
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor, VisitorBasket
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState, begin, fold, from_json, to_json

_SEEN_EVERY = timedelta(minutes=1)  # last_seen_at is for people and expiry: no need to write it with each beat

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Who it was and where the visit stands now."""

    visitor: Visitor
    visit: Visit
    state: VisitState
    is_new_visitor: bool


def observe(
    *,
    visitor_id: uuid.UUID | None,
    consent: ConsentLevel,
    signals: Sequence[Signal],
    page: PageFacts,
    now: datetime,
    customer_id: int | None = None,
    is_staff: bool = False,
    basket_id: int | None = None,
) -> Observed | None:
    """Fold ``signals`` from ``page`` into the visit of this visitor and keep what ``consent`` allows.

    Below ``FUNCTIONAL`` nothing is kept and ``None`` comes back; so it does when no visit runs and nothing happened that
    would open one. From ``STATISTICS`` up the signals are logged (a repeat is ignored) and the basket is joined to the
    visitor; only from ``PERSONALISATION`` up is the customer. ``is_staff`` marks the visitor for good. Runs inside the
    caller's transaction, in which the visit stays locked.
    """
    if consent < ConsentLevel.FUNCTIONAL:
        return None
    visit = _get_running_visit(visitor_id, now)
    if visit is None and not signals:
        return None
    is_new_visitor = False
    if visit is None:
        visit, is_new_visitor = _open_visit(visitor_id, consent, now)
    before = _read_state(visit)
    state = _take(visit, before, signals, page, is_logged=consent >= ConsentLevel.STATISTICS, now=now)
    known = {before.basket.basket_id} if visit.visitor.consent >= ConsentLevel.STATISTICS else set()
    _refresh_visitor(visit.visitor, consent, customer_id, now, is_staff=is_staff)
    if consent >= ConsentLevel.STATISTICS:
        _join_baskets(visit.visitor, (_baskets_in(signals) | {basket_id}) - known, now)
    return Observed(visitor=visit.visitor, visit=visit, state=state, is_new_visitor=is_new_visitor)


def remember_holding(visit: Visit, state: VisitState, holding: tuple[int, ...]) -> VisitState:
    """Keep which rule versions hold now, so that the next beat sees which *become* true; writes only a change."""
    if holding == state.holding:
        return state
    state = msgspec.structs.replace(state, holding=holding)
    visit.state = to_json(state)
    run(_connection(), updating_row(Visit, visit.pk, state=visit.state))
    return state


def _get_running_visit(visitor_id: uuid.UUID | None, now: datetime) -> Visit | None:
    if visitor_id is None:
        return None
    oldest = now - timedelta(minutes=get_settings().visit_minutes)
    for row in _RUNNING_VISIT.rows(visitor_id=visitor_id, oldest=oldest):
        visit = Visit.from_db(Visit.objects.db, _VISIT, row[: len(_VISIT)])
        visit.visitor = Visitor.from_db(Visitor.objects.db, _VISITOR, row[len(_VISIT) :])
        return visit
    return None


def _open_visit(visitor_id: uuid.UUID | None, consent: ConsentLevel, now: datetime) -> tuple[Visit, bool]:
    """Return a running visit and whether its visitor is new. An id without a row was erased: it never comes back to life."""
    visitor = Visitor.objects.select_for_update().filter(pk=visitor_id).first() if visitor_id else None
    if visitor is not None:
        # While we waited for the row, another request may have opened the visit.
        return _get_running_visit(visitor.pk, now) or _begin_visit(visitor, now, earlier=visitor.visits.count()), False
    visitor = Visitor.objects.create(consent=consent, created_at=now, last_seen_at=now)
    return _begin_visit(visitor, now, earlier=0), True


def _begin_visit(visitor: Visitor, now: datetime, *, earlier: int) -> Visit:
    state = to_json(begin(now, number=earlier + 1))
    return Visit.objects.create(visitor=visitor, started_at=now, last_at=now, state=state)


def _read_state(visit: Visit) -> VisitState:
    try:
        return from_json(visit.state)
    except msgspec.ValidationError:  # a damaged state costs the visit's counts, not the visit
        return begin(visit.started_at)


def _take(
    visit: Visit, before: VisitState, signals: Sequence[Signal], page: PageFacts, *, is_logged: bool, now: datetime
) -> VisitState:
    """Fold what is new into the visit and write both, the log and the state, in one trip.

    What is new the log alone can tell, and only afterwards. So the state is written as if all were new, which it nearly
    always is, and once more when it was not: the row is locked, and nobody sees what stood there in between.
    """
    fresh = [signal for signal in ingest.drop_repeats(signals) if _is_news(signal, before)]
    if not fresh:
        return before
    state = _fold_all(before, fresh, page)
    changing = _changing(visit, state, at=now)
    if not is_logged:
        run(_connection(), changing)
    else:
        new = ingest.store(fresh, visitor_id=visit.visitor_id, visit_id=visit.pk, received_at=now, also=[changing])
        if len(new) < len(fresh):
            state, now = _fold_all(before, new, page), now if new else visit.last_at
            run(_connection(), _changing(visit, state, at=now))
    visit.state, visit.stage, visit.last_at = to_json(state), state.stage, now
    return state


def _fold_all(before: VisitState, signals: Iterable[Signal], page: PageFacts) -> VisitState:
    return reduce(lambda state, signal: fold(state, signal, page), signals, before)


def _changing(visit: Visit, state: VisitState, *, at: datetime) -> Statement:
    return updating_row(Visit, visit.pk, state=to_json(state), stage=state.stage, last_at=at)


def _connection() -> BaseDatabaseWrapper:
    return connections[router.db_for_write(Visit)]


def _is_news(signal: Signal, state: VisitState) -> bool:
    """Whether a signal says something new; an unchanged basket must not look as if it had just been changed."""
    payload, basket = signal.payload, state.basket
    if not isinstance(payload, shipped.BasketMeasured):
        return True
    measured = (payload.basket_id, payload.total, payload.currency, payload.lines, payload.quantity)
    return measured != (basket.basket_id, basket.total, basket.currency, basket.lines, basket.quantity)


def _refresh_visitor(
    visitor: Visitor, consent: ConsentLevel, customer_id: int | None, now: datetime, *, is_staff: bool
) -> None:
    changes: dict[str, object] = {}
    if visitor.consent != consent:
        changes["consent"] = int(consent)
    if customer_id is not None and customer_id != visitor.customer_id and consent >= ConsentLevel.PERSONALISATION:
        changes["customer_id"] = customer_id
    if is_staff and not visitor.is_staff:
        changes["is_staff"] = True
    if changes or now - visitor.last_seen_at >= _SEEN_EVERY:
        changes["last_seen_at"] = now
        Visitor.objects.filter(pk=visitor.pk).update(**changes)
        for name, value in changes.items():
            setattr(visitor, name, value)


def _baskets_in(signals: Sequence[Signal]) -> set[int | None]:
    return {getattr(signal.payload, "basket_id", None) for signal in signals}


def _join_baskets(visitor: Visitor, basket_ids: Iterable[int | None], now: datetime) -> None:
    """Keep whose baskets these are; a basket stays with the visitor it was first seen with."""
    joined = [VisitorBasket(visitor=visitor, basket_id=basket_id, seen_at=now) for basket_id in basket_ids if basket_id]
    if joined:
        VisitorBasket.objects.bulk_create(joined, ignore_conflicts=True)
