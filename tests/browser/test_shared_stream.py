"""What leaves the browser of a customer who shares each page of the shop in turn, logged in, with a basket and an order?"""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from sandbox.drive import shopper as shopping
from sandbox.drive.shop import RealShop
from tests.browser.shared_steps import BAR, share, talk

NewContext = Callable[..., BrowserContext]
MAIL, PASSWORD = "anna@example.com", "anna-fjord"
SECRETS = ("Harbourlane", "ZE1 0AA", "Lerwick", "7700900123", MAIL, "Archer", "Typedbyher", "4111", "csrfmiddlewaretoken")
"""Of the address book, the account, what is typed, a card, and the token's own name."""

SHOWN = ("home", "catalogue:index", "catalogue:category", "catalogue:detail", "search:search", "basket:summary")
"""The pages that a shopper shares (``SNAPSHOT_PAGES``), by name; of every other page of the shop nothing goes out."""

ENDS_BY_ITSELF = {
    "customer:logout": "ends the login",
    "customer:profile-delete": "a page with a form for the password; it is walked through",
}
NO_PAGES = {
    *("customer:address-change-status", "customer:notifications-update", "customer:alert-create", "customer:alerts-confirm"),
    *("customer:alerts-cancel-by-key", "customer:alerts-cancel-by-pk", "customer:wishlists-add-product", "customer:logout"),
    *("customer:wishlists-remove-product", "customer:wishlists-move-product-to-another", "customer:order-line"),
    *("customer:wishlists-create-with-product", "basket:add", "basket:vouchers-add", "basket:vouchers-remove"),
    *("catalogue:reviews-vote", "customer:alerts-cancel", "checkout:index", "customer:login", "customer:register"),
}
"""Addresses that change something and lead on, and the two that a customer who is logged in does not see."""

_PREPARE = """
import json
from django.apps import apps
from django.contrib.auth import get_user_model
from django.urls import get_resolver
from oscar.core.loading import get_model
get = lambda app, name: get_model(app, name).objects
anna = get_user_model().objects.get(email="anna@example.com")
country = get("address", "Country").get(iso_3166_1_a2="GB")
names = dict(first_name="Anna", last_name="Archer", country=country)
lines = dict(line1="Harbourlane 77", line4="Lerwick", postcode="ZE1 0AA", **names)
book = get("address", "UserAddress").filter(user=anna, line1=lines["line1"]).first()
book = book or get("address", "UserAddress").create(user=anna, phone_number="+447700900123", **lines)
product = get("catalogue", "Product").filter(structure="standalone").order_by("pk").first()
said = dict(score=5, title="Good", body="Dry.", status=1)
review, _made = get("reviews", "ProductReview").get_or_create(product=product, user=anna, defaults=said)
wishes = get("wishlists", "WishList").create(owner=anna, name="For Lerwick")
wishes.add(product)
mail = get("communication", "Email").create(user=anna, subject="To Harbourlane", body_text="Harbourlane 77")
note = get("communication", "Notification").create(recipient=anna, subject="To Harbourlane", body="Harbourlane 77")
get("customer", "ProductAlert").create(user=anna, product=product, status="Active")
order = get("order", "Order").filter(user=anna).order_by("pk").last()
offer = get("offer", "ConditionalOffer").order_by("pk").first()
pks = {"customer:address-detail": [book.pk], "customer:address-delete": [book.pk], "checkout:user-address-update": [book.pk],
    "checkout:user-address-delete": [book.pk], "customer:email-detail": [mail.pk], "customer:notifications-detail": [note.pk],
    "customer:wishlists-detail": [wishes.key], "customer:wishlists-update": [wishes.key], "wishlists:detail": [wishes.key],
    "customer:wishlists-delete": [wishes.key], "catalogue:detail": [product.slug, product.pk],
    "catalogue:reviews-list": [product.slug, product.pk], "catalogue:reviews-add": [product.slug, product.pk],
    "catalogue:reviews-detail": [product.slug, product.pk, review.pk], "offer:detail": [offer.slug] if offer else None,
    "customer:order": [order.number] if order else None, "password-reset-confirm": ["MQ", "set-password"],
    "customer:anon-order": [order.number, order.verification_hash()] if order else None,
    "customer:anon-order-form": [order.number, order.verification_hash()] if order else None}
category = get("catalogue", "Category").order_by("pk").first()
pks["catalogue:category"] = [category.full_slug, category.pk]
found = {}
def collect(patterns, space=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            collect(pattern.url_patterns, space + (pattern.namespace + ":" if pattern.namespace else ""))
        elif pattern.name:
            found.setdefault(space + pattern.name, None)
shop = apps.get_app_config("oscar")
collect(shop.get_urls())
from django.urls import NoReverseMatch, reverse
for name in ["home", *found]:
    if name.startswith("dashboard:"):
        found.pop(name, None)
        continue
    try:
        found[name] = reverse(name, args=pks.get(name) or [])
    except NoReverseMatch:
        found[name] = None
print(json.dumps(found))
"""

