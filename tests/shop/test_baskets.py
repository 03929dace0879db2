"""What the lines of a basket tell beside its total."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model
from oscar.test.factories import create_product

from oscar_engage.models import SignalRecord
from oscar_engage.signals.shipped import MOST_PRODUCTS
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import VOUCHER, add_to_basket, give_voucher, stock_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(settings: Any) -> Client:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie"}
    return known_shopper()


def measured() -> dict[str, Any]:
    payload: dict[str, Any] = SignalRecord.objects.filter(kind="basket.measured").latest("pk").payload
    return payload


def test_basket__two_sizes_of_one_product__is_told(client: Client) -> None:
    parent = create_product(structure="parent", title="Boots")
    sizes = [create_product(parent=parent, structure="child", price=Decimal(9), num_in_stock=9, title=f"{n}") for n in (41, 42)]
    client.post(reverse("basket:add", args=[parent.pk]), {"quantity": 1, "child_id": sizes[0].pk})
    assert "variants" not in measured()

    client.post(reverse("basket:add", args=[parent.pk]), {"quantity": 1, "child_id": sizes[1].pk})

    assert measured()["variants"] is True
    assert measured()["products"] == sorted(size.pk for size in sizes)


def test_basket__voucher__is_told_with_what_it_saves(client: Client) -> None:
    product = stock_shop()
    give_voucher()
    add_to_basket(client, product, 3)
    assert not {"voucher", "saved"} & set(measured())

    client.post(reverse("basket:vouchers-add"), {"code": VOUCHER})

    assert (measured()["voucher"], measured()["saved"], measured()["total"]) == (True, 3.0, 27.0)


def test_basket__of_many_products__names_some(client: Client) -> None:
    add_to_basket(client, stock_shop())
    basket = get_model("basket", "Basket").objects.get()
    line = basket.lines.get()
    for number in range(MOST_PRODUCTS + 5):
        product = create_product(price=Decimal(1), num_in_stock=3)
        record = product.stockrecords.get()
        basket.lines.create(
            product=product, stockrecord=record, line_reference=str(number), quantity=1, price_currency="GBP", price_excl_tax=1
        )

    client.post(reverse("basket:add", args=[line.product_id]), {"quantity": 1})

    assert len(measured()["products"]) == MOST_PRODUCTS
