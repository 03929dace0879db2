"""What does a signal mean, beyond itself? Signals derived from how a visit stands before and after one."""

import uuid
from collections.abc import Iterator

from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.detect_basket import follow_check
from oscar_engage.visitors.detect_help import follow_help
from oscar_engage.visitors.state import VisitState

IDLE_IN_CHECKOUT = 45
"""Seconds without activity after which a shopper in the checkout seems about to abandon it: the second of the three idle
moments that a browser tells there (20, 45, 90)."""

IDLE_WITH_BASKET = 60
"""The same elsewhere, with something in the basket: the second of 30, 60 and 120."""

_AT_STAKE = ("basket", "checkout", "payment")


def detect(before: VisitState, after: VisitState, signal: Signal) -> Iterator[Signal]:
    """Give the signals that follow from ``signal``, which led from ``before`` to ``after``.

    Their ids come from its id, so a repeat of it leads to repeats of them; those about a line of the basket come from the line,
    so that each change of it is told once, whoever looks.
    """
    for kind, payload in _found(before, after, signal):
        event_id = uuid.uuid5(signal.event_id, kind)
        yield Signal(kind=kind, payload=payload, at=signal.at, event_id=event_id, source=Source.DERIVED)
    yield from follow_check(signal)
    yield from follow_help(before, after, signal)


def _found(before: VisitState, after: VisitState, signal: Signal) -> Iterator[tuple[str, Payload]]:
    # Most signals are neither a page nor a step: what they left alone is the very same tuple, and need not be counted.
    if after.pages_seen is not before.pages_seen and after.quick_backs > before.quick_backs:
        left = after.pages_seen[-2]
        yield "page.quick_back", shipped.QuickBack(product_id=left.thing if left.kind == "product" else None)
    if after.steps_seen is not before.steps_seen and after.back_steps > before.back_steps:
        yield "checkout.back", shipped.CheckoutBack(step=after.checkout_step)
    because = _why_abandoning(after, signal.payload)
    if because is not None:
        yield "visit.abandoning", shipped.AboutToAbandon(stage=after.stage, because=because)
    if isinstance(signal.payload, shipped.PageViewed) and after.page_kind != "checkout" and after.is_away_paying:
        yield "payment.lost", shipped.PaymentLost(basket_id=after.basket.basket_id)


def _why_abandoning(state: VisitState, payload: Payload) -> str | None:
    """Return what speaks for it: ``exit_intent`` or ``idle``; ``None`` with nothing at stake, or when it was said before."""
    if not state.basket.lines or not isinstance(payload, shipped.ExitIntent | shipped.PageIdle):
        return None
    stage = state.stage
    if stage not in _AT_STAKE or stage in state.abandoning:
        return None
    if isinstance(payload, shipped.ExitIntent):
        return "exit_intent"
    least = IDLE_WITH_BASKET if stage == "basket" else IDLE_IN_CHECKOUT
    return "idle" if payload.seconds >= least else None
