"""How do signals become part of a visit? Folded into its state and appended to the log, each of them once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce

import msgspec
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from oscar_engage.signals import ingest, shipped, shipped_baskets, shipped_visits
from oscar_engage.signals.signal import Signal
from oscar_engage.statements.rows import updating_row
from oscar_engage.statements.together import Statement, run
from oscar_engage.visitors.detect import detect
from oscar_engage.visitors.ending import plan_end
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.models import Visit
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState, to_json


def take(
    visit: Visit,
    before: VisitState,
    signals: Sequence[Signal],
    page: PageFacts,
    *,
    is_logged: bool,
    is_linked: bool = True,
    now: datetime,
    last_at: datetime,
) -> VisitState:
    """Fold what is new, and what follows from it, into the visit and write both, the log and the state, in one trip.

    ``last_at`` is the visit's from then on, ``now`` when the signals came. Which of them are new the log alone can tell, and
    only afterwards. So the state is written as if all were new, which it nearly always is, and once more when it was not: the
    row is locked, and nobody sees what stood there in between.
    """
    fresh = [signal for signal in ingest.drop_repeats(signals) if _is_news(signal, before)]
    if not fresh:
        return before
    state, derived = _fold_all(before, fresh, page)
    changing = _changing(visit, state, last_at)
    if not is_logged:
        run(_connection(), changing)
    else:
        taken = [*fresh, *derived]
        stored = ingest.store(
            taken, visitor_id=visit.visitor_id, visit_id=visit.pk, received_at=now, also=[changing], is_linked=is_linked
        )
        if len(stored) < len(taken):
            new = [signal for signal in fresh if signal in stored]
            state, still_derived = _fold_all(before, new, page)
            last_at = last_at if new else visit.last_at
            ingest.withdraw(signal for signal in stored if signal in derived and signal not in still_derived)
            run(_connection(), _changing(visit, state, last_at))
    visit.state, visit.stage, visit.last_at = to_json(state), state.stage, last_at
    if is_logged:
        plan_end(visit, before, state, now=now)
    return state


def _fold_all(before: VisitState, signals: Iterable[Signal], page: PageFacts) -> tuple[VisitState, list[Signal]]:
    """Return the state after ``signals``, and those that were derived on the way and are folded in as well."""
    state, derived = before, []
    for signal in signals:
        after = fold(state, signal, page)
        found = list(detect(state, after, signal))
        state = reduce(lambda folded, follows: fold(folded, follows, page), found, after)
        derived += found
    return state, derived


def _changing(visit: Visit, state: VisitState, last_at: datetime) -> Statement:
    return updating_row(Visit, visit.pk, state=to_json(state), stage=state.stage, last_at=last_at)


def _connection() -> BaseDatabaseWrapper:
    return connections[router.db_for_write(Visit)]


def _is_news(signal: Signal, state: VisitState) -> bool:
    """Whether a signal says something new; an unchanged basket must not look as if it had just been changed."""
    payload, basket = signal.payload, state.basket
    if isinstance(payload, shipped_baskets.BasketChecked):
        return (payload.prices, payload.shortages) != (state.basket_check.prices, state.basket_check.shortages)
    if isinstance(payload, shipped_visits.CustomerRecognised):
        return not state.is_logged_in
    if isinstance(payload, shipped_visits.ShippingTold):
        return _is_new_shipping(payload, state)
    if not isinstance(payload, shipped.BasketMeasured):
        return True
    measured = (payload.basket_id, payload.total, payload.currency, payload.lines, payload.quantity, payload.saved)
    found = (payload.voucher, payload.variants, payload.products)
    known = (basket.basket_id, basket.total, basket.currency, basket.lines, basket.quantity, basket.saved)
    return (*measured, *found) != (*known, basket.has_voucher, basket.has_variants, basket.products)


def _is_new_shipping(told: shipped_visits.ShippingTold, state: VisitState) -> bool:
    shipping = state.shipping
    cheapest = -1 if told.cheapest is None else told.cheapest
    is_offer_new = (told.methods, cheapest, told.currency) != (shipping.methods, shipping.cheapest, shipping.currency)
    return bool(told.country and told.country != state.country.code) or (told.methods is not None and is_offer_new)


def remember_holding(visit: Visit, state: VisitState, holding: tuple[int, ...]) -> VisitState:
    """Keep which rule versions hold now, so that the next beat sees which *become* true; writes only a change."""
    if holding == state.holding:
        return state
    state = msgspec.structs.replace(state, holding=holding)
    visit.state = to_json(state)
    run(_connection(), updating_row(Visit, visit.pk, state=visit.state))
    return state
