"""A basket that was there before its shopper agreed to anything: is it known as soon as a page shows it, and told once?"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oscar_engage.models import Visit
from oscar_engage.storefront import told
from oscar_engage.visitors.stored import read_state
from tests.storefront.beats import body, send, shopper, signal
from tests.storefront.journeys import add_to_basket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(product: Any) -> Client:
    """A shopper who filled the basket, then agreed, and whose browser has sent its first beat since."""
    client = shopper(consent="")
    add_to_basket(client, product, quantity=2)
    client.cookies["consent"] = "personalisation"
    send(client, body(signal()))
    return client


def quantity() -> int:
    return read_state(Visit.objects.latest("started_at")).basket.quantity


def count_queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("basket:summary"))
    return len(captured)


def test_basket__filled_before_consent__is_known_with_the_next_page(client: Client, product: Any) -> None:
    before = quantity()
    client.get(product.get_absolute_url())
    assert (before, quantity()) == (0, 2)


def test_basket__known__costs_no_query_on_the_next_page(client: Client) -> None:
    first, *later = [count_queries(client) for _page in range(3)]
    assert later[0] == later[1] < first


def test_basket__of_an_earlier_visit__is_told_to_the_new_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get(reverse("basket:summary"))
    Visit.objects.update(last_at=timezone.now() - timedelta(hours=1), started_at=timezone.now() - timedelta(hours=2))
    later = told.time.monotonic() + 3600
    monkeypatch.setattr(told.time, "monotonic", lambda: later)
    send(client, body(signal()))
    before = quantity()
    client.get(reverse("basket:summary"))
    assert (Visit.objects.count(), before, quantity()) == (2, 0, 2)


def test_basket__without_consent__is_not_told_of(client: Client, product: Any) -> None:
    client.cookies["consent"] = ""
    client.get(reverse("basket:summary"))
    assert quantity() == 0
