"""The table of consent, cell by cell: for each signal, variable and page, at each level, what is stored and what may fire?

| level | stored | may fire |
|---|---|---|
| none | nothing | nothing on our initiative |
| functional | the current visit | service rules, on facts of the current page |
| statistics | + the log of signals, arms and refusals | as functional |
| personalisation | + the customer | every rule |
"""

import csv
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch, get_resolver
from django.utils import timezone

from oscar_engage.analytics.exits.curve import Count
from oscar_engage.analytics.exits.kept import FILL_STATE, add_counts
from oscar_engage.analytics.exits.risk import forget_risks
from oscar_engage.desk.models import Agent, ConversationKind, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.ratings.give import rate
from oscar_engage.models import (
    Assignment,
    Decision,
    Engagement,
    FillState,
    Rule,
    SignalRecord,
    Survey,
    SurveyAnswer,
    Visit,
    Visitor,
    VisitorBasket,
)
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.foretold import Foretold
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.models import RulePurpose
from oscar_engage.rules.validate import InvalidRuleError
from oscar_engage.rules.variables import VARIABLES, Variable
from oscar_engage.rules.with_json import clean_with
from oscar_engage.signals.buffer import bind, release
from oscar_engage.signals.kinds import KINDS, SignalKind
from oscar_engage.storefront.flush import flush
from oscar_engage.storefront.pages import get_page_facts, is_payment_page
from oscar_engage.storefront.snippet import build_snippet
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import (
    Arrival,
    BasketState,
    Failure,
    PageSeen,
    Search,
    Shipping,
    StepSeen,
    TotalSeen,
    VisitState,
    to_json,
    to_ms,
)
from oscar_engage.visitors.token import COOKIE_NAME, write_visitor_cookie
from tests.known_shop import all_answers
from tests.learning.registry.speaking import models_that_speak
from tests.rules.moments import make_moment, make_past
from tests.storefront.beats import body, send, shopper, signal

pytestmark = pytest.mark.django_db
NONE, FUNCTIONAL, STATISTICS, PERSONALISATION = ConsentLevel
PRODUCT, CATEGORY = 5, 3
ROWS = list(csv.DictReader(Path(__file__).with_name("expected_levels.csv").read_text(encoding="utf-8").splitlines()))
"""The checked-in table: for each signal, variable and page, which row of the table of consent it belongs to.

A signal is a ``browser``'s, a ``server``'s, or a server's that names a ``basket``. A variable says something about the
``page``, the ``visit`` or the visitor's ``history``. A page is a ``page``, or one of ``payment``.
"""


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
    build = {"signal": of_signal, "variable": of_variable, "page": of_page}
    for row in ROWS:
        yield build[row["thing"]](row["name"], row["row"])


