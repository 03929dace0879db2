"""Do the pages about marked places name what was seen, at a constant price?"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.test.factories import CategoryFactory, create_product

from oscar_engage.analytics.models import AnchorCount

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("merchandiser")


def test_places__nothing_counted__says_what_to_do(client: Client) -> None:
    page = client.get(reverse("engage_dashboard:engage-report-places")).content.decode()

    assert "No place has been counted yet" in page
    assert '{% engage_anchor product "size-table" %}' in page


@pytest.mark.parametrize("places", [1, 3])
def test_places__any_number__takes_the_same_queries(
    places: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(places):
        AnchorCount.objects.create(day=timezone.localdate(), slot=f"slot-{number}", seen=100, clicked=10)
    client.get(reverse("engage_dashboard:engage-report-places"))
    with django_assert_num_queries(9):  # session, user, permissions (2), savepoints (2), notifications, counts, questions
        page = client.get(reverse("engage_dashboard:engage-report-places")).content.decode()
    assert page.count("10%") == places


@pytest.mark.parametrize("things", [1, 3])
def test_place__things__are_named_and_led_to_at_the_same_price(
    things: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for number in range(things):
        product, category = create_product(title=f"Boot {number}"), CategoryFactory(name=f"Shelf {number}")
        for thing in (f"product:{product.pk}", f"category:{category.pk}"):
            AnchorCount.objects.create(day=timezone.localdate(), slot="price", thing=thing, seen=100, clicked=10)
    AnchorCount.objects.create(day=timezone.localdate(), slot="price", thing="product:999999", seen=5)
    address = reverse("engage_dashboard:engage-report-place", args=["price"])
    client.get(address)
    with django_assert_num_queries(10):  # session, user, permissions (2), savepoints (2), notifications, counts, titles (2)
        page = client.get(address).content.decode()
    assert page.count("Boot ") == page.count("Shelf ") == things
    assert "product:999999" in page


def test_place__hostile_slot__is_text(client: Client) -> None:
    page = client.get(reverse("engage_dashboard:engage-report-place", args=["<b>x"])).content.decode()

    assert "&lt;b&gt;x" in page
    assert "<b>x" not in page
