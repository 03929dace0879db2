"""What a beat survives: a shop, a variable, a table of ours that fails. What is not known is unknown, and the rest goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oscar_engage.models import Engagement, KeptValue, Rule, SignalRecord
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.live import forget_live_rules
from oscar_engage.rules.turns import _TURNS, turns_at
from oscar_engage.rules.types import Boolean, Integer
from oscar_engage.rules.variables import CHEAP, COSTLY, VARIABLES, variable
from oscar_engage.visitors.page import PageFacts
from tests.storefront.beats import body, known_shopper, send, signal

pytestmark = pytest.mark.django_db
PAGE = PageFacts(kind="product", product_id=5)


@pytest.fixture(autouse=True)
def _shop(settings: Any) -> Iterator[None]:
    settings.OSCAR_ENGAGE = {
        "CONSENT": "tests.consent.consent_from_cookie",
        "SHOP_HOLDOUT": 0,
        "QUIET_SECONDS": 0,
        "OFFERS_PER_VISIT": 9,
        "SHOP": "tests.storefront.test_failing_sources.BrokenShop",
    }
    Engagement.objects.create(slug="help", widget="balloon", title="Help")
    variables, turns = dict(VARIABLES._entries), dict(_TURNS)
    yield
    VARIABLES._entries = variables
    _TURNS.clear()
    _TURNS.update(turns)


def ask_a_table_that_is_not_there(*_whom: Any, **_what: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nothing_of_that_name")


class BrokenShop:
    """A shop whose tables are gone, answered by somebody who never heard of savepoints."""

    product = categories = categories_of = customer = country = staticmethod(ask_a_table_that_is_not_there)


class BrokenDesk:
    """A desk of the shop's own, whose table is gone."""

    free_agents = staticmethod(ask_a_table_that_is_not_there)


class OddDesk:
    """A desk that answers with no number."""

    def free_agents(self, *, now: Any) -> Any:
        return "many"


class OddShop:
    """A shop that answers with anything but what it was asked for."""

    def product(self, product_id: int) -> Any:
        return ["boots"]

    def categories(self, **asked: Any) -> Any:
        return [None, 7]

    def categories_of(self, product_ids: Any) -> Any:
        return "none"

    def customer(self, customer_id: int) -> Any:
        return {"orders": "many"}

    def country(self, customer_id: int) -> Any:
        return object()


