"""Is it time for a snapshot? Few a visit, at moments that every visit of its kind has, so that long visits do not drown others.

A snapshot is due at the first product, when the number of signals has reached the next of 1, 2, 3, 5, 8, 13 … (Fibonacci's),
when the basket changed, and when the browser has been idle on a page for one of ``LANDMARKS``. What the server noted between
two beats counts at the next beat that waits for an answer: only then could anything be done for the shopper.
"""

from dataclasses import dataclass
from typing import Literal

from oscar_engage.visitors.state import Snapshots, VisitState, to_ms

Occasion = Literal["product", "signal", "basket", "idle"]
"""Why a snapshot was taken, as ``vectors.models.Occasion`` has it."""

LANDMARKS = (30, 60, 120, 300)
"""Idle seconds on one page, of those at which ``analytics.exits`` counts: from the first pause that rules wait for, in steps of
about two."""

MOST_OTHERS = 8
"""Snapshots of baskets and idle moments in one visit, at most. Those by signals grow with the logarithm of the visit: eighteen
at the limit of ``SIGNALS_PER_VISIT``. So a visit has 27 at most, some 0.6 kB each and 1 kB with their indexes (PostgreSQL)."""


@dataclass(frozen=True, slots=True)
class Due:
    """A snapshot to take, why, and what the state is to remember then."""

    occasion: Occasion
    snapshots: Snapshots


def find_due(state: VisitState, idle_seconds: float) -> Due | None:
    """Return the snapshot that is due; ``None``: none is. One at most, whatever happened at once."""
    before, others = state.snapshots, state.snapshots.others
    page_at = state.pages_seen[-1].at if state.pages_seen else 0
    idle = _landmark(idle_seconds)
    reached = before.idle if before.page_at == page_at else 0
    basket_at = _basket_at(state)
    has_room = others < MOST_OTHERS
    occasion: Occasion
    if state.product_views and not before.has_product:
        occasion = "product"
    elif basket_at > before.basket_at and has_room:
        occasion, others = "basket", others + 1
    elif _rung(state.signals) > _rung(before.signals):
        occasion = "signal"
    elif idle > reached and has_room:
        occasion, others = "idle", others + 1
    else:
        return None
    taken = Snapshots(
        signals=state.signals,
        has_product=bool(state.product_views),
        basket_at=max(basket_at, before.basket_at),
        page_at=page_at,
        idle=max(idle, reached),
        others=others,
    )
    return Due(occasion, taken)


def _basket_at(state: VisitState) -> int:
    """Return when (ms) the basket last changed; 0 where none is known, and once it was ordered."""
    basket = state.basket
    return to_ms(basket.changed_at) if basket.basket_id is not None and basket.changed_at else 0


def _landmark(idle_seconds: float) -> int:
    """Return the longest landmark that so many idle seconds have reached; 0: none."""
    return max((mark for mark in LANDMARKS if idle_seconds >= mark), default=0)


def _rung(signals: int) -> int:
    """Return the largest of Fibonacci's numbers that is not above ``signals``."""
    one, two = 0, 1
    while two <= signals:
        one, two = two, one + two
    return one
