"""What a shopper does for a ready rule to fire, and what one does who is to be left alone, in the real shop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from oscar.apps.payment.exceptions import RedirectRequired, UnableToTakePayment
from oscar.test.factories import BasketFactory, create_order, create_product

from oscar_engage.desk.calls.models import CallTerms
from oscar_engage.desk.models import Agent, Queue
from oscar_engage.desk.presence import set_presence
from oscar_engage.models import Visit, Visitor
from oscar_engage.shop.left_behind import sweep_baskets
from oscar_engage.storefront.pages import get_page_facts
from oscar_engage.visitors.page import PageFacts
from tests.storefront.beats import body, send, signal
from tests.storefront.journeys import add_to_basket, walk_to_preview
from tests.storefront.walks import failing

HOME, BASKET, PRODUCT = PageFacts(kind="home"), PageFacts(kind="basket"), PageFacts(kind="product", product_id=1)
CATEGORY = PageFacts(kind="category", category_id=1)
OFFER = b"data-engage-decision"
Walk = Callable[[Client, Any], Any]
"""Goes through the shop and returns the answer to a beat: the one with an offer, or the last."""


@dataclass(frozen=True)
class Journey:
    """``fires`` ends with an offer of the rule, ``quiet`` with none."""

    fires: Walk
    quiet: Walk


def look(client: Client, page: PageFacts, *signals: dict[str, Any], idle: float = 0, visible: float = 0) -> Any:
    """Open a page, do this there, and stay idle for so many seconds; returns the answer with an offer, or the last.

    ``visible``: for how many seconds the page is then in view.
    """
    stay = body(*signals, page=page, idle=idle * 1000, visible=visible * 1000)
    answers = [send(client, body(signal(), page=page)), send(client, stay)]
    return next((answer for answer in answers if OFFER in answer.content), answers[-1])


def log_in(client: Client, times: int) -> Any:
    for _try in range(times):
        wrong = {"login-username": "ann@example.com", "login-password": "wrong", "login_submit": "1"}
        client.post(reverse("customer:login"), wrong)
    return look(client, HOME)


def search(client: Client, words: str) -> Any:
    client.get(reverse("search:search"), {"q": words})
    return look(client, get_page_facts(resolve(reverse("search:search"))))


def wait_with_basket(client: Client, product: Any, quantity: int) -> Any:
    add_to_basket(client, product, quantity)
    return look(client, BASKET, idle=50)


def pay(client: Client, product: Any, error: Exception) -> Any:
    walk_to_preview(client, product)
    with failing("handle_payment", error):
        client.post(reverse("checkout:preview"), {"action": "place_order"})
    return look(client, HOME, idle=6)


def only_fill(client: Client, product: Any) -> Any:
    add_to_basket(client, product)
    return look(client, HOME, idle=6)


def search_help(client: Client, times: int) -> Any:
    for number in range(times):
        search(client, f"question {number}")
        answer = look(client, HOME)
    return answer


def sell_out(client: Client, product: Any) -> Any:
    add_to_basket(client, product)
    product.stockrecords.update(num_in_stock=0)
    client.get(reverse("basket:summary"))
    return look(client, BASKET)


def keep_in_stock(client: Client, product: Any) -> Any:
    add_to_basket(client, product)
    client.get(reverse("basket:summary"))
    return look(client, BASKET)


def come_back(client: Client, product: Any, *, filled: bool) -> Any:
    if filled:
        add_to_basket(client, product)
    look(client, HOME)
    earlier = timezone.now() - timedelta(hours=3)
    Visitor.objects.update(last_seen_at=earlier)
    Visit.objects.update(last_at=earlier)
    sweep_baskets(timezone.now())
    return look(client, BASKET, idle=15)


def look_around(client: Client, times: int) -> Any:
    for _time in range(times):
        answer = look(client, CATEGORY)
    return answer


def try_voucher(client: Client, product: Any, *, code: str) -> Any:
    add_to_basket(client, product)
    client.post(reverse("basket:vouchers-add"), {"code": code})
    return look(client, BASKET)


def add_sizes(client: Client, count: int) -> Any:
    parent = create_product(structure="parent", title="Boot")
    for size in (41, 42)[:count]:
        variant = create_product(parent=parent, structure="child", price=Decimal(90), num_in_stock=9, title=f"Size {size}")
        add_to_basket(client, variant)
    return look(client, BASKET)


def come_as_customer(client: Client, product: Any, *, orders: int) -> Any:
    """Look at a product while an agent is free, as somebody who bought the product so many times."""
    people = get_user_model().objects
    agent = Agent.objects.create(user=people.create_user("mia", "mia@shop.example"), display_name="Mia")
    set_presence(agent, "online", now=timezone.now())
    customer = people.create_user("vera", "vera@example.com")
    for _order in range(orders):
        bought = BasketFactory()
        bought.add_product(product, 30)
        create_order(basket=bought, user=customer)
    client.force_login(customer, backend="oscar.apps.customer.auth_backends.EmailBackend")
    client.get(product.get_absolute_url())
    return look(client, PRODUCT, visible=25)


def search_as_customer(client: Client, words: str) -> Any:
    """Search as somebody who is logged in, where a queue calls shoppers."""
    CallTerms.objects.create(queue=Queue.objects.create(slug="all", name="All", is_default=True))
    customer = get_user_model().objects.create_user("vera", "vera@example.com")
    client.force_login(customer, backend="oscar.apps.customer.auth_backends.EmailBackend")
    return search(client, words)


REFUSED, TO_THE_BANK = UnableToTakePayment("Card declined"), RedirectRequired("https://bank.example/3ds")
JOURNEYS: dict[str, Journey] = {
    "failed-logins": Journey(
        fires=lambda client, _product: log_in(client, 2),
        quiet=lambda client, _product: log_in(client, 1),
    ),
    "search-cancel": Journey(
        fires=lambda client, _product: search(client, "Cancel my order"),
        quiet=lambda client, _product: search(client, "boots"),
    ),
    "cancel-call": Journey(
        fires=lambda client, _product: search_as_customer(client, "Cancel my order"),
        quiet=lambda client, _product: search_as_customer(client, "boots"),
    ),
    "valuable-basket-idle": Journey(
        fires=lambda client, product: wait_with_basket(client, product, 12),
        quiet=lambda client, product: wait_with_basket(client, product, 2),
    ),
    "payment-refused": Journey(
        fires=lambda client, product: pay(client, product, REFUSED),
        quiet=only_fill,
    ),
    "zero-results": Journey(
        fires=lambda client, _product: search(client, "zeppelin"),
        quiet=lambda client, _product: look(client, HOME),
    ),
    "size-toggling": Journey(
        fires=lambda client, _product: look(client, PRODUCT, signal("option.toggled", data={"name": "size", "times": 4})),
        quiet=lambda client, _product: look(client, PRODUCT),
    ),
    "help-without-click": Journey(
        fires=lambda client, _product: search_help(client, 2),
        quiet=lambda client, _product: search_help(client, 1),
    ),
    "price-copied": Journey(
        fires=lambda client, _product: look(client, PRODUCT, signal("text.copied", data={"length": 5, "price": True})),
        quiet=lambda client, _product: look(client, PRODUCT, signal("text.copied", data={"length": 5, "price": False})),
    ),
    "sold-out-in-basket": Journey(fires=sell_out, quiet=keep_in_stock),
    "fourth-category-visit": Journey(
        fires=lambda client, _product: look_around(client, 4),
        quiet=lambda client, _product: look_around(client, 3),
    ),
    "voucher-refused": Journey(
        fires=lambda client, product: try_voucher(client, product, code="NOSUCH"),
        quiet=keep_in_stock,
    ),
    "two-sizes": Journey(
        fires=lambda client, _product: add_sizes(client, 2),
        quiet=lambda client, _product: add_sizes(client, 1),
    ),
    "vip-on-product": Journey(
        fires=lambda client, product: come_as_customer(client, product, orders=2),
        quiet=lambda client, product: come_as_customer(client, product, orders=1),
    ),
    "lost-at-the-bank": Journey(
        fires=lambda client, product: pay(client, product, TO_THE_BANK),
        quiet=lambda client, product: pay(client, product, REFUSED),
    ),
    "back-after-abandoning": Journey(
        fires=lambda client, product: come_back(client, product, filled=True),
        quiet=lambda client, product: come_back(client, product, filled=False),
    ),
}
