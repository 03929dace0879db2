"""What follows from a signal: quick backs, steps back, baskets about to be abandoned, payments lost at the bank."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import KINDS, Payload
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.detect import detect
from oscar_engage.visitors.fold import fold
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState, begin
from tests.visitors.test_state import CATEGORY, NOW, PRODUCT

FILLED = shipped.BasketMeasured(basket_id=1, total=10, currency="GBP", lines=1, quantity=1)
EMPTY = shipped.BasketMeasured(basket_id=1, total=0)
ADDRESS = shipped.CheckoutStep(step="shipping-address")


def follow(*story: Payload | tuple[Payload, PageFacts], seconds: float = 1) -> list[Payload]:
    """Return what is derived from a story, a signal every so many seconds, with what follows folded in as well."""
    state, found = begin(NOW), []
    for number, told in enumerate(story):
        payload, page = told if isinstance(told, tuple) else (told, PRODUCT)
        state, derived = _after(state, payload, page, NOW + timedelta(seconds=number * seconds))
        found += derived
    return found


def _after(state: VisitState, payload: Payload, page: PageFacts, at: Any) -> tuple[VisitState, list[Payload]]:
    signal = Signal(kind="x", payload=payload, at=at, event_id=uuid.uuid4())
    after = fold(state, signal, page)
    derived = list(detect(state, after, signal))
    for follows in derived:
        after = fold(after, follows, page)
    return after, [follows.payload for follows in derived]


def test_detect__back_to_the_list_at_once__names_the_product_that_was_left() -> None:
    view = shipped.PageViewed()

    assert follow((view, CATEGORY), (view, PRODUCT), (view, CATEGORY)) == [shipped.QuickBack(product_id=5)]
    assert follow((view, PRODUCT), (view, CATEGORY), (view, PRODUCT)) == [shipped.QuickBack()]
    assert follow((view, CATEGORY), (view, PRODUCT), (view, CATEGORY), seconds=20) == []


def test_detect__step_back_in_the_checkout__names_the_step() -> None:
    assert follow(shipped.CheckoutStep(step="preview"), ADDRESS) == [shipped.CheckoutBack(step="shipping-address")]


@pytest.mark.parametrize(
    ("story", "stage", "because"),
    [
        ([FILLED, shipped.ExitIntent()], "basket", "exit_intent"),
        ([FILLED, shipped.PageIdle(seconds=60)], "basket", "idle"),
        ([FILLED, ADDRESS, shipped.PageIdle(seconds=45)], "checkout", "idle"),
    ],
)
def test_detect__signs_of_leaving_with_a_basket__is_about_to_abandon(story: list[Payload], stage: str, because: str) -> None:
    assert follow(*story) == [shipped.AboutToAbandon(stage=stage, because=because)]


@pytest.mark.parametrize(
    "story",
    [
        [shipped.ExitIntent()],
        [FILLED, EMPTY, shipped.ExitIntent()],
        [FILLED, shipped.PageIdle(seconds=30)],
        [FILLED, ADDRESS, shipped.PageIdle(seconds=20)],
        [FILLED, shipped.OrderPlaced(order_id=1), shipped.ExitIntent()],
        [FILLED, shipped.PageHidden(seconds=300)],
    ],
    ids=["nothing at stake", "emptied", "reads", "types", "ordered", "is back already"],
)
def test_detect__no_basket_or_no_sign__says_nothing(story: list[Payload]) -> None:
    assert follow(*story) == []


def test_detect__the_same_sign_again__is_told_once_a_stage() -> None:
    found = follow(FILLED, shipped.ExitIntent(), shipped.ExitIntent(), ADDRESS, shipped.ExitIntent(), shipped.ExitIntent())

    assert [told.stage for told in found if isinstance(told, shipped.AboutToAbandon)] == ["basket", "checkout"]


def test_detect__page_of_the_shop_after_the_banks__is_a_payment_lost_once() -> None:
    away = [FILLED, shipped.PaymentRedirected()]

    assert follow(*away, shipped.PageViewed(), shipped.PageViewed()) == [shipped.PaymentLost(basket_id=1)]
    assert follow(*away, (shipped.PageViewed(), PageFacts(kind="checkout", step="thank-you"))) == []
    assert follow(*away, shipped.OrderPlaced(order_id=1), shipped.PageViewed()) == []


def test_detect__repeated_signal__leads_to_the_same_ids_of_a_registered_kind() -> None:
    before = fold(begin(NOW), Signal(kind="x", payload=FILLED, at=NOW, event_id=uuid.uuid4()), PRODUCT)
    signal = Signal(kind="page.exit_intent", payload=shipped.ExitIntent(), at=NOW, event_id=uuid.uuid4())
    after = fold(before, signal, PRODUCT)

    (first,), (again,) = detect(before, after, signal), detect(before, after, signal)

    assert first == again
    assert (first.source, first.at) == (Source.DERIVED, signal.at)
    assert KINDS.get(first.kind).payload is shipped.AboutToAbandon
