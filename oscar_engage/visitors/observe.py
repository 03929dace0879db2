"""What did this visitor just do? Opens or continues the visit, takes the new signals into it, keeps who it is."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from oscar_engage.signals import shipped
from oscar_engage.signals.shipped_visits import VisitBegan
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.identity import change_key, link_customer
from oscar_engage.visitors.left_behind import find_left_behind
from oscar_engage.visitors.models import Visit, Visitor, VisitorBasket
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.quarantine import quarantine_if_automatic
from oscar_engage.visitors.running import get_running_visit_of_key, open_visit
from oscar_engage.visitors.state import VisitState
from oscar_engage.visitors.stored import read_state
from oscar_engage.visitors.take import take

_SEEN_EVERY = timedelta(minutes=1)  # last_seen_at is for people and expiry: no need to write it with each beat


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Who it was and where the visit stands now."""

    visitor: Visitor
    visit: Visit
    state: VisitState
    is_new_visitor: bool


def observe(
    *,
    key: str | None,
    consent: ConsentLevel,
    signals: Sequence[Signal],
    page: PageFacts,
    now: datetime,
    customer_id: int | None = None,
    is_staff: bool = False,
    basket_id: int | None = None,
    is_linked: bool = True,
    began: Callable[[], VisitBegan] | None = None,
) -> Observed | None:
    """Fold ``signals`` from ``page`` into the visit of the visitor with this ``key`` and keep what ``consent`` allows.

    Below ``FUNCTIONAL`` nothing is kept and ``None`` comes back; so it does when no visit runs and nothing happened that
    would open one. From ``STATISTICS`` up the signals are logged (a repeat is ignored) and the basket is joined to the
    visitor; only from ``PERSONALISATION`` up is the customer, and the key then changes. ``is_staff`` marks the visitor for
    good; of one that is marked as an automaton nothing more is taken. Unless ``is_linked`` no basket is joined and the log
    names neither basket nor order: the browser refuses that. ``began`` tells what is known of where a visit comes from that
    opens now. A browser that another customer used before is not theirs any more: its key is changed and ``None`` comes
    back. A key that no visitor has raises ``UnknownKeyError``. Runs inside the caller's transaction, in which the visit stays
    locked.
    """
    if consent < ConsentLevel.FUNCTIONAL:
        return None
    visit = get_running_visit_of_key(key, now) if key is not None else None
    if visit is None and not signals:
        return None
    is_new_visitor = False
    if visit is None:
        visit, is_new_visitor = open_visit(key, consent, now)
        opening = _opening(visit, consent, now, is_new_visitor=is_new_visitor)
        signals = [*_began(visit, began, page, signals), *opening, *signals]
    if customer_id is not None and visit.visitor.customer_id not in (None, customer_id):
        change_key(visit.visitor, customer_id=None)
        return None
    before = read_state(visit)
    if visit.visitor.is_automaton:
        return Observed(visitor=visit.visitor, visit=visit, state=before, is_new_visitor=False)
    last_at = max(now, visit.started_at)  # the server's clock may have been put back
    state = take(
        visit,
        before,
        signals,
        page,
        is_logged=consent >= ConsentLevel.STATISTICS,
        is_linked=is_linked,
        now=now,
        last_at=last_at,
    )
    known = {before.basket.basket_id} if visit.visitor.consent >= ConsentLevel.STATISTICS else set()
    quarantine_if_automatic(visit.visitor, state)
    _refresh_visitor(visit.visitor, consent, customer_id, now, is_staff=is_staff)
    if is_linked and consent >= ConsentLevel.STATISTICS:
        _join_baskets(visit.visitor, (_baskets_in(signals) | {basket_id}) - known, now)
    return Observed(visitor=visit.visitor, visit=visit, state=state, is_new_visitor=is_new_visitor)


def _began(
    visit: Visit, began: Callable[[], VisitBegan] | None, page: PageFacts, signals: Sequence[Signal]
) -> Iterator[Signal]:
    """Give how the visit began, at the time of the first thing that happened in it."""
    if began is not None:
        payload = msgspec.structs.replace(began(), page=page.kind, language=page.language)
        at = min(signal.at for signal in signals)
        yield Signal(kind="visit.began", payload=payload, at=at, event_id=uuid.uuid5(visit.pk, "visit.began"))


def _opening(visit: Visit, consent: ConsentLevel, now: datetime, *, is_new_visitor: bool) -> Iterator[Signal]:
    """Give what the visit begins with: a visitor who comes back to a basket left behind. That is history across visits."""
    if is_new_visitor or consent < ConsentLevel.PERSONALISATION:
        return
    left = find_left_behind(visit.visitor_id)
    if left is not None and left.settled_at is not None:
        payload = shipped.CameBack(basket_id=left.basket_id, days=(now - left.settled_at).days)
        event_id = uuid.uuid5(visit.pk, "visit.came_back")
        yield Signal(kind="visit.came_back", payload=payload, at=now, event_id=event_id, source=Source.DERIVED)


def _refresh_visitor(
    visitor: Visitor, consent: ConsentLevel, customer_id: int | None, now: datetime, *, is_staff: bool
) -> None:
    changes: dict[str, object] = {}
    if visitor.consent != consent:
        changes["consent"] = int(consent)
    if customer_id is not None and visitor.customer_id is None and consent >= ConsentLevel.PERSONALISATION:
        link_customer(visitor, customer_id)
        change_key(visitor, customer_id=customer_id)
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
