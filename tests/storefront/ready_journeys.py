"""What a shopper does for a ready rule to fire, and what one does who is to be left alone, in the real shop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from oscar.apps.payment.exceptions import RedirectRequired, UnableToTakePayment

from oscar_engage.models import Visit, Visitor
from oscar_engage.shop.left_behind import sweep_baskets
from oscar_engage.storefront.pages import get_page_facts
from oscar_engage.visitors.page import PageFacts
from tests.storefront.beats import body, send, signal
from tests.storefront.journeys import add_to_basket, walk_to_preview
from tests.storefront.walks import failing

HOME, BASKET, PRODUCT = PageFacts(kind="home"), PageFacts(kind="basket"), PageFacts(kind="product", product_id=1)
OFFER = b"data-engage-decision"
Walk = Callable[[Client, Any], Any]
"""Goes through the shop and returns the answer to a beat: the one with an offer, or the last."""


@dataclass(frozen=True)
class Journey:
    """``fires`` ends with an offer of the rule, ``quiet`` with none."""

    fires: Walk
    quiet: Walk


def look(client: Client, page: PageFacts, *signals: dict[str, Any], idle: float = 0) -> Any:
    """Open a page, do this there, and stay idle for so many seconds; returns the answer with an offer, or the last."""
    answers = [send(client, body(signal(), page=page)), send(client, body(*signals, page=page, idle=idle * 1000))]
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
    "lost-at-the-bank": Journey(
        fires=lambda client, product: pay(client, product, TO_THE_BANK),
        quiet=lambda client, product: pay(client, product, REFUSED),
    ),
    "back-after-abandoning": Journey(
        fires=lambda client, product: come_back(client, product, filled=True),
        quiet=lambda client, product: come_back(client, product, filled=False),
    ),
}
