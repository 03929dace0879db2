"""Is an order that came back marked, and one that did not after all unmarked?"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from oscar.core.loading import get_model
from oscar.test.factories import create_order

from oscar_engage.analytics.models import Conversion
from oscar_engage.shop.returns import sweep_returns
from tests.analytics.lift.history import make_visitor

pytestmark = pytest.mark.django_db


def place(status: str = "Sent", line_status: str = "") -> Any:
    order = create_order(number=f"{status}-{line_status}")
    order.lines.update(status=line_status)
    get_model("order", "Order").objects.filter(pk=order.pk).update(status=status)
    Conversion.objects.create(
        order_id=order.pk,
        order_number=order.number,
        visitor_id=make_visitor().pk,
        total=order.total_incl_tax,
        currency=order.currency,
        placed_at=order.date_placed,
    )
    return order


def test_sweep__cancelled_order__is_marked_until_it_is_taken_back() -> None:
    now, orders = timezone.now(), get_model("order", "Order").objects
    placed = place("Pending")
    place("Sent")
    assert sweep_returns(now) == 0
    orders.filter(pk=placed.pk).update(status="Cancelled")
    assert sweep_returns(now) == 1
    assert sweep_returns(now + timedelta(hours=1)) == 0
    assert list(Conversion.objects.filter(returned_at=now).values_list("order_id", flat=True)) == [placed.pk]
    orders.filter(pk=placed.pk).update(status="Pending")
    assert sweep_returns(now) == 1
    assert not Conversion.objects.exclude(returned_at=None, has_return=False, has_cancellation=False).exists()


def test_sweep__orders_and_lines__by_the_shops_own_names(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"RETURNED_STATUSES": ("Came back", "Off"), "CANCELLED_STATUSES": ("Off",)}
    now = timezone.now()
    expected = {
        place("Sent", "Sent").pk: (None, False, False),
        place("Came back").pk: (now, True, False),
        place("Off").pk: (now, False, True),
        place("Sent", "Came back").pk: (None, True, False),
        place("Off", "Came back").pk: (now, True, True),
    }
    sweep_returns(now)
    marks = Conversion.objects.values_list("order_id", "returned_at", "has_return", "has_cancellation")
    assert {pk: tuple(mark) for pk, *mark in marks} == expected


def test_sweep__line_comes_back_and_then_the_order__keeps_when_the_order_did() -> None:
    now, orders = timezone.now(), get_model("order", "Order").objects
    placed = place("Sent", "Returned")
    sweep_returns(now)
    orders.filter(pk=placed.pk).update(status="Returned")
    sweep_returns(now + timedelta(hours=1))
    placed.lines.update(status="Cancelled")
    assert sweep_returns(now + timedelta(hours=2)) == 1
    assert Conversion.objects.get().returned_at == now + timedelta(hours=1)


def test_sweep__nothing_changed__takes_three_queries(django_assert_num_queries: Any) -> None:
    place("Returned")
    sweep_returns(timezone.now())
    with django_assert_num_queries(4):  # both reads, and what opens and closes the transaction
        assert sweep_returns(timezone.now()) == 0
