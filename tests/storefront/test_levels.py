"""The table of consent, cell by cell: for each signal, variable and page, at each level, what is stored and what may fire?

| level | stored | may fire |
|---|---|---|
| none | nothing | nothing on our initiative |
| functional | the current visit | service rules, on facts of the current page |
| statistics | + the log of signals, arms and refusals | as functional |
| personalisation | + the customer | every rule |
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from oscar_engage.models import (
    Assignment,
    Decision,
    Engagement,
    Rule,
    SignalRecord,
    Visit,
    Visitor,
    VisitorBasket,
)
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import RulePurpose
from oscar_engage.rules.publish import publish, save_draft
from oscar_engage.rules.validate import InvalidRuleError
from oscar_engage.rules.variables import VARIABLES, Variable
from oscar_engage.signals.buffer import bind, release
from oscar_engage.signals.kinds import KINDS, SignalKind
from oscar_engage.storefront.flush import flush
from oscar_engage.storefront.snippet import build_snippet
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import BasketState, Failure, PageSeen, Search, StepSeen, VisitState, to_json, to_ms
from oscar_engage.visitors.token import COOKIE_NAME, write_visitor_cookie
from tests.rules.moments import make_moment
from tests.storefront.beats import body, send, shopper, signal

pytestmark = pytest.mark.django_db
NONE, FUNCTIONAL, STATISTICS, PERSONALISATION = ConsentLevel
PAGES = {
    "home": PageFacts(kind="home"),
    "category": PageFacts(kind="category", category_id=3),
    "product": PageFacts(kind="product", product_id=5),
    "search": PageFacts(kind="search"),
    "basket": PageFacts(kind="basket"),
    "shipping-address": PageFacts(kind="checkout", step="shipping-address"),
    "payment-method": PageFacts(kind="checkout", step="payment-method"),
    "payment-details": PageFacts(kind="checkout", step="payment-details"),
    "preview": PageFacts(kind="checkout", step="preview"),
    "account": PageFacts(kind="account"),
    "help": PageFacts(kind="help"),
    "other": PageFacts(kind="other"),
}
PAYMENT = {"payment-details", "preview"}


class Cell(NamedTuple):
    """One cell of the table; what does not apply to a thing is ``None``."""

    visit: bool | None = None
    log: bool | None = None
    basket: bool | None = None
    customer: bool | None = None
    known: bool | None = None
    sales: bool | None = None
    service: bool | None = None
    refusal: bool | None = None
    arm: bool | None = None
    cookie: bool | None = None
    script: bool | None = None


@dataclass(frozen=True)
class Thing:
    """A row of the table: what to do at a level, and what the table says of it."""

    name: str
    expected: Callable[[ConsentLevel], Cell]
    observed: Callable[[ConsentLevel], Cell]


def things() -> Iterator[Thing]:
    for kind in KINDS:
        if kind.payload.__module__.startswith("oscar_engage."):
            yield of_browser(kind) if kind.from_browser else of_server(kind)
    for variable in VARIABLES:
        if variable.reading.__module__.startswith("oscar_engage."):
            yield of_variable(variable)
    for name, facts in PAGES.items():
        yield of_page(name, facts)


@pytest.fixture(autouse=True)
def _shop(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {"CONSENT": "tests.consent.consent_from_cookie", "SHOP_HOLDOUT": 0, "QUIET_SECONDS": 0}


def of_browser(kind: SignalKind) -> Thing:
    """A signal in a browser's first beat."""

    def observe(level: ConsentLevel) -> Cell:
        response = send(shopper(level.name.lower()), body(signal(kind.name, data=sample(kind))))
        return Cell(
            visit=Visit.objects.exists(),
            log=SignalRecord.objects.filter(kind=kind.name).exists(),
            cookie=COOKIE_NAME in response.cookies,
        )

    return Thing(
        f"signal {kind.name}",
        lambda level: Cell(visit=level >= FUNCTIONAL, log=level >= STATISTICS, cookie=level >= FUNCTIONAL),
        observe,
    )


def of_server(kind: SignalKind) -> Thing:
    """A fact of the server about a customer who is logged in, whose browser has our cookie already, and who has a basket."""

    def observe(level: ConsentLevel) -> Cell:
        user = get_user_model().objects.create_user("ada", "ada@example.com")
        visitor = Visitor.objects.create(consent=level, created_at=timezone.now(), last_seen_at=timezone.now())
        buffer = bind(request_of(visitor, level, user))
        buffer.add(kind.name, sample(kind))
        release(buffer)
        for entry in buffer.entries:
            entry.keep()  # the shop's transaction was committed
        flush(buffer, HttpResponse())
        visitor.refresh_from_db()
        return Cell(
            visit=Visit.objects.exists(),
            log=SignalRecord.objects.filter(kind=kind.name).exists(),
            basket=VisitorBasket.objects.exists(),
            customer=visitor.customer_id is not None,
        )

    names_a_basket = "basket_id" in sample(kind)
    return Thing(
        f"signal {kind.name}",
        lambda level: Cell(
            visit=level >= FUNCTIONAL,
            log=level >= STATISTICS,
            basket=level >= STATISTICS and names_a_basket,
            customer=level >= PERSONALISATION,
        ),
        observe,
    )


