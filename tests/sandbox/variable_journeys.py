"""What does a shopper do in the sandbox so that each variable is worth something? A journey for each sort of them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import post_message
from oscar_engage.models import Engagement, Survey, SurveyAnswer, Visit, VisitorBasket
from sandbox.checkout.gateway import DECLINED
from sandbox.demo.people import CUSTOMERS
from tests.sandbox.shopping import Browser, product, set_stock
from tests.sandbox.test_checkout import ADDRESS, card
from tests.storefront.beats import signal
from tests.storefront.shopping import Form, text_of


def arrive(browser: Browser) -> None:
    """Follow the link in a newsletter, on a phone."""
    browser.open("/?utm_source=newsletter&utm_medium=email&utm_campaign=spring", **{"from": "mail.example"})


def browse(browser: Browser) -> None:
    """Look at a category and its products, search in vain, want what is sold out, go back at once, nearly leave."""
    boots, tent = product("boots-01"), product("tents-01")
    category = boots.categories.get().get_absolute_url()
    browser.open("/")
    browser.open(category)
    browser.open(boots.get_absolute_url(), idle=12_000, visible=20_000)
    browser.open(category)
    browser.open("/search/?q=boats+of+gold")
    set_stock(tent, num_in_stock=0)
    browser.open(tent.get_absolute_url())
    browser.post("customer:alert-create", {"email": "greta@example.org"}, tent.pk)
    browser.tell("page.exit_intent")
    browser.tell("page.hidden", seconds=5)


def fill_basket(browser: Browser) -> None:
    """Put in two sizes of one product, ask for too many, try vouchers, take something out, find prices and stock changed."""
    boots, stove = product("warm-layers-01"), product("stoves-08")
    browser.open("/")
    sizes = [child.pk for child in boots.children.order_by("pk")[:2]]
    browser.post("basket:add", {"quantity": 1}, stove.pk)
    browser.post("basket:add", {"quantity": 9999}, stove.pk)
    for code in ("SPRING", "FJORD10"):
        browser.post("basket:vouchers-add", {"code": code})
    browser.open("/basket/")
    for size in sizes:
        browser.post("basket:add", {"quantity": 1, "child_id": size}, boots.pk)
    browser.open("/basket/", signal("page.exit_intent"))
    _take_out(browser, stove)
    record = get_model("partner", "StockRecord").objects.get(product=sizes[0])
    for price in (record.price + 1, record.price - 1):
        set_stock(record.product, price=price)
        browser.open("/basket/")
    set_stock(record.product, price=record.price, num_in_stock=0)
    browser.open("/basket/")


def _take_out(browser: Browser, taken: Any) -> None:
    lines = list(get_model("basket", "Line").objects.filter(basket__status="Open").order_by("pk"))
    data: dict[str, Any] = {f"form-{name}": len(lines) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for number, line in enumerate(lines):
        data |= {f"form-{number}-id": line.pk, f"form-{number}-quantity": line.quantity}
        data |= {f"form-{number}-DELETE": "on"} if line.product_id == taken.pk else {}
    browser.post("basket:summary", {"form-MIN_NUM_FORMS": 0, "form-MAX_NUM_FORMS": 1000, **data})


def check_out(browser: Browser) -> None:
    """Stumble through the checkout: too early, with a form twice wrong, to Iceland, back a step, with a refused card."""
    browser.open("/")
    browser.post("basket:add", {"quantity": 1}, product("stoves-08").pk)
    browser.open(reverse("checkout:payment-details"))
    browser.post("checkout:index", {"username": "greta@example.org", "options": "anonymous"})
    for _time in range(2):
        browser.post("checkout:shipping-address", {**ADDRESS, "line1": ""})
    browser.open(reverse("checkout:shipping-address"))
    for country in ("IS", "GB"):
        browser.post("checkout:shipping-address", {**ADDRESS, "country": country})
        browser.open(reverse("checkout:shipping-method"))
    browser.open(reverse("checkout:shipping-address"))
    browser.open(reverse("checkout:shipping-method"))
    browser.post("checkout:shipping-method", {"method_code": "standard"})
    browser.post("checkout:preview", card(DECLINED))
    browser.post("checkout:preview", {"action": "place_order", **card(DECLINED)})
    browser.post("checkout:preview", {"action": "place_order", "method": "bank"})
    browser.open("/")


def log_in(browser: Browser) -> None:
    """Log in at the second try as a customer with orders, one of them open and one cancelled, and keep a product in mind."""
    anna = next(person for person in CUSTOMERS if person.email == "anna@example.com")
    orders = get_model("order", "Order").objects.filter(user__email=anna.email).order_by("pk")
    for order, status in zip(orders, ("Cancelled", "Being processed"), strict=False):
        type(order).objects.filter(pk=order.pk).update(status=status)
    browser.open("/")
    for password in ("wrong-fjord", anna.password):
        login = {"login-username": anna.email, "login-password": password, "login_submit": "Log In"}
        browser.post("customer:login", login)
    browser.post("customer:wishlists-add-product", {}, product("lamps-02").pk)
    browser.open("/")


def ask_for_help(browser: Browser) -> None:
    """Open the form for a question, search the help in vain, find an article wanting, leave a note, rate its answer.

    And have answered a survey: the sandbox's own rules ask none.
    """
    browser.open("/")
    form = Form(text_of(browser.open("/engage/note/new/")))
    browser.shop_tells("help.searched", query="tent poles", results=3)
    browser.shop_tells("help.rated", helpful=False, article="poles")
    browser.shop_tells("selfhelp.started", tool="size-adviser")
    browser.open("/")
    browser.open("/information/delivery/")
    browser.client.post(form.action, {**form.fields, "question": "Do you ship to Malta?"})
    note, agent, now = Conversation.objects.latest("pk"), Agent.objects.latest("pk"), timezone.now()
    post_message(note, role=Role.AGENT, agent=agent, body="We do.", client_id=uuid4(), now=now)
    browser.post("engage:chat-rating", {"score": 4}, note.public_id)
    survey, _is_new = Survey.objects.get_or_create(engagement=Engagement.objects.earliest("pk"))
    answered: dict[str, Any] = {"choice": "price", "visitor_id": note.visitor_id, "at": now}
    SurveyAnswer.objects.create(survey=survey, decision_id=uuid4(), **answered)
    browser.look()


STRUGGLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("page.rage_clicked", {}),
    ("page.dead_clicked", {}),
    ("field.hesitated", {"name": "phone_number", "seconds": 5}),
    ("field.left", {"name": "line1", "seconds": 9, "edits": 2, "returns": 1, "empty": True, "invalid": True}),
    ("pointer.thrashed", {}),
    ("page.scrolled", {"deepest": 75}),
    ("page.sought", {}),
    ("text.copied", {"length": 6, "price": True}),
    ("option.toggled", {"name": "child_id", "times": 4}),
    ("script.failed", {"count": 1}),
)


def struggle(browser: Browser) -> None:
    """Let the page get in one's way in each of the ways that a browser tells."""
    browser.open("/", *(signal(kind, data=data) for kind, data in STRUGGLES))


def come_back(browser: Browser) -> None:
    """Come back after two days to a basket left behind."""
    browser.open("/")
    browser.post("basket:add", {"quantity": 1}, product("stoves-08").pk)
    then = timezone.now() - timedelta(days=2)
    VisitorBasket.objects.update(outcome="abandoned", settled_at=then)
    Visit.objects.update(started_at=then, last_at=then)
    browser.open("/")


JOURNEYS: Mapping[str, Callable[[Browser], None]] = MappingProxyType(
    {
        journey.__name__: journey
        for journey in (arrive, browse, fill_basket, check_out, log_in, ask_for_help, struggle, come_back)
    }
)
