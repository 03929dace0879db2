"""What the checkout tells of shipping: with several ways, with one, with none, for which country."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from oscar.apps.checkout.views import ShippingMethodView
from oscar.apps.shipping.methods import FixedPrice, Free

from oscar_engage.models import SignalRecord, Visit
from oscar_engage.visitors.stored import read_state
from tests.storefront.beats import known_shopper
from tests.storefront.journeys import ADDRESS, add_to_basket, stock_shop

pytestmark = pytest.mark.django_db
Offer = Callable[..., None]


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Have the shop offer these ways of shipping."""

    def offer(*methods: Any) -> None:
        monkeypatch.setattr(ShippingMethodView, "get_available_shipping_methods", lambda view: list(methods))

    return offer


@pytest.fixture
def client(settings: Any) -> Client:
    """A guest who gave an address."""
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie"}
    browser = known_shopper()
    add_to_basket(browser, stock_shop())
    browser.post(reverse("checkout:index"), {"username": "ann@example.com", "options": "anonymous"})
    browser.post(reverse("checkout:shipping-address"), ADDRESS)
    return browser


def told() -> list[dict[str, Any]]:
    return list(SignalRecord.objects.filter(kind="checkout.shipping").order_by("pk").values_list("payload", flat=True))


def choose(client: Client) -> None:
    client.get(reverse("checkout:shipping-method"))


def test_shipping__several_ways__are_told_once_with_country_and_lowest_price(client: Client, offer: Offer) -> None:
    offer(FixedPrice(Decimal("4.95"), Decimal("5.94")), FixedPrice(Decimal("11.95"), Decimal("14.34")))
    choose(client)
    choose(client)

    assert told() == [{"country": "GB", "methods": 2, "cheapest": 5.94, "currency": "GBP"}]
    state = read_state(Visit.objects.get())
    assert (state.shipping.methods, state.shipping.cheapest, state.country.code) == (2, 5.94, "GB")


def test_shipping__one_way__is_told_though_its_page_is_passed_over(client: Client) -> None:
    choose(client)
    assert told() == [{"methods": 1}]


def test_shipping__none_to_this_address__is_told(client: Client, offer: Offer) -> None:
    offer()
    choose(client)
    client.get(reverse("checkout:shipping-address"))

    assert told() == [{"methods": 0}, {"country": "GB"}]
    assert read_state(Visit.objects.get()).shipping.methods == 0


def test_shipping__other_offer__is_told_again(client: Client, offer: Offer) -> None:
    offer(Free(), FixedPrice(Decimal(5), Decimal(5)))
    choose(client)
    offer(FixedPrice(Decimal(5), Decimal(5)), FixedPrice(Decimal(6), Decimal(6)))
    choose(client)

    assert [payload["cheapest"] for payload in told()] == [0.0, 5.0]


def test_shipping__no_address_yet__says_nothing(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie"}
    browser = known_shopper()
    add_to_basket(browser, stock_shop())
    browser.post(reverse("checkout:index"), {"username": "ann@example.com", "options": "anonymous"})
    choose(browser)

    assert told() == []


def test_shipping__way_chosen__says_nothing_of_the_number(client: Client, offer: Offer) -> None:
    offer(Free(), FixedPrice(Decimal(5), Decimal(5)))
    client.post(reverse("checkout:shipping-method"), {"method_code": "free-shipping"})

    assert [payload for payload in told() if "methods" in payload] == []