def of_variable(variable: Variable) -> Thing:
    """A rule that asks one thing: whether the variable is known, written for sales and, if that may be, for service."""

    def observe(level: ConsentLevel) -> Cell:
        sales = fires(variable.name, RulePurpose.SALES, level)
        refusal, arm = Decision.objects.filter(reason="no_consent").exists(), Assignment.objects.exists()
        return Cell(
            known=is_known(variable, level),
            sales=sales,
            service=fires(variable.name, RulePurpose.SERVICE, level),
            refusal=refusal,
            arm=arm,
        )

    return Thing(
        f"variable {variable.name}",
        lambda level: Cell(
            known=not variable.personal or level >= PERSONALISATION,
            sales=level >= PERSONALISATION,
            service=variable.service and level >= FUNCTIONAL,
            refusal=level == STATISTICS and not variable.personal,
            arm=level >= PERSONALISATION,
        ),
        observe,
    )


def of_page(name: str, facts: PageFacts) -> Thing:
    """A page of the shop: the tags it carries, and whether a rule may fire on it."""

    def observe(level: ConsentLevel) -> Cell:
        return Cell(
            script="<script" in build_snippet(facts, payment=name in PAYMENT),
            sales=fires("page.kind", RulePurpose.SALES, level, facts),
            service=fires("page.kind", RulePurpose.SERVICE, level, facts),
        )

    pays = name in PAYMENT
    return Thing(
        f"page {name}",
        lambda level: Cell(
            script=not pays, sales=level >= PERSONALISATION and not pays, service=level >= FUNCTIONAL and not pays
        ),
        observe,
    )


def sample(kind: SignalKind) -> dict[str, Any]:
    """Return data that fits the kind: every field but the optional ones that are no basket's."""
    fields = msgspec.inspect.type_info(kind.payload).fields
    wanted = [field for field in fields if field.required or field.name == "basket_id"]
    return {field.name: value_of(field.type) for field in wanted}


def value_of(described: Any) -> Any:
    if isinstance(described, msgspec.inspect.StrType):
        return str(uuid.UUID(int=7))
    if isinstance(described, msgspec.inspect.LiteralType):
        return described.values[0]
    return 7


def request_of(visitor: Visitor, level: ConsentLevel, user: Any) -> Any:
    request, cookies = RequestFactory().get("/"), HttpResponse()
    write_visitor_cookie(cookies, visitor.key, secure=False)
    request.COOKIES |= {COOKIE_NAME: cookies.cookies[COOKIE_NAME].value, "consent": level.name.lower()}
    request.user, request.resolver_match = user, None
    return request


def everything() -> VisitState:
    """Return a visit in which there is something to know about every variable."""
    now = timezone.now()
    basket = BasketState(basket_id=7, total=20, currency="GBP", lines=1, quantity=1, changed_at=now)
    at = to_ms(now)
    return VisitState(
        started_at=now,
        last_at=now,
        basket=basket,
        pages_seen=(PageSeen(at, "checkout"),),
        steps_seen=(StepSeen(at, "shipping-address"),),
        search=Search(at, "tent", 3),
        payment_failure=Failure(at, "declined"),
    )


def fires(variable: str, purpose: str, level: ConsentLevel, page: PageFacts | None = None) -> bool:
    """Return whether a live rule on ``variable`` is answered with its widget; a rule that cannot be written never is."""
    for model in (Decision, Assignment, Visitor):
        model.objects.all().delete()
    Rule.objects.update(status="paused")
    Engagement.objects.get_or_create(slug="help", defaults={"widget": "balloon", "title": "Help"})
    try:
        publish_rule(variable, purpose)
    except InvalidRuleError:
        return False
    client = shopper(level.name.lower())
    now = timezone.now()
    visitor = Visitor.objects.create(consent=level, created_at=now, last_seen_at=now)
    Visit.objects.create(visitor=visitor, started_at=now, last_at=now, state=to_json(everything()))
    response = HttpResponse()
    write_visitor_cookie(response, visitor.key, secure=False)
    client.cookies[COOKIE_NAME] = response.cookies[COOKIE_NAME].value
    facts = page or PageFacts(kind="checkout", product_id=5, category_id=3, step="shipping-address")
    return b"engage-balloon" in send(client, body(signal(), page=facts)).content


def publish_rule(variable: str, purpose: str) -> None:
    asks = {"field": variable, "operator": "notNull"}
    shows = [{"do": "show.balloon", "with": {"engagement": "help"}}]
    document = {"schema": 1, "branches": [{"when": {"combinator": "and", "rules": [asks]}, "then": shows}], "unknown": "skip"}
    rule, now, known = Rule.objects.create(name="Help", purpose=purpose, holdout_share=0), timezone.now(), {"help": "balloon"}
    save_draft(rule, document, user=None, now=now, engagements=known)
    publish(rule, user=None, now=now, engagements=known)
    forget_live_rules()


def is_known(variable: Variable, level: ConsentLevel) -> bool:
    page = PageFacts(kind="checkout", product_id=5, category_id=3, step="shipping-address")
    return variable.read(make_moment(everything(), page=page, consent=level)) is not UNKNOWN


@pytest.mark.parametrize("level", ConsentLevel, ids=lambda level: level.name.lower())
@pytest.mark.parametrize("thing", list(things()), ids=lambda thing: thing.name)
def test_level__each_signal_variable_and_page__does_what_the_table_says(thing: Thing, level: ConsentLevel) -> None:
    assert thing.observed(level) == thing.expected(level)
