"""What a rule reads, and what it cannot know."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from oscar_engage.core.registry import DuplicateEntryError
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.parameters import bare_name
from oscar_engage.rules.types import Integer, Number
from oscar_engage.rules.variables import VARIABLES, Variable, clock_names, reading, reading_later, variable
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import Failure, Refusal, Search, StepSeen, Struggles, to_ms
from tests.rules.moments import NOW, make_basket, make_moment, make_past, make_state

SINCE, COUNT = "history.seconds_since?kind=search.made", "history.count?kind=search.made&days=7"

FULL = make_state(
    pages=4,
    reached={"basket": to_ms(NOW), "payment": to_ms(NOW)},
    abandoning=("payment",),
    came_back=True,
    product_views=2,
    searches=3,
    zero_result_searches=1,
    search=Search(to_ms(NOW), "boots", 4),
    exit_intents=1,
    tabs_away=2,
    basket=make_basket(total=99.99, filled_at=to_ms(NOW - timedelta(hours=2))),
    lines_removed=1,
    steps_seen=(
        StepSeen(to_ms(NOW - timedelta(seconds=40)), "payment-details"),
        StepSeen(to_ms(NOW - timedelta(seconds=20)), "shipping-method"),
    ),
    payments_lost=1,
    form_errors=2,
    form_refusal=Refusal(to_ms(NOW), ("phone",)),
    payment_failures=1,
    payment_failure=Failure(to_ms(NOW), "declined"),
    unavailable_views=2,
    wishlist_adds=4,
    stock_alerts=1,
    checkout_refusals=1,
    login_failures=3,
    struggles=Struggles(
        rage_clicks=1,
        dead_clicks=2,
        hesitations=3,
        hesitated_fields=("line1", "phone_number"),
        field_seconds=12.5,
        field_returns=4,
        fields_left_empty=5,
        fields_invalid=6,
        thrashes=7,
        deepest_scroll=75,
        seekings=8,
        copies=10,
        prices_copied=9,
        options_toggled=11,
        script_errors=12,
    ),
)
PAGE = PageFacts(kind="checkout", product_id=5, category_id=6, step="shipping-method")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page.kind", "checkout"),
        ("page.category", 6),
        ("page.product", 5),
        ("page.step", "shipping-method"),
        ("page.idle_seconds", 10.0),
        ("page.visible_seconds", 60.0),
        ("visit.pages", 4),
        ("visit.seconds", 100.0),
        ("visit.stage", "payment"),
        ("visit.product_views", 2),
        ("visit.searches", 3),
        ("visit.zero_result_searches", 1),
        ("visit.last_search", "boots"),
        ("visit.exit_intents", 1),
        ("visit.unavailable_views", 2),
        ("visit.wishlist_adds", 4),
        ("visit.stock_alerts", 1),
        ("visit.quick_backs", 0),
        ("visit.is_abandoning", True),
        ("visit.came_back", True),
        ("checkout.back_steps", 1),
        ("checkout.payments_lost", 1),
        ("visit.tabs_away", 2),
        ("basket.total", Money(Decimal("99.99"), "GBP")),
        ("basket.lines", 2),
        ("basket.quantity", 3),
        ("basket.seconds_since_change", 30.0),
        ("basket.lines_removed", 1),
        ("checkout.step", "shipping-method"),
        ("checkout.seconds", 40.0),
        ("checkout.form_errors", 2),
        ("checkout.error_fields", frozenset({"phone"})),
        ("checkout.payment_failures", 1),
        ("checkout.payment_reason", "declined"),
        ("checkout.refusals", 1),
        ("login.failures", 3),
        ("struggle.rage_clicks", 1),
        ("struggle.dead_clicks", 2),
        ("struggle.hesitations", 3),
        ("struggle.hesitated_fields", frozenset({"line1", "phone_number"})),
        ("struggle.field_seconds", 12.5),
        ("struggle.field_returns", 4),
        ("struggle.fields_left_empty", 5),
        ("struggle.fields_invalid", 6),
        ("struggle.pointer_thrashes", 7),
        ("struggle.deepest_scroll", 75),
        ("struggle.scroll_seekings", 8),
        ("struggle.copies", 10),
        ("struggle.prices_copied", 9),
        ("struggle.options_toggled", 11),
        ("struggle.script_errors", 12),
        ("visitor.visits", 2),
        ("visitor.is_customer", False),
        ("visitor.segment", "unscored"),
        ("desk.free_agents", 1),
    ],
)
def test_variable__everything_known__reads_its_value(name: str, value: Value) -> None:
    assert reading(make_moment(FULL, page=PAGE))(name) == value


@pytest.mark.parametrize(
    "name",
    [
        "page.category",
        "page.product",
        "page.step",
        "visit.last_search",
        "basket.total",
        "basket.lines",
        "basket.quantity",
        "basket.seconds_since_change",
        "checkout.step",
        "checkout.seconds",
        "checkout.payment_reason",
        "visitor.visits",
        "no.such.variable",
    ],
)
def test_variable__never_measured__is_unknown(name: str) -> None:
    assert reading(make_moment(page=PageFacts(), visits=None))(name) is UNKNOWN


def test_basket_total__currency_not_known__is_unknown() -> None:
    assert reading(make_moment(make_state(basket=make_basket(currency=""))))("basket.total") is UNKNOWN


@pytest.mark.parametrize("consent", [ConsentLevel.FUNCTIONAL, ConsentLevel.STATISTICS])
def test_variable__personal_below_personalisation__is_unknown(consent: ConsentLevel) -> None:
    read = reading(make_moment(consent=consent))
    assert read("visitor.visits") is UNKNOWN
    assert read("visitor.is_customer") is UNKNOWN


def test_clock_names__shipped__are_exactly_those_that_move_with_time() -> None:
    now = make_moment(FULL, page=PAGE, past=lambda: make_past(("search.made", 60)))
    later = now.later(5)
    moved = {name for name in VARIABLES.names() if reading(now)(name) != reading(later)(name)}
    moved |= {key for key in (SINCE, COUNT) if reading(now)(key) != reading(later)(key)}
    assert {bare_name(key) for key in moved} == clock_names()
    assert SINCE in clock_names()
    assert COUNT not in clock_names()
    assert all(reading(later)(name) == reading(now)(name) + 5 for name in moved)  # type: ignore[operator]  # clocks are floats


def test_reading__asked_twice__asks_the_source_once() -> None:
    asked: list[int] = []

    def free_agents() -> int:
        asked.append(1)
        return 2

    moment = make_moment(free_agents=free_agents)
    read = reading(moment)
    assert (read("desk.free_agents"), read("desk.free_agents")) == (2, 2)
    assert reading_later(moment, read)(10)("desk.free_agents") == 2
    assert len(asked) == 1


def test_variable__source_raises__is_unknown_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken(moment: Moment) -> Value:
        raise RuntimeError("no")

    entry = Variable(name="x.y", type=Number(), label="x", group="y", reading=broken)
    with caplog.at_level(logging.WARNING):
        assert entry.read(make_moment()) is UNKNOWN
    assert "x.y" in caplog.text


def test_variable__taken_name__is_refused() -> None:
    with pytest.raises(DuplicateEntryError):
        variable("page.kind", type=Integer(), label="x", group="y")(lambda moment: moment.state.pages)


@pytest.mark.parametrize(("raw", "value"), [(2, 2.0), ("2.5", 2.5)])
def test_number__clean__is_a_float(raw: Any, value: float) -> None:
    assert Number().clean(">", raw) == value
    assert Number().describe(value).startswith("2")


def test_desk_free_agents__skill_and_language__are_asked_for_together() -> None:
    asked: list[dict[str, object]] = []

    def free_agents(**what: object) -> int:
        asked.append(what)
        return 2

    moment = make_moment(free_agents=free_agents, page=PageFacts(kind="product", language="de"))
    read = reading(moment)
    for key in ("desk.free_agents", "desk.free_agents?skill=7", "desk.free_agents?skill=7&language=own"):
        assert read(key) == 2
    assert asked == [{}, {"skill": 7}, {"skill": 7, "language": "de"}]


def test_desk_free_agents__own_language_not_known__any_will_do() -> None:
    moment = make_moment(free_agents=lambda **what: len(what), page=PageFacts(kind="product"))
    assert reading(moment)("desk.free_agents?language=own") == 0
