"""Whom a beat asks, when, and what that costs: nobody unless a rule wants to know."""

from typing import Any

import msgspec
import pytest
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oscar_engage.models import Decision, Engagement, Rule, Visitor
from oscar_engage.rules.answers import UNASKED
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.storefront.asking import build_answers
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import BasketState, Country, VisitState, begin
from tests.known_shop import BOOTS, PRODUCT
from tests.storefront.beats import body, known_shopper, send, signal

pytestmark = pytest.mark.django_db
PAGE = PageFacts(kind="product", product_id=5, language="de")


@pytest.fixture(autouse=True)
def _shop(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {
        "CONSENT": "tests.consent.consent_from_cookie",
        "SHOP_HOLDOUT": 0,
        "QUIET_SECONDS": 0,
        "SHOP": "tests.known_shop.KnownShop",
        "COUNTRY": "tests.storefront.test_asking.from_header",
    }
    Engagement.objects.create(slug="help", widget="balloon", title="Help")


def from_header(request: HttpRequest) -> str:
    return request.headers.get("X-Country", "")


def make_rule(*rules: dict[str, Any], purpose: str = "sales") -> Rule:
    then = [{"do": "show.balloon", "with": {"engagement": "help"}}]
    document = {"schema": 1, "branches": [{"when": {"combinator": "and", "rules": list(rules)}, "then": then}]}
    rule, now, known = Rule.objects.create(name="Help", purpose=purpose, holdout_share=0), timezone.now(), {"help": "balloon"}
    save_draft(rule, document, user=None, now=now, engagements=known)
    publish(rule, user=None, now=now, engagements=known)
    forget_live_rules()
    return rule


def asks(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def test_rule__on_a_category_above__fires_in_what_lies_below() -> None:
    client = known_shopper()
    make_rule(asks("page.categories", "contains", "clothing"), asks("page.stock", "<", 5))

    assert b"engage-balloon" in send(client, body(signal(), page=PAGE)).content


def test_service_rule__on_the_product_and_language_of_the_page__fires_without_more_consent() -> None:
    client = known_shopper("functional")
    make_rule(asks("page.is_available", "=", True), asks("visitor.language", "=", "de"), purpose="service")

    assert b"engage-balloon" in send(client, body(signal(), page=PAGE)).content


@pytest.mark.parametrize(("header", "fires"), [("IE", True), ("", False)])
def test_rule__on_the_country__asks_the_shops_own_callable(header: str, fires: bool) -> None:
    client = known_shopper()
    make_rule(asks("visitor.country", "=", "IE"))
    headers = {"Sec-Fetch-Site": "same-origin", "X-Country": header}

    assert (b"engage-balloon" in send(client, body(signal()), **headers).content) is fires


def test_beat__no_rule_that_asks__asks_no_more_than_without_the_variables() -> None:
    """The same queries on a product's page as on one that shows nothing; one more for each thing that a rule wants."""
    make_rule(asks("visit.pages", ">", 99))

    assert count_queries(PAGE) == count_queries(PageFacts())


def test_beat__two_rules_on_the_same_answer__asks_once() -> None:
    make_rule(asks("visit.pages", ">", 99))
    without = count_queries(PAGE)
    make_rule(asks("visitor.questions", ">", 99))
    make_rule(asks("visitor.open_questions", ">", 99))

    assert count_queries(PAGE) == without + 3  # one in a savepoint: what fails may not cost the beat


def count_queries(page: PageFacts) -> int:
    client = known_shopper()
    send(client, body(signal(), page=page))
    with CaptureQueriesContext(connection) as queries:
        send(client, body(signal(), page=page))
    assert not Decision.objects.exists()
    return len(queries)


def visitor(customer: int | None = None) -> Visitor:
    return Visitor(customer_id=customer, created_at=timezone.now(), last_seen_at=timezone.now())


def state(**fields: Any) -> VisitState:
    return msgspec.structs.replace(begin(timezone.now()), **fields)


@pytest.mark.parametrize(
    ("code", "header", "customer", "country"),
    [("FR", "IE", 7, "FR"), ("", "IE", 7, "IE"), ("", "", 7, "GB"), ("", "", None, "")],
)
def test_country__of_a_visitor__is_the_checkouts_then_the_shops_then_the_customers(
    code: str, header: str, customer: int | None, country: str
) -> None:
    answers = build_answers(
        visitor(customer), state(country=Country(1, code)), PAGE, now=timezone.now(), country=lambda: header
    )
    assert answers.country() == country


def test_answers__nothing_to_ask_about__are_not_asked() -> None:
    answers = build_answers(visitor(), state(), PageFacts(), now=timezone.now())
    found = (answers.product, answers.page_categories, answers.basket_categories, answers.customer)
    assert found == (UNASKED.product, UNASKED.page_categories, UNASKED.basket_categories, UNASKED.customer)


def test_answers__of_a_page_and_a_basket__are_the_shops() -> None:
    there = state(basket=BasketState(basket_id=1, products=(5,)))
    answers = build_answers(visitor(7), there, PAGE, now=timezone.now())

    assert (answers.product(), answers.page_categories(), answers.basket_categories()) == (PRODUCT, BOOTS, BOOTS)
    assert (
        build_answers(visitor(), there, PageFacts(kind="category", category_id=3), now=timezone.now()).page_categories()
        == BOOTS
    )
