"""What do we hear of a visitor who is not here? Taken into the visit if one runs; else into the log alone."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from oscar_engage.signals import ingest
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor, VisitorBasket
from oscar_engage.visitors.page import UNKNOWN_PAGE
from oscar_engage.visitors.running import get_running_visit
from oscar_engage.visitors.stored import read_state
from oscar_engage.visitors.take import take


def find_visitor_id(*, basket_id: int | None, customer_id: int | None) -> uuid.UUID | None:
    """Return whose basket it is; else the browser with which the customer was seen last; ``None`` when we know neither."""
    baskets = VisitorBasket.objects.filter(basket_id=basket_id) if basket_id is not None else VisitorBasket.objects.none()
    owner: uuid.UUID | None = baskets.values_list("visitor_id", flat=True).first()
    if owner is not None or customer_id is None:
        return owner
    browsers = Visitor.objects.filter(customer_id=customer_id).order_by("-last_seen_at")
    return browsers.values_list("pk", flat=True).first()


def hear(visitor_id: uuid.UUID, signals: Sequence[Signal], *, now: datetime) -> None:
    """Keep what the visitor's own last consent allows. It neither begins a visit nor makes one last longer.

    Runs inside the caller's transaction.
    """
    visitor = Visitor.objects.filter(pk=visitor_id).first()
    if visitor is None or visitor.is_automaton or visitor.consent < ConsentLevel.FUNCTIONAL:
        return
    is_logged = visitor.consent >= ConsentLevel.STATISTICS
    visit = get_running_visit(visitor_id, now)
    if visit is not None:
        take(visit, read_state(visit), signals, UNKNOWN_PAGE, is_logged=is_logged, now=now, last_at=visit.last_at)
    elif is_logged and _is_still_there(visitor_id):
        ingest.store(signals, visitor_id=visitor_id, visit_id=None, received_at=now)


def _is_still_there(visitor_id: uuid.UUID) -> bool:
    """Keep the visitor from being erased until what is about to be written is there to be erased as well."""
    return Visitor.objects.select_for_update().filter(pk=visitor_id).first() is not None
