"""What rules read of the shop: goods, categories, customers, shipping, where a visit came from."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from oscar_engage.rules.answers import UNASKED, Answers, once
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.shipped.groups import CUSTOMER
from oscar_engage.rules.variables import VARIABLES, reading
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import Arrival, BasketState, Country, Shipping, VisitState, to_ms
from tests.known_shop import CUSTOMER as KNOWN_CUSTOMER
from tests.known_shop import PRODUCT, all_answers
from tests.rules.moments import NOW, make_basket, make_moment, make_state

AT = to_ms(NOW)
BASKET = make_basket(
    total=60, saved=7.5, has_voucher=True, has_variants=True, products=(5, 6), filled_at=to_ms(NOW - timedelta(hours=30))
)
FULL = make_state(
    previous_at=to_ms(NOW - timedelta(days=9, hours=3)),
    arrival=Arrival(AT, "news.example", "newsletter", "email", "spring", "phone", "home", "en"),
    basket=BASKET,
    refusals=2,
    voucher_refusals=1,
    refused_fields={"phone": 3, "line1": 1},
    shipping=Shipping(AT, 2, 4.95, "GBP"),
    country=Country(AT, "GB"),
    login_at=AT,
)
BOOTS = frozenset({"Clothing", "Boots", "Clothing > Boots"})


@pytest.fixture(autouse=True)
def _free_from_75(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"FREE_SHIPPING_FROM": {"GBP": "75.00"}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page.categories", BOOTS),
        ("page.category_ids", frozenset({"1", "3"})),
        ("page.product_class", "Shoes"),
        ("page.price", Money(Decimal("89.00"), "GBP")),
        ("page.stock", 4),
        ("page.is_available", True),
        ("visit.source", "newsletter"),
        ("visit.medium", "email"),
        ("visit.campaign", "spring"),
        ("visit.device", "phone"),
        ("visit.entry_page", "home"),
        ("basket.seconds_since_filled", 30 * 3600.0),
        ("basket.products", frozenset({"5", "6"})),
        ("basket.categories", frozenset({"Clothing"})),
        ("basket.category_ids", frozenset({"1"})),
        ("basket.has_variants", True),
        ("basket.saved", Money(Decimal("7.5"), "GBP")),
        ("basket.free_shipping_gap", Money(Decimal("15.00"), "GBP")),
        ("basket.has_voucher", True),
        ("basket.vouchers_refused", 1),
        ("basket.refusals", 2),
        ("checkout.fields_refused", frozenset({"phone", "line1"})),
        ("checkout.fields_refused_again", frozenset({"phone"})),
        ("checkout.shipping_methods", 2),
        ("checkout.shipping_from", Money(Decimal("4.95"), "GBP")),
        ("visitor.days_since_last_visit", 9),
        ("visitor.is_logged_in", True),
        ("visitor.consent", "personalisation"),
        ("visitor.language", "de"),
        ("visitor.country", "GB"),
        ("visitor.questions", 3),
        ("visitor.open_questions", 1),
        ("visitor.last_rating", 2),
        ("desk.expected_wait", 4),
        ("customer.orders", 4),
        ("customer.spent", Money(Decimal("100.00"), "GBP")),
        ("customer.average_order", Money(Decimal("33.33"), "GBP")),
        ("customer.days_since_order", 10),
        ("customer.returns", 1),
        ("customer.has_open_order", True),
    ],
)
def test_variable__everything_known__reads_its_value(name: str, value: Value) -> None:
    page = PageFacts(kind="product", product_id=5, language="de")
    assert reading(make_moment(FULL, page=page, answers=all_answers()))(name) == value


NEVER = [
    *("page.categories", "page.category_ids", "page.product_class", "page.price", "page.stock", "page.is_available"),
    *("visit.source", "visit.medium", "visit.campaign", "visit.device", "visit.entry_page"),
    *("basket.seconds_since_filled", "basket.products", "basket.categories", "basket.category_ids", "basket.has_variants"),
    *("basket.saved", "basket.free_shipping_gap", "basket.has_voucher"),
    *("checkout.shipping_methods", "checkout.shipping_from"),
    *("visitor.days_since_last_visit", "visitor.language", "visitor.country", "visitor.questions", "visitor.open_questions"),
    *("visitor.last_rating", "desk.expected_wait"),
    *("customer.orders", "customer.spent", "customer.average_order", "customer.days_since_order"),
    *("customer.returns", "customer.has_open_order"),
]


@pytest.mark.parametrize("name", NEVER)
def test_variable__nobody_to_ask_and_nothing_told__is_unknown(name: str) -> None:
    assert reading(make_moment(answers=UNASKED))(name) is UNKNOWN


@pytest.mark.parametrize(
    "name",
    ["visitor.days_since_last_visit", "visitor.country", "visitor.questions", "visitor.open_questions", "visitor.last_rating"],
)
def test_visitor__below_personalisation__is_unknown(name: str) -> None:
    read = reading(make_moment(FULL, answers=all_answers(), consent=ConsentLevel.STATISTICS))
    assert read(name) is UNKNOWN


def test_customer__below_personalisation__is_not_even_asked() -> None:
    def ask() -> None:
        pytest.fail("asked")

    names = [variable.name for variable in VARIABLES if variable.group == CUSTOMER]
    read = reading(make_moment(answers=Answers(customer=ask), consent=ConsentLevel.STATISTICS))

    assert {read(name) for name in names} == {UNKNOWN}


def test_customer__without_an_order__has_none_and_no_average() -> None:
    nothing = replace(
        KNOWN_CUSTOMER, orders=0, spent=Money(Decimal(0), "GBP"), orders_in_currency=0, last_order_at=None, open_orders=0
    )
    read = reading(make_moment(answers=Answers(customer=lambda: nothing)))

    assert (read("customer.orders"), read("customer.spent"), read("customer.has_open_order")) == (0, nothing.spent, False)
    assert (read("customer.average_order"), read("customer.days_since_order")) == (UNKNOWN, UNKNOWN)


def test_product__without_price_or_stock__says_neither() -> None:
    bare = replace(PRODUCT, price=None, stock=None, product_class="")
    read = reading(make_moment(answers=Answers(product=lambda: bare)))

    assert (read("page.price"), read("page.stock"), read("page.product_class")) == (UNKNOWN, UNKNOWN, UNKNOWN)
    assert read("page.is_available") is True


def test_categories__of_a_product_in_none__are_known_to_be_none() -> None:
    read = reading(make_moment(make_state(basket=BASKET), answers=Answers(page_categories=tuple, basket_categories=tuple)))

    assert (read("page.categories"), read("page.category_ids"), read("basket.categories")) == (frozenset(),) * 3


@pytest.mark.parametrize(
    ("arrival", "source", "medium"),
    [
        (Arrival(AT), "direct", "direct"),
        (Arrival(AT, host="google.co.uk"), "google.co.uk", "organic"),
        (Arrival(AT, host="mail.google.com"), "mail.google.com", "referral"),
        (Arrival(AT, host="blog.example"), "blog.example", "referral"),
        (Arrival(AT, host="google.com", source="ads", medium="cpc"), "ads", "cpc"),
    ],
)
def test_source__of_an_arrival__is_the_campaign_else_the_site_else_direct(arrival: Arrival, source: str, medium: str) -> None:
    read = reading(make_moment(make_state(arrival=arrival)))
    assert (read("visit.source"), read("visit.medium")) == (source, medium)


@pytest.mark.parametrize(
    ("basket", "gap"),
    [
        (make_basket(total=80), Money(Decimal(0), "GBP")),
        (make_basket(total=80, currency="EUR"), UNKNOWN),
        (BasketState(), UNKNOWN),
    ],
)
def test_free_shipping_gap__of_a_basket__is_what_is_missing(basket: BasketState, gap: Value) -> None:
    assert reading(make_moment(make_state(basket=basket)))("basket.free_shipping_gap") == gap


def test_shipping__nothing_to_this_address__is_none_without_a_price() -> None:
    read = reading(make_moment(make_state(shipping=Shipping(AT, 0))))
    assert (read("checkout.shipping_methods"), read("checkout.shipping_from")) == (0, UNKNOWN)


def test_language__page_does_not_say__is_that_of_the_first_page() -> None:
    state: VisitState = make_state(arrival=Arrival(AT, language="fr"))
    assert reading(make_moment(state))("visitor.language") == "fr"


def test_once__asked_again_and_again__asks_once() -> None:
    asked: list[int] = []
    ask = once(lambda: asked.append(1) or len(asked), 0)  # type: ignore[func-returns-value]  # notes that it was asked

    assert (ask(), ask(), len(asked)) == (1, 1, 1)


def test_once__source_raises__is_not_asked_again() -> None:
    asked: list[int] = []

    def broken() -> int:
        asked.append(1)
        raise RuntimeError("no")

    ask = once(broken, 7)
    assert (ask(), ask(), len(asked)) == (7, 7, 1)
