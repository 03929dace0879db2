"""Two shoppers who do the same thing at the same times and are not the same person: what tells them apart is who they are."""

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import get_user_model

from oscar_engage.desk.models import ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.signals.shipped_visits import VisitBegan
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.page import PageFacts
from tests.learning.vectors.browser import CHECKOUT, Browser, basket
from tests.storefront.beats import signal


@dataclass(frozen=True)
class Person:
    """What is personal of a shopper, and what they looked for, wrote and bought: texts and numbers found nowhere else."""

    first_name: str
    email: str
    phone: str
    address: str
    query: str
    question: str
    host: str
    campaign: str
    country: str
    language: str
    user_id: int
    product_id: int
    basket_id: int
    order_id: int

    def is_told_by(self, text: str) -> list[str]:
        """Return what of this person stands in ``text``; names of countries and languages are too short to be looked for."""
        told = {name: str(value) for name, value in asdict(self).items() if name not in {"country", "language"}}
        return [name for name, value in told.items() if value.lower() in text.lower()]


ZOE = Person(
    first_name="Zoequilla",
    email="zoequilla@mail.example",
    phone="+442079460017",
    address="/accounts/orders/SN-8812345/",
    query="lamp for my night blindness",
    question="I am pregnant, may I take it?",
    host="www.google.com",
    campaign="zoe-spring",
    country="GB",
    language="en",
    user_id=771_001,
    product_id=440_011,
    basket_id=550_022,
    order_id=8_812_345,
)
KIM = Person(
    first_name="Kimberlund",
    email="kimberlund@post.example",
    phone="+4930123456789",
    address="/de/accounts/profile/",
    query="x",
    question="?",
    host="duckduckgo.com",
    campaign="kim-mailing-to-widowers",
    country="AT",
    language="de",
    user_id=882_002,
    product_id=3,
    basket_id=990_033,
    order_id=12,
)
KIM_SHORT = {"product_id", "query", "question", "order_id"}
"""What of KIM is too short to be looked for in a text."""


def shop_as(person: Person) -> Browser:
    """Come by a campaign, search, look, log in, fill a basket, stumble in the checkout, ask, and order; every beat is real."""
    user = get_user_model().objects.create_user(
        person.first_name, person.email, pk=person.user_id, first_name=person.first_name
    )
    browser = Browser()
    browser.began = VisitBegan(host=person.host, campaign=person.campaign, device="phone", language=person.language)
    product = PageFacts(kind="product", product_id=person.product_id, language=person.language)
    path = {"path": person.address}
    browser.beat("page.viewed", page=PageFacts(kind="home", language=person.language), **path)
    browser.on_server(
        ("search.made", {"query": person.query, "results": 2}), ("help.searched", {"query": person.query, "results": 1})
    )
    browser.beat("page.viewed", page=product, after=8.0, **path)
    browser.on_server(("product.viewed", {"product_id": person.product_id}), ("login.succeeded", {}), customer_id=user.pk)
    browser.key = Visitor.objects.get(customer=user).key  # a login changes it
    browser.on_server(basket(49.5, basket_id=person.basket_id, products=[person.product_id]))
    browser.beat("page.viewed", "page.exit_intent", page=CHECKOUT, after=5.0, **path)
    browser.on_server(
        ("checkout.shipping", {"country": person.country, "methods": 2, "cheapest": 4.5, "currency": "GBP"}),
        ("form.invalid", {"form": "address", "fields": ["line1"]}),
    )
    browser.beat(signal("page.hidden", data={"seconds": 3.7}), page=CHECKOUT, after=4.0, **path)
    visitor = browser.visitor
    open_conversation(
        ConversationKind.NOTE,
        visitor_id=visitor.pk,
        visit_id=browser.visit.pk,
        body=f"{person.question} Call {person.phone}.",
        name=person.first_name,
        email=person.email,
        now=browser.now,
    )
    browser.beat(page=CHECKOUT, idle=46_000, visible=47_000, after=47.0, **path)
    browser.on_server(("order.placed", {"order_id": person.order_id}))
    browser.beat("page.viewed", page=PageFacts(kind="other", language=person.language), after=3.0, **path)
    return browser


def columns_of(row: Any) -> dict[str, Any]:
    """Return a row's columns by name."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
