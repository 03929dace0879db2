"""What follows from a look at a basket, and what the state keeps of it."""

import uuid
from datetime import timedelta

from oscar_engage.signals import shipped
from oscar_engage.signals.shipped_baskets import BasketChecked, LineUnavailable, PriceChanged, PriceMove, Shortage
from oscar_engage.signals.signal import Signal, Source
from oscar_engage.visitors.detect_basket import follow_check
from tests.visitors.test_state import NOW, state_after, told

TROUBLED = BasketChecked(
    basket_id=1,
    prices=(PriceMove(1, 5, 10, 12, "GBP"), PriceMove(2, 6, 9, 8, "GBP")),
    shortages=(Shortage(3, 7, "too_few"),),
)


def look(payload: BasketChecked, minutes: int = 0) -> list[Signal]:
    at = NOW + timedelta(minutes=minutes)
    return list(follow_check(Signal(kind="basket.checked", payload=payload, at=at, event_id=uuid.uuid4())))


def test_look__at_moved_prices_and_goods_gone__tells_each_line() -> None:
    found = look(TROUBLED)

    assert [signal.payload for signal in found] == [
        PriceChanged(product_id=5, before=10, now=12, direction="up", currency="GBP"),
        PriceChanged(product_id=6, before=9, now=8, direction="down", currency="GBP"),
        LineUnavailable(product_id=7, reason="too_few"),
    ]
    assert {signal.source for signal in found} == {Source.DERIVED}


def test_look__again__has_the_same_ids_until_something_changes() -> None:
    ids = [signal.event_id for signal in look(TROUBLED)]

    assert [signal.event_id for signal in look(TROUBLED, minutes=9)] == ids
    (dearer,) = look(BasketChecked(basket_id=1, prices=(PriceMove(1, 5, 10, 13, "GBP"),)))
    (sold_out,) = look(BasketChecked(basket_id=1, shortages=(Shortage(3, 7, "sold_out"),)))
    assert not {dearer.event_id, sold_out.event_id} & set(ids)


def test_state__of_several_looks__is_the_latest_and_ends_with_the_order() -> None:
    fine = BasketChecked(basket_id=1)

    assert state_after(told(fine, 1), told(TROUBLED, 2)).basket_check.prices == TROUBLED.prices
    assert not state_after(told(fine, 3), told(TROUBLED, 2)).basket_check.prices
    assert not state_after(told(TROUBLED, 2), told(shipped.OrderPlaced(order_id=1), 3)).basket_check.prices
