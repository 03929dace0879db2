"""Is the time that a shopper reads before asking the one that is then promised, by the policy for this shopper and page?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.desk.models import Conversation
from oscar_engage.desk.promises.choose import read_conditions
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.rules.answers import CustomerFacts
from oscar_engage.rules.engine.tree import leaves
from oscar_engage.rules.engine.values import UNKNOWN, Money
from oscar_engage.signals.models import SignalRecord
from oscar_engage.storefront.help import get_help
from oscar_engage.storefront.promise import telling
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import VisitState, to_json
from tests.storefront.shopping import submit, text_of

pytestmark = pytest.mark.django_db


def group(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"field": field, "operator": operator, "value": value}]}


def test_note__asked_on_a_page_with_a_policy_of_its_own__shows_and_gets_its_promise(client: Client) -> None:
    sales = Policy.objects.create(name="Sales", first_minutes=7, document=group("page.kind", "=", "basket"))
    page = client.get("/engage/note/new/", {"page_path": "/basket/"})
    shown = get_help(None, page_path="/basket/", now=timezone.now())
    assert f"by {timezone.localtime(shown.promised_at):%H:%M}" in text_of(page)
    submit(client, page, question="Do you ship to Malta?")
    note = Conversation.objects.get()
    assert (note.policy_id, note.page_path) == (sales.pk, "/basket/")
    assert note.due_at - note.created_at == timedelta(minutes=7)
    other = client.get("/engage/note/new/", {"page_path": "/"})
    submit(client, other, question="And to Gozo?")
    assert Conversation.objects.latest("pk").policy_id is None


def test_note__shop_is_closed_today__form_and_help_say_the_day(client: Client) -> None:
    today = timezone.localdate()
    hours = OpeningHours.objects.create(
        name="Office", time_zone="UTC", holidays=[str(today + timedelta(days=n)) for n in range(-1, 5)]
    )
    Policy.objects.create(name="All", first_minutes=30, opening_hours=hours)
    page = client.get("/engage/note/new/")
    assert " on " in text_of(page).partition("You will find our answer here by")[2][:30]
    assert " on " in text_of(client.get("/engage/help/")).partition("read our answer by")[2][:30]
    response = submit(client, page, question="Do you ship to Malta?")
    assert " on " in text_of(client.get(response.url)).partition("Our answer is here by")[2][:30]


@pytest.fixture
def visit() -> Visit:
    now = timezone.now()
    visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=ConsentLevel.PERSONALISATION)
    state = VisitState(started_at=now, last_at=now, payment_failures=2)
    return Visit.objects.create(visitor=visitor, started_at=now, last_at=now, state=to_json(state))


def test_telling__visit_that_goes_on__tells_what_was_counted_in_it(visit: Visit) -> None:
    read = telling(visit.visitor, visit.pk, page_path="/checkout/preview/", now=visit.last_at)(["checkout.payment_failures"])
    assert read("checkout.payment_failures") == 2
    assert read("page.kind") == "checkout"
    assert read("page.idle_seconds") is UNKNOWN  # only the browser could say


def test_telling__without_a_visit__knows_nothing_counted(visit: Visit) -> None:
    read = telling(visit.visitor, None, page_path="no path", now=visit.last_at)(["visit.pages"])
    assert read("visit.pages") is UNKNOWN
    assert read("checkout.payment_failures") is UNKNOWN
    assert read("page.kind") == "other"


class RichShop:
    """A shop in which everybody has ordered a lot."""

    def customer(self, customer_id: int) -> CustomerFacts:
        spent = Money(900, "GBP")  # type: ignore[arg-type]  # an amount
        return CustomerFacts(orders=9, spent=spent, orders_in_currency=9, last_order_at=None, returns=0, open_orders=0)


@pytest.mark.parametrize(("consent", "orders"), [(ConsentLevel.PERSONALISATION, 9), (ConsentLevel.STATISTICS, UNKNOWN)])
def test_telling__customer__tells_the_orders_with_consent_alone(visit: Visit, consent: int, orders: Any, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"SHOP": "tests.storefront.test_promise.RichShop"}
    user = get_user_model().objects.create_user("ada", "ada@example.com")
    visit.visitor.customer, visit.visitor.consent = user, consent
    read = telling(visit.visitor, None, page_path="/", now=visit.last_at)(["customer.orders"])
    assert read("customer.orders") == orders


def test_telling__variable_of_the_log__reads_the_log(visit: Visit) -> None:
    for _ in range(2):
        SignalRecord.objects.create(
            event_id=uuid.uuid4(),
            visitor_id=visit.visitor_id,
            visit_id=visit.pk,
            kind="product.viewed",
            source="server",
            payload={"product_id": 7},
            at=visit.last_at,
            received_at=visit.last_at,
        )
    counted = {"field": "history.count", "with": {"kind": "product.viewed", "days": 7}, "operator": ">", "value": 1}
    tree, errors = read_conditions({"combinator": "and", "rules": [counted]}, segments={})
    assert not errors
    [key] = (condition.field for condition in leaves(tree))
    assert telling(visit.visitor, visit.pk, page_path="/", now=visit.last_at)([key])(key) == 2


@pytest.mark.parametrize("number", [1, 3])
def test_help__any_number_of_policies_that_ask_for_the_page__costs_one_query_more(
    number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for place in range(number):
        Policy.objects.create(name=f"P{place}", first_minutes=7, document=group("page.kind", "=", "product"))
    with django_assert_num_queries(5):  # one for the free agents, one for queues that take calls, and the savepoint
        get_help(None, page_path="/", now=timezone.now())
