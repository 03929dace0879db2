"""What does a shopper do in the sandbox for a ready rule to fire, and what one who is to be left alone?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.models import Visit, Visitor
from oscar_engage.shop.left_behind import sweep_baskets
from sandbox.checkout.gateway import DECLINED
from sandbox.demo.people import CUSTOMERS
from tests.sandbox.shopping import Browser, product, set_stock
from tests.sandbox.test_checkout import ADDRESS, card
from tests.storefront.beats import signal

ANNA = next(person for person in CUSTOMERS if person.email == "anna@example.com")
Walk = Callable[[Browser], object]


@dataclass(frozen=True)
class Journey:
    """``fires`` ends with an offer of the rule, ``quiet`` with none."""

    fires: Walk
    quiet: Walk


def log_in(browser: Browser, *passwords: str) -> None:
    for password in passwords:
        login = {"login-username": ANNA.email, "login-password": password, "login_submit": "Log In"}
        browser.post("customer:login", login)


def fail_to_log_in(browser: Browser, times: int) -> None:
    browser.open("/")
    log_in(browser, *["wrong-fjord"] * times)
    browser.open("/")


def search(browser: Browser, *words: str) -> None:
    browser.open("/")
    for text in words:
        browser.open(f"/search/?q={text}")
        browser.open("/")


def search_as_anna(browser: Browser) -> None:
    browser.open("/")
    log_in(browser, ANNA.password)
    search(browser, "Cancel+my+order")


def fill(browser: Browser, upc: str = "stoves-08", **beat: Any) -> None:
    browser.open("/")
    browser.post("basket:add", {"quantity": 1}, product(upc).pk)
    browser.open("/basket/", **beat)


def pay(browser: Browser, **payment: str) -> None:
    """Go through the checkout as a guest and try to pay so."""
    fill(browser)
    browser.post("checkout:index", {"username": "greta@example.org", "options": "anonymous"})
    browser.post("checkout:shipping-address", ADDRESS)
    browser.post("checkout:shipping-method", {"method_code": "standard"})
    browser.post("checkout:preview", {"action": "place_order", **payment})
    browser.open("/", idle=6_000)


def toggle_sizes(browser: Browser, times: int) -> None:
    toggled = signal("option.toggled", data={"name": "child_id", "times": times})
    browser.open(product("warm-layers-01").get_absolute_url(), *([toggled] if times else []))


def look_around(browser: Browser, times: int) -> None:
    for _time in range(times):
        browser.open(product("boots-01").categories.get().get_absolute_url())


def copy(browser: Browser, *, price: bool) -> None:
    browser.open(product("boots-01").get_absolute_url(), signal("text.copied", data={"length": 5, "price": price}))


def try_voucher(browser: Browser, code: str) -> None:
    fill(browser)
    browser.post("basket:vouchers-add", {"code": code})
    browser.open("/basket/")


def sell_out(browser: Browser) -> None:
    fill(browser)
    stock = get_model("partner", "StockRecord").objects.get(product=product("stoves-08"))
    set_stock(stock.product, num_in_stock=0)
    browser.open("/basket/")
    set_stock(stock.product, num_in_stock=stock.num_in_stock)


def add_sizes(browser: Browser, count: int) -> None:
    shirt = product("warm-layers-01")
    browser.open("/")
    for size in shirt.children.order_by("pk")[:count]:
        browser.post("basket:add", {"quantity": 1, "child_id": size.pk}, shirt.pk)
    browser.open("/basket/")


def come_as_customer(browser: Browser, *, spent: str) -> None:
    """Log in as somebody whose orders came to so much, and read about a product while an agent is free."""
    orders = get_model("order", "Order").objects.filter(user__email=ANNA.email)
    orders.update(total_incl_tax=0)
    get_model("order", "Order").objects.filter(pk=orders.earliest("pk").pk).update(total_incl_tax=Decimal(spent))
    browser.open("/")
    log_in(browser, ANNA.password)
    browser.open(product("boots-01").get_absolute_url(), visible=25_000)


def come_back(browser: Browser, *, filled: bool) -> None:
    """Come back three hours later."""
    if filled:
        fill(browser)
    browser.open("/")
    earlier = timezone.now() - timedelta(hours=3)
    Visitor.objects.update(last_seen_at=earlier)
    Visit.objects.update(last_at=earlier)
    sweep_baskets(timezone.now())
    browser.open("/basket/", idle=15_000)


def open_home(browser: Browser) -> None:
    browser.open(reverse("catalogue:index"))


JOURNEYS: dict[str, Journey] = {
    "failed-logins": Journey(lambda browser: fail_to_log_in(browser, 2), lambda browser: fail_to_log_in(browser, 1)),
    "search-cancel": Journey(lambda browser: search(browser, "Cancel+my+order"), lambda browser: search(browser, "boots")),
    "cancel-call": Journey(search_as_anna, lambda browser: search(browser, "Cancel+my+order")),
    "valuable-basket-idle": Journey(
        lambda browser: fill(browser, "stoves-06", idle=50_000), lambda browser: fill(browser, "stoves-08", idle=50_000)
    ),
    "payment-refused": Journey(lambda browser: pay(browser, **card(DECLINED)), lambda browser: fill(browser, idle=6_000)),
    "zero-results": Journey(lambda browser: search(browser, "zeppelin"), lambda browser: search(browser, "boots")),
    "size-toggling": Journey(lambda browser: toggle_sizes(browser, 4), lambda browser: toggle_sizes(browser, 0)),
    "fourth-category-visit": Journey(lambda browser: look_around(browser, 4), lambda browser: look_around(browser, 3)),
    "help-without-click": Journey(lambda browser: search(browser, "a", "b"), lambda browser: search(browser, "a")),
    "price-copied": Journey(lambda browser: copy(browser, price=True), lambda browser: copy(browser, price=False)),
    "voucher-refused": Journey(lambda browser: try_voucher(browser, "NOSUCH"), lambda browser: try_voucher(browser, "FJORD10")),
    "sold-out-in-basket": Journey(sell_out, fill),
    "two-sizes": Journey(lambda browser: add_sizes(browser, 2), lambda browser: add_sizes(browser, 1)),
    "vip-on-product": Journey(
        lambda browser: come_as_customer(browser, spent="620.00"), lambda browser: come_as_customer(browser, spent="80.00")
    ),
    "lost-at-the-bank": Journey(lambda browser: pay(browser, method="bank"), lambda browser: pay(browser, **card(DECLINED))),
    "back-after-abandoning": Journey(
        lambda browser: come_back(browser, filled=True), lambda browser: come_back(browser, filled=False)
    ),
}
