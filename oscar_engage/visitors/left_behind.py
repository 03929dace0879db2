"""Which baskets did visitors leave behind? What became of each is settled once, and heard by its visitor's log."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from oscar_engage.conf import get_settings
from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.hear import hear
from oscar_engage.visitors.models import BasketOutcome, VisitorBasket

LONGEST_AGO = timedelta(days=7)
"""Baskets of visitors gone for longer were settled while they were younger, or are from before we were installed."""

_NAMESPACE = uuid.UUID("6f0a5a54-52a5-4d6c-8f1e-0f1f8a0f2b11")
_OPEN_QUESTIONS = (BasketOutcome.UNKNOWN, BasketOutcome.GONE)
_OVER = (BasketOutcome.ORDERED, BasketOutcome.RESTORED)


def get_unsettled(*, now: datetime, most: int) -> list[VisitorBasket]:
    """Return baskets whose visitors have been gone for ``ABANDONED_MINUTES``, those that were settled longest ago first."""
    gone_since = now - timedelta(minutes=get_settings().abandoned_minutes)
    baskets = VisitorBasket.objects.filter(
        Q(settled_at__isnull=True) | Q(settled_at__lt=F("visitor__last_seen_at")),
        outcome__in=_OPEN_QUESTIONS,
        visitor__last_seen_at__lt=gone_since,
        visitor__last_seen_at__gte=now - LONGEST_AGO,
    )
    return list(baskets.order_by(F("settled_at").asc(nulls_first=True), "pk")[:most])


OnAbandoned = Callable[[VisitorBasket], None]


def settle(
    baskets: Sequence[VisitorBasket],
    outcomes: Mapping[int, tuple[BasketOutcome, int]],
    *,
    on_abandoned: OnAbandoned,
    now: datetime,
) -> int:
    """Write what became of each basket (outcome and number of lines, by the basket's id) and tell its visitor's log.

    Each abandoned or lost basket is told exactly once, however many sweeps run at a time; ``on_abandoned`` is called with each
    abandoned one in the transaction that says so. Returns how many were told.
    """
    gone = (BasketOutcome.GONE, 0)
    return sum(_settle(basket, *outcomes.get(basket.basket_id, gone), on_abandoned, now=now) for basket in baskets)


def find_left_behind(visitor_id: uuid.UUID) -> VisitorBasket | None:
    """Return the basket that the visitor last abandoned or lost, unless it was ordered since."""
    left = VisitorBasket.objects.filter(visitor_id=visitor_id, outcome__in=[BasketOutcome.ABANDONED, BasketOutcome.LOST])
    return left.order_by("-settled_at").first()


def claim_restoring(visitor_id: uuid.UUID, basket_id: int) -> bool:
    """Return whether this is the one request that may put the visitor's basket back: who presses twice gets it once."""
    own = VisitorBasket.objects.filter(visitor_id=visitor_id, basket_id=basket_id)
    return bool(own.exclude(outcome__in=_OVER).update(outcome=BasketOutcome.RESTORED))


def get_restorable(visitor_id: uuid.UUID) -> list[int]:
    """Return the ids of the visitor's latest baskets that may still be put back, if they are frozen."""
    own = VisitorBasket.objects.filter(visitor_id=visitor_id).exclude(outcome__in=_OVER)
    return list(own.order_by("-seen_at", "-pk").values_list("basket_id", flat=True)[:5])


def mark_ordered(basket_ids: Sequence[int]) -> None:
    """Note that these baskets became orders: nobody comes back to them any more."""
    VisitorBasket.objects.filter(basket_id__in=basket_ids).update(outcome=BasketOutcome.ORDERED)


def _settle(basket: VisitorBasket, outcome: BasketOutcome, lines: int, on_abandoned: OnAbandoned, *, now: datetime) -> bool:
    with transaction.atomic(using=get_settings().database):
        mine = VisitorBasket.objects.filter(pk=basket.pk, outcome=basket.outcome, settled_at=basket.settled_at)
        if not mine.update(outcome=outcome, settled_at=now):
            return False
        if outcome == BasketOutcome.ABANDONED:
            on_abandoned(basket)
        told = _tell(basket, outcome, lines)
        if told is not None:
            kind, payload = told
            event_id = uuid.uuid5(_NAMESPACE, f"{kind}:{basket.basket_id}")
            hear(
                basket.visitor_id,
                [Signal(kind=kind, payload=payload, at=now, event_id=event_id, source=Source.DERIVED)],
                now=now,
            )
    return told is not None


def _tell(basket: VisitorBasket, outcome: BasketOutcome, lines: int) -> tuple[str, Payload] | None:
    if outcome == BasketOutcome.ABANDONED:
        return "basket.abandoned", shipped.BasketAbandoned(basket_id=basket.basket_id, lines=lines)
    if outcome == BasketOutcome.LOST:
        return "payment.lost", shipped.PaymentLost(basket_id=basket.basket_id)
    return None