@contextmanager
def refusing(words: str) -> Iterator[None]:
    """Have the database itself refuse every statement with these words in it."""

    def refuse(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if words in str(sql):
            return execute("SELECT 1 FROM nothing_of_that_name", None, False, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def make_rule(*rules: dict[str, Any], do: str = "show.balloon", engagement: str = "help") -> Rule:
    then = [{"do": do, "with": {"engagement": engagement}}]
    when = {"combinator": "and", "rules": list(rules)}
    rule = Rule.objects.create(name="Help", holdout_share=0)
    now, known = timezone.now(), {"help": "balloon", "chat": "invitation"}
    save_draft(rule, {"schema": 1, "branches": [{"when": when, "then": then}]}, user=None, now=now, engagements=known)
    publish(rule, user=None, now=now, engagements=known)
    forget_live_rules()
    return rule


def asks(field: str, operator: str, value: Any, **params: Any) -> dict[str, Any]:
    return {"field": field, **({"with": params} if params else {}), "operator": operator, "value": value}


def is_offered() -> bool:
    """Return whether a beat on a product's page offers something; it is written down in any case."""
    client = known_shopper()
    before = SignalRecord.objects.count()
    response = send(client, body(signal(), page=PAGE))
    assert SignalRecord.objects.count() > before
    return b"engage-balloon" in response.content


@pytest.mark.parametrize("cost", [CHEAP, COSTLY])
def test_beat__variable_of_the_shop_whose_query_fails__goes_on_without_it(cost: int) -> None:
    variable("test.asked", type=Integer(), label="asked", group="Test", cost=cost)(ask_a_table_that_is_not_there)
    make_rule(asks("test.asked", ">", 3))
    make_rule(asks("page.kind", "=", "product"))
    assert is_offered()


@pytest.mark.parametrize("field", ["page.stock", "visitor.country", "basket.categories"])
def test_beat__shop_whose_queries_fail__goes_on_without_it(field: str) -> None:
    make_rule({"field": field, "operator": "notNull"})
    make_rule(asks("page.kind", "=", "product"))
    assert is_offered()


def test_beat__category_of_earlier_pages_not_to_be_read__goes_on_without_it() -> None:
    make_rule(asks("history.count", ">=", 1, kind="product.viewed", category=1, days=7))
    make_rule(asks("page.kind", "=", "product"))
    assert is_offered()


def test_beat__values_kept_that_cannot_be_read__goes_on_without_them() -> None:
    options: dict[str, Any] = {"cost": COSTLY, "ttl": 60, "personal": True}
    variable("test.kept", type=Integer(), label="kept", group="Test", **options)(lambda whom: 3)
    make_rule(asks("test.kept", ">", 1))
    make_rule(asks("page.kind", "=", "product"))
    with refusing("keptvalue"):
        assert is_offered()


def test_beat__questions_that_cannot_be_counted__goes_on_without_them() -> None:
    make_rule(asks("visitor.questions", ">=", 0))
    make_rule(asks("page.kind", "=", "product"))
    with refusing('AS "asked"'):
        assert is_offered()


@pytest.mark.parametrize("desk", ["BrokenDesk", "OddDesk"])
def test_beat__desk_that_fails__offers_what_needs_no_agent(settings: Any, desk: str) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "AVAILABILITY": f"tests.storefront.test_failing_sources.{desk}"}
    Engagement.objects.create(slug="chat", widget="invitation", title="Chat")
    make_rule(asks("page.kind", "=", "product"), do="invite.chat", engagement="chat")
    make_rule({"field": "desk.free_agents", "operator": "null"}, asks("page.kind", "=", "product"))
    assert is_offered()


def test_beat__turns_of_the_shop_that_fail__goes_on_without_them() -> None:
    variable("test.sale", type=Boolean(), label="sale", group="Test")(lambda moment: False)
    turns_at("test.sale", ask_a_table_that_is_not_there)
    make_rule(asks("test.sale", "=", True))
    make_rule(asks("page.kind", "=", "product"))
    assert is_offered()


@pytest.mark.parametrize(
    "asked",
    [
        asks("page.stock", "<", 3),
        asks("page.categories", "contains", "boots"),
        asks("history.count", ">=", 1, kind="product.viewed", category=1, days=7),
        {"field": "page.price", "operator": "notNull"},
        {"field": "visitor.country", "operator": "notNull"},
    ],
)
def test_beat__shop_that_answers_with_anything__goes_on_without_it(settings: Any, asked: dict[str, Any]) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "SHOP": "tests.storefront.test_failing_sources.OddShop"}
    make_rule(asked)
    make_rule(asks("page.kind", "=", "product"))
    assert is_offered()


@pytest.mark.parametrize("value", [{"a": 1}, [[1]], "many", 1.5, True])
def test_beat__kept_value_that_is_none__goes_on_without_it(value: Any) -> None:
    options: dict[str, Any] = {"cost": COSTLY, "ttl": 60, "personal": True}
    variable("test.kept", type=Integer(), label="kept", group="Test", **options)(lambda whom: 3)
    make_rule(asks("test.kept", "<", 1))
    client = known_shopper()
    KeptValue.objects.update(value=value, told_at=timezone.now())
    assert KeptValue.objects.count() == 1
    make_rule(asks("page.kind", "=", "product"))
    assert b"engage-balloon" in send(client, body(signal(), page=PAGE)).content


@pytest.mark.parametrize("turns", [None, 7, ["soon"], [-5.0, float("nan")], [float("inf")]])
def test_beat__turns_that_are_none__goes_on_without_them(turns: Any) -> None:
    variable("test.sale", type=Boolean(), label="sale", group="Test")(lambda moment: False)
    turns_at("test.sale", lambda moment, span: turns)
    make_rule(asks("test.sale", "=", True))
    make_rule(asks("page.kind", "=", "product"))
    assert is_offered()


KEYED = [
    asks("history.count", ">", 90, kind="product.viewed", days=7),
    asks("history.visits", ">", 90, kind="page.viewed", days=30),
    asks("history.seconds_since", "<", 0, kind="search.made"),
]


@pytest.mark.parametrize("number", [1, 3])
def test_beat__rules_on_keys__ask_once_and_not_at_all_where_something_cheap_decides(number: int) -> None:
    def queries() -> int:
        client = known_shopper()
        send(client, body(signal(), page=PAGE))
        with CaptureQueriesContext(connection) as captured:
            send(client, body(signal(), page=PAGE))
        return len(captured)

    make_rule(asks("visit.pages", ">", 99))
    without = queries()
    for keyed in KEYED[:number]:
        make_rule(keyed, asks("visit.pages", ">", 99))
    assert queries() == without
    for keyed in KEYED[:number]:
        make_rule(keyed)
    assert queries() == without + 3  # the log, in a savepoint
