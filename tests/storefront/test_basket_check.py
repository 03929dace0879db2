"""A shopper's own pages: what is found in the basket after the response, told once, known to rules."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_engage.models import SignalRecord, Visit
from oscar_engage.shop.lines import check_lines
from oscar_engage.visitors.stored import read_state
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import add_to_basket

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = ("basket.checked", "basket.price_changed", "basket.line_unavailable")


@pytest.fixture
def client(product: Any) -> Client:
    """A shopper with one piece of the product in the basket."""
    client = known_shopper()
    add_to_basket(client, product)
    return client


def told() -> list[str]:
    return list(SignalRecord.objects.filter(kind__in=KINDS).order_by("pk").values_list("kind", flat=True))


def check() -> Any:
    return read_state(Visit.objects.get()).basket_check


def raise_price(product: Any) -> None:
    for record in product.stockrecords.all():
        record.price *= 2
        record.save()


def test_basket__as_it_was__tells_nothing(client: Client) -> None:
    client.get(reverse("basket:summary"))

    assert told() == []


def test_basket_page__price_rose__is_told_once_and_known(client: Client, product: Any) -> None:
    raise_price(product)

    for _ in range(3):
        client.get(reverse("basket:summary"))

    assert told() == ["basket.checked", "basket.price_changed"]
    record = SignalRecord.objects.get(kind="basket.price_changed")
    assert (record.payload["product_id"], record.payload["direction"], record.source) == (product.pk, "up", "derived")
    assert record.payload["now"] == pytest.approx(2 * record.payload["before"])
    assert len(check().prices) == 1


def test_other_page__with_the_basket_in_its_head__finds_it_as_well(client: Client, product: Any) -> None:
    product.stockrecords.update(num_in_stock=0)

    client.get(product.get_absolute_url())

    assert told() == ["basket.checked", "basket.line_unavailable"]


def test_basket__put_right_by_the_shopper__is_no_trouble_any_more(client: Client, product: Any) -> None:
    product.stockrecords.update(num_in_stock=0)
    client.get(reverse("basket:summary"))
    assert check().shortages

    line = get_model("basket", "Line").objects.get()
    client.post(
        reverse("basket:summary"),
        {
            "form-TOTAL_FORMS": 1,
            "form-INITIAL_FORMS": 1,
            "form-0-id": line.pk,
            "form-0-quantity": 1,
            "form-0-DELETE": "on",
        },
    )
    client.get(reverse("basket:summary"))

    assert not check().shortages


def test_next_visit__knows_without_telling_again(client: Client, product: Any, settings: Any) -> None:
    raise_price(product)
    client.get(reverse("basket:summary"))
    Visit.objects.update(last_at="2020-01-01T00:00Z")

    client.get(reverse("basket:summary"))

    latest = Visit.objects.order_by("-last_at")[0]
    assert read_state(latest).basket_check.prices
    assert told().count("basket.price_changed") == 1


def test_lines__that_the_page_priced__are_looked_at_without_a_query(client: Client) -> None:
    basket = client.get(reverse("basket:summary")).wsgi_request.basket

    with CaptureQueriesContext(connection) as queries:
        check_lines(basket.all_lines())

    assert len(queries) == 0
