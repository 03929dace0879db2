"""Does a check say that our script would run where shoppers pay, and is every check listed?"""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, include, path

from oscar_engage.checks.payment import check_payment_views
from tests.architecture.source import ROOT

pytestmark = pytest.mark.any_database
checkout = [
    path("checkout/payment-details/", HttpResponse, name="payment-details"),
    path("checkout/preview/", HttpResponse, name="preview"),
    path("checkout/card/<int:order>/", HttpResponse, name="card"),
]
urlpatterns = [path("", include((checkout, "checkout"))), path("pay/", HttpResponse, name="pay")]
OSCARS = ("checkout:payment-details", "checkout:preview")


def said(**chosen: Any) -> list[str]:
    with override_settings(OSCAR_ENGAGE=chosen):
        found = check_payment_views(None)
    assert {one.id for one in found} <= {"oscar_engage.W021"}
    return [f"{one.msg} {one.hint}" for one in found]


@pytest.fixture
def own_addresses(settings):
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    yield
    clear_url_caches()


def test_w021__oscars_checkout_and_the_default__says_nothing() -> None:
    assert said() == []


@pytest.mark.usefixtures("own_addresses")
def test_w021__views_of_the_shops_own_with_arguments_and_without_a_namespace__says_nothing() -> None:
    assert said(PAYMENT_VIEWS=[*OSCARS, "checkout:card", "pay"]) == []


def test_w021__a_name_that_no_address_has__is_said_with_the_nearest_and_what_it_leaves_out() -> None:
    unknown, *forgotten = said(PAYMENT_VIEWS=("checkout:preveiw",))
    assert "names 'checkout:preveiw'" in unknown
    assert "Did you mean 'checkout:preview'?" in unknown
    assert [name for name, words in zip(OSCARS, forgotten, strict=True) if f"leaves out {name!r}" not in words] == []


@pytest.mark.usefixtures("own_addresses")
def test_w021__one_of_oscars_left_out__is_said_unless_nothing_of_ours_is_there() -> None:
    (words,) = said(PAYMENT_VIEWS=("checkout:payment-details", "pay"))
    assert "Add 'checkout:preview' to PAYMENT_VIEWS" in words
    assert said(PAYMENT_VIEWS=(), EXCLUDED_PATHS=("/checkout/",)) == []


def test_w021__settings_wrong__leaves_it_to_e001() -> None:
    assert said(SHOP_HOLDOUT=7, PAYMENT_VIEWS=("nowhere",)) == []


def test_operations__table_of_checks__has_each_that_there_is() -> None:
    source = "".join(path.read_text() for path in (ROOT / "oscar_engage").rglob("*.py"))
    listed = (ROOT / "docs" / "operations.md").read_text().split("## Checks")[1]
    assert set(re.findall(r"oscar_engage\.([EW]\d{3})", source)) - set(re.findall(r"\b[EW]\d{3}\b", listed)) == set()
