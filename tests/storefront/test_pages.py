"""Which facts follow from an address?"""

from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from oscar_engage.storefront.pages import get_page_facts, is_excluded, is_payment_page
from oscar_engage.visitors.page import UNKNOWN_PAGE, PageFacts


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("/", PageFacts(kind="home")),
        ("/catalogue/", PageFacts(kind="category")),
        ("/catalogue/category/boots_7/", PageFacts(kind="category", category_id=7)),
        ("/catalogue/rain-boots_5/", PageFacts(kind="product", product_id=5)),
        ("/catalogue/rain-boots_5/reviews/", PageFacts(kind="other")),
        ("/search/", PageFacts(kind="search")),
        ("/basket/", PageFacts(kind="basket")),
        ("/checkout/", PageFacts(kind="checkout", step="index")),
        ("/checkout/shipping-address/", PageFacts(kind="checkout", step="shipping-address")),
        ("/checkout/payment-details/", PageFacts(kind="checkout", step="payment-details")),
        ("/accounts/login/", PageFacts(kind="account")),
        ("/engage/help/", PageFacts(kind="help")),
        ("/password-reset/", PageFacts(kind="other")),
    ],
)
def test_get_page_facts__address_of_the_shop__is_told_apart(path: str, facts: PageFacts) -> None:
    assert get_page_facts(resolve(path)) == facts


def test_get_page_facts__unresolved__is_unknown() -> None:
    assert get_page_facts(None) == UNKNOWN_PAGE


@pytest.mark.parametrize(
    ("path", "is_payment"),
    [("/checkout/payment-details/", True), ("/checkout/preview/", True), ("/checkout/payment-method/", False)],
)
def test_is_payment_page__by_view_name(path: str, is_payment: bool) -> None:
    assert is_payment_page(resolve(path)) is is_payment


@pytest.mark.parametrize(
    ("path", "excluded"),
    [
        ("/dashboard/orders/", True),
        ("/admin/", True),
        ("/de/dashboard/", True),
        ("/dashboards/", False),
        ("/catalogue/dashboard/", False),
        ("/fr/dashboard/", False),  # the shop does not speak French, so this is no language
        ("/", False),
    ],
)
def test_is_excluded__address__with_and_without_language(rf: RequestFactory, path: str, excluded: bool) -> None:
    assert is_excluded(rf.get(path)) is excluded


def test_is_excluded__shops_own_prefix(rf: RequestFactory, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"EXCLUDED_PATHS": ["/intern/"]}

    assert is_excluded(rf.get("/intern/x/"))
    assert not is_excluded(rf.get("/dashboard/"))
