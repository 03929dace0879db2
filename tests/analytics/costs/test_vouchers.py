"""Are vouchers counted on the day on which they were given, with what they took off orders since?"""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_model
from oscar.test.factories import create_order

from oscar_engage.analytics.costs.vouchers import VOUCHERS
from oscar_engage.analytics.deflection.satisfaction import SATISFACTION
from oscar_engage.analytics.rollups.fill import fill
from oscar_engage.analytics.rollups.read import read_counts
from oscar_engage.desk.ratings.models import StepRating
from oscar_engage.widgets.models import GivenVoucher

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def utc(settings: Any) -> None:
    settings.TIME_ZONE = "UTC"


def give(voucher_id: int, at: datetime) -> None:
    GivenVoucher.objects.create(
        decision_id=uuid.uuid4(), visitor_id=uuid.uuid4(), voucher_id=voucher_id, given_at=at, ends_at=at + timedelta(days=2)
    )


def test_vouchers__order_that_comes_later__counts_on_the_day_of_the_voucher() -> None:
    give(7, NOW)
    give(8, NOW)
    give(9, NOW - timedelta(days=1))
    fill(VOUCHERS, now=NOW)
    order = create_order()
    discounts = get_model("order", "OrderDiscount").objects
    discounts.create(order=order, voucher_id=7, amount=Decimal("5.25"))
    discounts.create(order=order, voucher_id=7, amount=Decimal("1.00"))
    discounts.create(order=order, voucher_id=99, amount=Decimal("3.00"))
    fill(VOUCHERS, now=NOW + timedelta(days=2))
    counts = read_counts("vouchers", since=NOW.date(), until=NOW.date() + timedelta(days=1))
    assert counts.total() == {("",): (2, 0), (order.currency,): (0, 625)}


def test_vouchers__none_given__counts_nothing() -> None:
    assert fill(VOUCHERS, now=NOW) == 0


def test_satisfaction__words_of_a_day__are_counted_by_step() -> None:
    assert fill(SATISFACTION, now=NOW) == 0
    for number in range(3):
        StepRating.objects.create(step="article", subject="s", visitor_id=uuid.uuid4(), helped=number > 0, at=NOW)
    fill(SATISFACTION, now=NOW)
    counts = read_counts("satisfaction", since=NOW.date(), until=NOW.date() + timedelta(days=1))
    assert counts.total() == {("article",): (3, 2)}