_COUNT_STOCK = """
from oscar.core.loading import get_model
print(list(get_model("partner", "StockRecord").objects.values_list("pk", "num_in_stock", "num_allocated")))
"""
_RESTOCK = """
from oscar.core.loading import get_model
get_model("basket", "Basket").objects.filter(owner__email="anna@example.com", status="Open").delete()
for pk, there, allocated in %s:
    get_model("partner", "StockRecord").objects.filter(pk=pk).update(num_in_stock=there, num_allocated=allocated)
"""


class Sent:
    """All that the page of a shopper sends to be seen, by the path of the page it is about."""

    def __init__(self, page: Page) -> None:
        self.said: list[tuple[str, str]] = []
        page.context.add_init_script("delete window.CompressionStream")  # sent as it is: what is compressed no driver reads
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if re.search(r"/live/[\w-]+/talk/$", request.url) and request.post_data_buffer:
            text = request.post_data_buffer.decode()
            self.said.append((json.loads(text).get("path", ""), text))

    def events_of(self, path: str) -> list[Any]:
        """Return the events that were sent of the page at ``path``."""
        return [event for at, text in self.said if at == path for event in json.loads(text).get("events", [])]

    def has_picture_of(self, path: str) -> bool:
        """Whether a whole picture of the page at ``path`` was sent."""
        return any(event["type"] == 2 for event in self.events_of(path))


@pytest.fixture(autouse=True)
def _stock_lasts(real_shop: RealShop) -> Iterator[None]:
    """What is ordered here is not missing in the tests that come after."""
    before = real_shop.manage("shell", "-v0", "-c", _COUNT_STOCK).splitlines()[-1]
    yield
    real_shop.manage("shell", "-v0", "-c", _RESTOCK % before)


def sign_in(page: Page, address: str) -> None:
    """Log the customer in."""
    page.goto(f"{address}/accounts/login/")
    page.fill("#login_form [name=login-username]", MAIL)
    page.fill("#login_form [name=login-password]", PASSWORD)
    page.press("#login_form [name=login-password]", "Enter")
    page.wait_for_load_state()


def buy(page: Page, address: str) -> None:
    """Have the customer order a tent, so that there is an order to look at."""
    shopping.fill_basket(page, address)
    page.goto(f"{address}/checkout/shipping-address/")
    saved = page.get_by_role("button", name="Ship to this address")
    if saved.count():
        saved.first.click()
    else:
        shopping.give_address(page)
    shopping.choose_delivery(page, address)
    shopping.give_card(page)
    page.get_by_role("button", name="Place order").click()
    expect(page.locator("body")).to_contain_text(re.compile("order number", re.IGNORECASE))


def type_everywhere(page: Page) -> None:
    """Type into each field of the page, but do not send it."""
    page.evaluate("""() => {
        for (const field of document.querySelectorAll('input, textarea')) {
            if (!/^(text|search|email|tel|password|number|textarea)$/.test(field.type)) continue;
            field.value = field.type === 'number' ? '41114111' : 'Typedbyher';
            field.dispatchEvent(new Event('input', { bubbles: true }));
        }
    }""")


