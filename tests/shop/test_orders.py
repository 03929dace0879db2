"""Does every order of a known visitor become one conversion, and only those?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from oscar.test.factories import BasketFactory, UserFactory, create_order

from oscar_engage.analytics.models import Conversion
from oscar_engage.jobs.models import FillState
from oscar_engage.shop.orders import sweep_orders
from oscar_engage.visitors.models import Visitor, VisitorBasket

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def know(basket_id: int, at: datetime = NOW) -> Visitor:
    visitor = Visitor.objects.create(created_at=at, last_seen_at=at)
    VisitorBasket.objects.create(visitor=visitor, basket_id=basket_id, seen_at=at)
    return visitor


def order(number: str, at: datetime = NOW, **kwargs: Any) -> Any:
    return create_order(number=number, date_placed=at, **kwargs)


@pytest.mark.attack("L06")
def test_sweep__order_of_a_known_visitor__becomes_one_conversion() -> None:
    placed = order("1", user=UserFactory())
    visitor = know(placed.basket_id)
    assert sweep_orders(NOW) == 1
    written = Conversion.objects.get()
    assert (written.order_id, written.visitor_id, written.order_number) == (placed.pk, visitor.pk, "1")
    assert (written.total, written.currency) == (placed.total_incl_tax, placed.currency)


def test_sweep__guest_order__counts() -> None:
    placed = order("1", user=None)
    know(placed.basket_id)
    assert sweep_orders(NOW) == 1


def test_sweep__repeated__adds_nothing() -> None:
    know(order("1").basket_id)
    sweep_orders(NOW)
    assert sweep_orders(NOW + timedelta(minutes=1)) == 0
    assert Conversion.objects.count() == 1


def test_sweep__order_of_staff__is_left_out() -> None:
    know(order("1", user=UserFactory(is_staff=True)).basket_id)
    assert sweep_orders(NOW) == 0


def test_sweep__order_of_nobody_we_know__is_left_out() -> None:
    order("1")
    know(BasketFactory().pk)
    assert sweep_orders(NOW) == 0


def test_sweep__lower_id_committed_after_the_last_sweep__is_still_found() -> None:
    first = order("1")
    know(first.basket_id)
    sweep_orders(NOW)
    FillState.objects.update(position=first.pk + 100)  # as if higher ids had committed first
    late = order("2", at=NOW - timedelta(minutes=20))
    know(late.basket_id)
    assert sweep_orders(NOW + timedelta(minutes=1)) == 1


def test_sweep__first_run_in_an_old_shop__does_not_walk_its_past() -> None:
    old = order("old", at=NOW - timedelta(days=900))
    new = order("new")
    know(new.basket_id)
    sweep_orders(NOW)
    assert FillState.objects.get().position == new.pk
    assert Conversion.objects.get().order_id == new.pk
    assert old.pk < new.pk


def test_sweep__two_orders_from_one_basket__are_both_counted() -> None:
    placed = order("1")
    again = order("2")
    type(again).objects.filter(pk=again.pk).update(basket_id=placed.basket_id)
    know(placed.basket_id)
    assert sweep_orders(NOW) == 2