@pytest.fixture(autouse=True)
def _shop(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {
        "CONSENT": "tests.consent.consent_from_cookie",
        "SHOP_HOLDOUT": 0,
        "QUIET_SECONDS": 0,
        "SHOP": "tests.known_shop.KnownShop",
        "OPENING_HOURS": {"mon-sun": "0:00-24:00"},
        "FREE_SHIPPING_FROM": {"GBP": "75.00"},
    }


@pytest.fixture(autouse=True)
def _learnt() -> Iterator[None]:
    """Have enough visits counted that the risk of leaving is known, and models speak."""
    forget_risks()
    add_counts({timezone.now().date(): {("browsing", 1, 0): Count(50, 50)}})
    FillState.objects.create(name=FILL_STATE, position=1, filled_at=timezone.now())
    with models_that_speak():
        yield
    forget_risks()


def of_signal(name: str, row: str) -> Thing:
    return of_browser(KINDS.get(name)) if row == "browser" else of_server(KINDS.get(name), names_a_basket=row == "basket")


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


def of_server(kind: SignalKind, *, names_a_basket: bool) -> Thing:
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


def of_variable(name: str, row: str) -> Thing:
    """A rule that asks one thing: whether the variable is known, written for sales and, if that may be, for service."""

    def observe(level: ConsentLevel) -> Cell:
        variable, sales = VARIABLES.get(name), fires(name, RulePurpose.SALES, level)
        refusal, arm = Decision.objects.filter(reason="no_consent").exists(), Assignment.objects.exists()
        return Cell(
            known=is_known(variable, level),
            sales=sales,
            service=fires(name, RulePurpose.SERVICE, level),
            refusal=refusal,
            arm=arm,
        )

    return Thing(
        f"variable {name}",
        lambda level: Cell(
            known=row != "history" or level >= PERSONALISATION,
            sales=level >= PERSONALISATION,
            service=row == "page" and level >= FUNCTIONAL,
            refusal=level == STATISTICS and row != "history",
            arm=level >= PERSONALISATION,
        ),
        observe,
    )


def of_page(name: str, row: str) -> Thing:
    """A page of the shop: the tags it carries, and whether a rule may fire on it."""

    def observe(level: ConsentLevel) -> Cell:
        return Cell(
            script="<script" in build_snippet(facts, payment=facts.is_payment()),
            sales=fires("page.kind", RulePurpose.SALES, level, facts),
            service=fires("page.kind", RulePurpose.SERVICE, level, facts),
        )

    facts, pays = facts_of(name), row == "payment"
    return Thing(
        f"page {name}",
        lambda level: Cell(
            script=not pays, sales=level >= PERSONALISATION and not pays, service=level >= FUNCTIONAL and not pays
        ),
        observe,
    )


PARAMETERS: dict[str, dict[str, Any]] = {
    "history.count": {"kind": "search.made", "days": 7},
    "history.visits": {"kind": "search.made", "days": 7},
    "history.seconds_since": {"kind": "search.made"},
    "history.sequence": {"first": "search.made", "then": "product.viewed"},
}
"""What the variables are asked that cannot be asked by their name alone."""

SAID = Foretold(propensity=0.1, exit=0.2, uplift=0.01, lead="hot")
"""What a model may say."""

NEWS = {"basket.checked": {"shortages": [(1, 7, "sold_out")]}, "checkout.shipping": {"country": "GB"}}
"""Data without which a kind says nothing new, and so is not kept at any level."""


def facts_of(name: str) -> PageFacts:
    """Return the facts of a page by its name in the table: its kind, in the checkout with the step."""
    kind, _, step = name.partition("/")
    return PageFacts(
        kind=kind,
        step=step,
        product_id=PRODUCT if kind == "product" else None,
        category_id=CATEGORY if kind == "category" else None,
    )


def sample(kind: SignalKind) -> dict[str, Any]:
    """Return data that fits the kind: every field but the optional ones that are no basket's."""
    fields = msgspec.inspect.type_info(kind.payload).fields
    wanted = [field for field in fields if field.required or field.name == "basket_id"]
    return {**{field.name: value_of(field.type) for field in wanted}, **NEWS.get(kind.name, {})}


def value_of(described: Any) -> Any:
    if isinstance(described, msgspec.inspect.StrType):
        return str(uuid.UUID(int=7))
    if isinstance(described, msgspec.inspect.LiteralType):
        return described.values[0]
    return True if isinstance(described, msgspec.inspect.BoolType) else 7


def request_of(visitor: Visitor, level: ConsentLevel, user: Any) -> Any:
    request, cookies = RequestFactory().get("/"), HttpResponse()
    write_visitor_cookie(cookies, visitor.key, secure=False)
    request.COOKIES |= {COOKIE_NAME: cookies.cookies[COOKIE_NAME].value, "consent": level.name.lower()}
    request.user, request.resolver_match = user, None
    return request


def everything() -> VisitState:
    """Return a visit in which there is something to know about every variable."""
    now = timezone.now()
    at = to_ms(now)
    basket = BasketState(
        basket_id=7, total=20, currency="GBP", lines=1, quantity=1, products=(5,), filled_at=at, changed_at=now
    )
    return VisitState(
        started_at=now,
        last_at=now,
        previous_at=at,
        arrival=Arrival(at, campaign="spring", device="phone", page="home", language="en"),
        shipping=Shipping(at, methods=2, cheapest=4.95, currency="GBP"),
        basket=basket,
        pages_seen=(PageSeen(at, "checkout"),),
        steps_seen=(StepSeen(at, "shipping-address"),),
        totals_seen=(TotalSeen(at, 7, "GBP", 20, 1, 1),),
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
    customer = 7 if level >= PERSONALISATION else None
    visitor = Visitor.objects.create(consent=level, customer_id=customer, created_at=now, last_seen_at=now)
    Visit.objects.create(visitor=visitor, started_at=now, last_at=now, state=to_json(everything()))
    response = HttpResponse()
    write_visitor_cookie(response, visitor.key, secure=False)
    client.cookies[COOKIE_NAME] = response.cookies[COOKIE_NAME].value
    has_asked(visitor)
    facts = page or PageFacts(kind="checkout", product_id=PRODUCT, category_id=CATEGORY, step="shipping-address")
    return b"engage-balloon" in send(client, body(signal(), page=facts)).content


def has_asked(visitor: Visitor) -> None:
    """Have an agent there who has answered the visitor, and been rated; and a survey that the visitor answered."""
    now, (user, _is_new) = timezone.now(), get_user_model().objects.get_or_create(username="mia")
    agent, _is_new = Agent.objects.get_or_create(user=user, display_name="Mia")
    set_presence(agent, "online", now=now)
    note = open_conversation(ConversationKind.NOTE, visitor_id=visitor.pk, body="Is it green?", now=now)
    post_message(note, role=Role.AGENT, agent=agent, body="Yes", client_id=uuid.uuid4(), now=now)
    rate(note, score=4, now=now)
    survey, _is_new = Survey.objects.get_or_create(engagement=Engagement.objects.get(slug="help"))
    answered: dict[str, Any] = {"choice": "price", "visitor_id": visitor.pk, "at": now}
    SurveyAnswer.objects.create(survey=survey, decision_id=uuid.uuid4(), **answered)


def publish_rule(variable: str, purpose: str) -> None:
    asks = {"field": variable, "with": PARAMETERS.get(variable, {}), "operator": "notNull"}
    shows = [{"do": "show.balloon", "with": {"engagement": "help"}}]
    document = {"schema": 1, "branches": [{"when": {"combinator": "and", "rules": [asks]}, "then": shows}], "unknown": "skip"}
    rule, now, known = Rule.objects.create(name="Help", purpose=purpose, holdout_share=0), timezone.now(), {"help": "balloon"}
    save_draft(rule, document, user=None, now=now, engagements=known)
    publish(rule, user=None, now=now, engagements=known)
    forget_live_rules()


def is_known(variable: Variable, level: ConsentLevel) -> bool:
    page = PageFacts(kind="checkout", product_id=PRODUCT, category_id=CATEGORY, step="shipping-address")
    moment = make_moment(everything(), page=page, consent=level, past=make_past, answers=all_answers(), foretold=lambda: SAID)
    return variable.read(moment, clean_with(variable, PARAMETERS.get(variable.name), "")[0]) is not UNKNOWN


@pytest.mark.parametrize("level", ConsentLevel, ids=lambda level: level.name.lower())
@pytest.mark.parametrize("thing", list(things()), ids=lambda thing: thing.name)
def test_level__each_signal_variable_and_page__does_what_the_table_says(thing: Thing, level: ConsentLevel) -> None:
    assert thing.observed(level) == thing.expected(level)


def test_table__every_registered_signal_and_variable__has_a_row() -> None:
    ours = {("signal", kind.name) for kind in KINDS if kind.payload.__module__.startswith("oscar_engage.")}
    ours |= {("variable", one.name) for one in VARIABLES if one.reading.__module__.startswith("oscar_engage.")}
    table = {(row["thing"], row["name"]) for row in ROWS if row["thing"] != "page"}

    assert ours - table == set(), "decide what each level allows, and add a row to expected_levels.csv"
    assert table - ours == set(), "a row for nothing"
    assert [(row["thing"], row["name"]) for row in ROWS if row["thing"] == "signal"] == sorted(
        (row["thing"], row["name"]) for row in ROWS if row["thing"] == "signal"
    )


def test_table__every_page_of_the_shop__has_a_row() -> None:
    table = {row["name"]: row["row"] for row in ROWS if row["thing"] == "page"}
    found = set()
    for match in views_of_the_shop():
        facts = get_page_facts(match)
        page = f"{facts.kind}/{facts.step}" if facts.step else facts.kind
        assert (table.get(page) == "payment") == is_payment_page(match), page
        found.add(page)

    assert found - set(table) == set(), "add a row to expected_levels.csv"
    assert set(table) - found == set(), "a row for no page"


def views_of_the_shop() -> Iterator[ResolverMatch]:
    """Give every address of the shop that has a name, as Django would resolve it; not those for staff."""
    return (match for match in _views(get_resolver(), (), {}) if not {"dashboard", "admin"} & set(match.namespaces))


def _views(level: Any, namespaces: tuple[str, ...], arguments: dict[str, Any]) -> Iterator[ResolverMatch]:
    for pattern in level.url_patterns:
        wanted = arguments | dict.fromkeys(pattern.pattern.regex.groupindex, "7")
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern, (*namespaces, pattern.namespace) if pattern.namespace else namespaces, wanted)
        elif pattern.name:
            yield ResolverMatch(pattern.callback, (), wanted, pattern.name, namespaces=list(namespaces))