def hidden_values(page: Page) -> list[str]:
    """Return the values of the page's hidden fields that are neither ordinary words nor its own address: tokens, keys."""
    values = page.evaluate("[...document.querySelectorAll('input[type=hidden]')].map((one) => one.value)")
    own = re.sub(r"^https?://[^/]+", "", page.url).partition("#")[0]
    return [value for value in values if len(value) > 8 and value not in {own, own.partition("?")[0]}]


def settle(page: Page, sent: Sent, path: str, *, is_shown: bool) -> None:
    """Wait until the page says how it stands, and, if it is shown, until its picture is out."""
    bar = page.locator(BAR)
    if page.locator("script[src*=oscar_engage]").count() == 0:
        page.wait_for_timeout(700)
        return
    expect(bar).to_contain_text(re.compile("sees this page" if is_shown else "This page is private"))
    type_everywhere(page)
    end = time.monotonic() + 15
    while is_shown and not sent.has_picture_of(path) and time.monotonic() < end:
        page.wait_for_timeout(100)
    page.wait_for_timeout(600)


@pytest.mark.attack("I01", "I02", "I06")
@pytest.mark.usefixtures("quiet_desk")
def test_i02__customer_with_address_book_basket_and_order__every_page_of_the_shop(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    page = new_context().new_page()
    sign_in(page, real_shop.address)
    buy(page, real_shop.address)
    shopping.fill_basket(page, real_shop.address)
    paths: dict[str, str | None] = json.loads(real_shop.manage("shell", "-v0", "-c", _PREPARE).splitlines()[-1])
    assert {name for name, path in paths.items() if path is None} <= {*NO_PAGES, "catalogue:range", "offer:detail"}

    talk(page, agent, real_shop, words="May I show you all of it?")
    share(page, agent)
    sent, hidden = Sent(page), list[str]()
    shown = {path for name, path in paths.items() if name in SHOWN}
    for name, path in paths.items():
        if path is None or name in NO_PAGES:
            continue
        page.goto(f"{real_shop.address}{path}")
        at = re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)
        settle(page, sent, at, is_shown=at in shown)  # some lead on to such a page
        hidden += hidden_values(page)
        if at in shown:
            assert sent.has_picture_of(at), name
        else:
            assert sent.events_of(at) == [], name
    assert len(hidden) > 30
    assert {at for at, _text in sent.said if sent.events_of(at)} <= shown
    secrets = [secret for secret in {*SECRETS, *hidden} if not secret.isdigit()]
    assert {(at, secret) for at, text in sent.said for secret in secrets if secret in text} == set()
    stream = "".join(text for _at, text in sent.said)
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', stream)
    assert [one for one in words if re.search("4111|900123", one)] == []


@pytest.mark.attack("I06")
@pytest.mark.usefixtures("quiet_desk")
def test_i06__checkout_with_saved_addresses_up_to_the_order__nothing_goes_out(
    real_shop: RealShop, new_context: NewContext, agent: Page
) -> None:
    page = new_context().new_page()
    sign_in(page, real_shop.address)
    buy(page, real_shop.address)
    shopping.fill_basket(page, real_shop.address)
    talk(page, agent, real_shop, words="And while I buy?")
    share(page, agent)
    sent = Sent(page)
    page.goto(f"{real_shop.address}/checkout/shipping-address/")
    expect(page.locator("body")).to_contain_text("1 Shore Road")  # saved with the order before
    settle(page, sent, "/checkout/shipping-address/", is_shown=False)
    page.get_by_role("button", name="Ship to this address").first.click()
    expect(page).to_have_url(re.compile("/checkout/shipping-method/"))
    settle(page, sent, "/checkout/shipping-method/", is_shown=False)
    shopping.choose_delivery(page, real_shop.address)
    page.wait_for_timeout(700)
    shopping.give_card(page)
    page.wait_for_timeout(700)
    page.get_by_role("button", name="Place order").click()
    expect(page.locator("body")).to_contain_text(re.compile("order number", re.IGNORECASE))
    page.wait_for_timeout(2500)
    assert [at for at, _text in sent.said if at and sent.events_of(at)] == []
    assert not [text for _at, text in sent.said if "Shore Road" in text or "4111" in text]
