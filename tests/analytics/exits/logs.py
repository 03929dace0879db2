"""Visits as their signals, told in a few words."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Signal, Source

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BROWSER = (shipped.PageViewed, shipped.PageLeft, shipped.PageIdle, shipped.PageHidden, shipped.ExitIntent)
KIND_OF = {
    shipped.PageViewed: "page.viewed",
    shipped.PageLeft: "page.left",
    shipped.PageIdle: "page.idle",
    shipped.PageHidden: "page.hidden",
    shipped.ExitIntent: "page.exit_intent",
    shipped.ProductViewed: "product.viewed",
    shipped.LineAdded: "basket.line_added",
    shipped.CheckoutStep: "checkout.step",
    shipped.PaymentTried: "payment.tried",
    shipped.OrderPlaced: "order.placed",
}


def told(second: float, payload: Payload) -> Signal:
    return Signal(
        kind=KIND_OF[type(payload)],
        payload=payload,
        at=START + timedelta(seconds=second),
        event_id=uuid.uuid4(),
        source=Source.BROWSER if isinstance(payload, BROWSER) else Source.SERVER,
    )


def opened(second: float, page: str = "home", **facts: Any) -> Signal:
    return told(second, shipped.PageViewed(page=page, **facts))


def left(second: float, page: str = "home", *, idle: float = 0, **facts: Any) -> Signal:
    return told(second, shipped.PageLeft(page=page, idle=idle, visible=max(idle, 1), **facts))


def looked_at(second: float, product: int = 5) -> Sequence[Signal]:
    """Return what a product's page tells, the server first."""
    return told(second, shipped.ProductViewed(product_id=product)), opened(second, "product", product_id=product)


def idle(second: float, seconds: float) -> Signal:
    return told(second, shipped.PageIdle(seconds=seconds))


def added(second: float) -> Signal:
    return told(second, shipped.LineAdded(product_id=5, basket_id=1))


def stepped(second: float, step: str) -> Signal:
    return told(second, shipped.CheckoutStep(step=step))


def ordered(second: float) -> Signal:
    return told(second, shipped.OrderPlaced(order_id=1))
