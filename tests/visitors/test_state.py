"""A visit's state: the same whatever the order, and what is read from it."""

import uuid
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.signals import shipped, shipped_baskets, shipped_help, shipped_visits
from oscar_engage.signals import shipped_struggles as struggles
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors import fold_struggles
from oscar_engage.visitors.fold import _changes, fold
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.self_help import SEARCHED, STARTED, left_open, still_open
from oscar_engage.visitors.state import Struggles, VisitState, begin, from_json, from_ms, to_json, to_ms

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PRODUCT, OTHER_PRODUCT = PageFacts(kind="product", product_id=5), PageFacts(kind="product", product_id=6)
CATEGORY, SEARCH = PageFacts(kind="category", category_id=2), PageFacts(kind="search")
Told = tuple[Payload, PageFacts]

PAYLOADS: list[Payload] = [
    shipped.PageViewed(),
    shipped.ProductViewed(product_id=5),
    shipped.ProductViewed(product_id=6),
    shipped.ProductUnavailable(product_id=5),
    shipped.WishlistAdded(product_id=5),
    shipped.StockAlertRequested(product_id=5),
    shipped.SearchMade(query="boots", results=3),
    shipped.SearchMade(query="boats", results=0),
    shipped.LineAdded(product_id=5, basket_id=1),
    shipped.LineChanged(product_id=5, quantity=2),
    shipped.LineRemoved(product_id=5),
    shipped.LineRefused(),
    shipped.BasketMeasured(basket_id=1, total=10, currency="GBP", lines=1, quantity=1),
    shipped.BasketMeasured(basket_id=2, total=20, currency="GBP", lines=2, quantity=2),
    shipped.BasketMeasured(basket_id=2, total=0, currency="GBP"),
    shipped.VoucherRefused(),
    shipped.CheckoutStarted(),
    shipped.CheckoutStep(step="shipping-address"),
    shipped.CheckoutStep(step="payment-details"),
    shipped.CheckoutStep(step="a-shops-own"),
    shipped.CheckoutRefused(step="index"),
    shipped.FormInvalid(form="a", fields=("phone",)),
    shipped.FormInvalid(form="a", fields=("line1", "phone")),
    shipped.PaymentTried(),
    shipped.PaymentRedirected(),
    shipped.PaymentFailed(reason="declined"),
    shipped.PaymentFailed(),
    shipped.PaymentLost(basket_id=1),
    shipped.OrderPlaced(order_id=1),
    shipped.LoginFailed(),
    shipped.LoginSucceeded(),
    shipped.ExitIntent(),
    shipped.PageHidden(seconds=3),
    shipped.PageIdle(seconds=30),
    shipped.AboutToAbandon(stage="basket", because="idle"),
    shipped.AboutToAbandon(stage="checkout", because="exit_intent"),
    shipped.CameBack(basket_id=1),
    shipped_baskets.BasketChecked(basket_id=1),
    shipped_baskets.BasketChecked(basket_id=1, prices=(shipped_baskets.PriceMove(1, 5, 10, 12, "GBP"),)),
    shipped_baskets.BasketChecked(basket_id=2, shortages=(shipped_baskets.Shortage(2, 6, "sold_out"),)),
    shipped_help.HelpSearched(query="size", results=2),
    shipped_help.HelpSearched(query="seize"),
    shipped_help.HelpOpened(article="sizes"),
    shipped_help.HelpOpened(),
    shipped_help.HelpRated(helpful=True),
    shipped_help.HelpRated(helpful=False, article="sizes"),
    shipped_help.ContactOpened(form="note"),
    shipped_help.ToolStarted(tool="sizer"),
    shipped_help.ToolStarted(tool="returns"),
    shipped_help.ToolFinished(tool="sizer"),
    shipped.LoginEnded(),
    shipped_visits.CustomerRecognised(),
    shipped_visits.VisitBegan(host="example.org", device="phone", page="home"),
    shipped_visits.VisitBegan(source="newsletter", medium="email", campaign="spring"),
    shipped_visits.ShippingTold(country="GB"),
    shipped_visits.ShippingTold(country="IE", methods=2, cheapest=4.95, currency="GBP"),
    shipped_visits.ShippingTold(methods=0),
    shipped.FormInvalid(form="b", fields=tuple(f"field{number}" for number in range(25))),
    shipped.BasketMeasured(
        basket_id=2, total=20, currency="GBP", lines=2, quantity=2, saved=5, voucher=True, variants=True, products=(5, 6)
    ),
    shipped.BasketMeasured(basket_id=2, total=20, currency="GBP", lines=2, quantity=2, filled_at=1000),
    struggles.RageClicked(place="price"),
    struggles.DeadClicked(),
    *(struggles.FieldHesitated(name=f"line{number}", seconds=4) for number in range(25)),
    struggles.FieldHesitated(),
    struggles.FieldLeft(name="phone_number", seconds=12.5, edits=3, returns=2, empty=True, invalid=True),
    struggles.FieldLeft(name="line1", seconds=7),
    struggles.PointerThrashed(),
    struggles.PageScrolled(deepest=50),
    struggles.PageScrolled(deepest=100),
    struggles.PageSought(),
    struggles.TextCopied(length=6, price=True),
    struggles.TextCopied(length=40),
    struggles.OptionToggled(name="child_id", times=4),
    struggles.ScriptFailed(count=3),
]
PAGES = [
    PageFacts(),
    PageFacts(kind="help"),
    PRODUCT,
    OTHER_PRODUCT,
    CATEGORY,
    SEARCH,
    PageFacts(kind="checkout", step="preview"),
]


def told(payload: Payload, second: float, page: PageFacts = PRODUCT) -> tuple[Signal, PageFacts]:
    return Signal(kind="x", payload=payload, at=NOW + timedelta(seconds=second), event_id=uuid.uuid4()), page


def state_after(*signals: tuple[Signal, PageFacts]) -> VisitState:
    return reduce(lambda state, given: fold(state, *given), signals, begin(NOW))


def opened(*pages: tuple[float, PageFacts]) -> VisitState:
    return state_after(*(told(shipped.PageViewed(), second, page) for second, page in pages))


def stepped(*steps: str) -> VisitState:
    return state_after(*(told(shipped.CheckoutStep(step=step), second) for second, step in enumerate(steps)))


def read_from(state: VisitState) -> tuple[Any, ...]:
    """Return what detectors and variables work out from a state."""
    left = [left_open(state.help, state.pages_seen, what) for what in (SEARCHED, STARTED)]
    return (*left, still_open(state.help, state.pages_seen), state.help.is_bypassed, state.quick_backs, state.back_steps)


STORIES = st.lists(st.tuples(st.sampled_from(PAYLOADS), st.integers(0, 60), st.sampled_from(PAGES)), max_size=60)


@given(story=STORIES, data=st.data())
def test_fold__any_order_of_the_same_signals__gives_the_same_state(story: list[Any], data: st.DataObject) -> None:
    signals = [told(payload, second, page) for payload, second, page in story]

    one, other = state_after(*data.draw(st.permutations(signals))), state_after(*signals)

    assert one == other
    assert read_from(one) == read_from(other)


@given(story=STORIES)
def test_to_json__any_state__is_read_back_the_same(story: list[Any]) -> None:
    state = state_after(*(told(payload, second, page) for payload, second, page in story))

    assert from_json(to_json(state)) == state


def test_every_kind_the_fold_knows__is_in_the_property_test() -> None:
    known = set(_changes.registry) | set(fold_struggles._changes.registry)
    assert known - {object, Payload} <= {type(payload) for payload in PAYLOADS}


def test_struggles__of_a_visit__are_summed_up() -> None:
    state = state_after(*(told(payload, second) for second, payload in enumerate(PAYLOADS)))

    assert state.struggles == Struggles(
        rage_clicks=1,
        dead_clicks=1,
        hesitations=26,
        hesitated_fields=tuple(sorted(f"line{number}" for number in range(25))[:20]),
        field_seconds=12.5,
        field_returns=2,
        fields_left_empty=1,
        fields_invalid=1,
        thrashes=1,
        deepest_scroll=100,
        seekings=1,
        copies=2,
        prices_copied=1,
        options_toggled=1,
        script_errors=3,
    )


def test_page_seen__none_yet__is_unknown() -> None:
    state = begin(NOW)

    assert (state.page_kind, state.page_since, state.checkout_step, state.checkout_since) == ("", None, "", None)


def test_products__looked_at__are_in_the_order_of_their_times() -> None:
    state = state_after(told(shipped.ProductViewed(product_id=6), 2), told(shipped.ProductViewed(product_id=5), 1))

    assert state.products == (5, 6)


def test_trail__more_than_is_remembered__keeps_the_latest() -> None:
    state = opened(*((second, PageFacts(kind="product", product_id=second)) for second in range(50)))

    assert state.pages == 50
    assert state.page_since == NOW + timedelta(seconds=49)
    assert len(state.pages_seen) == 12


@pytest.mark.parametrize(
    ("story", "stage"),
    [
        ([], "browsing"),
        ([shipped.ProductViewed(product_id=5)], "product"),
        ([shipped.LineAdded(product_id=5), shipped.ProductViewed(product_id=5)], "basket"),
        ([shipped.BasketMeasured(basket_id=1, lines=1, total=9)], "basket"),
        ([shipped.BasketMeasured(basket_id=1, total=0)], "browsing"),
        ([shipped.LineAdded(product_id=5), shipped.CheckoutStep(step="index")], "checkout"),
        ([shipped.CheckoutStep(step="preview")], "payment"),
        ([shipped.CheckoutStep(step="preview"), shipped.OrderPlaced(order_id=1)], "ordered"),
        ([shipped.OrderPlaced(order_id=1), shipped.ProductViewed(product_id=5)], "ordered"),
        ([shipped.OrderPlaced(order_id=1), shipped.LineAdded(product_id=5)], "basket"),
    ],
)
def test_stage__of_a_story__is_how_far_it_came(story: list[Payload], stage: str) -> None:
    assert state_after(*(told(payload, second) for second, payload in enumerate(story, 1))).stage == stage


@pytest.mark.parametrize(
    ("story", "pages"),
    [
        ([], 1),
        ([shipped.PageViewed(), shipped.PageViewed()], 2),
        ([shipped.PageViewed(), shipped.ProductViewed(product_id=5), shipped.PageViewed()], 1),
        ([shipped.ProductViewed(product_id=5), shipped.PageViewed(), *PAYLOADS[1:3], shipped.PageViewed()], 2),
        ([shipped.PageViewed(), shipped.LineAdded(product_id=5)], 1),
        ([shipped.CheckoutStep(step="payment-details"), shipped.CheckoutStep(step="preview"), shipped.PageViewed()], 3),
        ([shipped.CheckoutStep(step="index"), shipped.PageViewed(), shipped.CheckoutStep(step="preview")], 1),
        ([shipped.LineAdded(product_id=5), shipped.PageViewed(), shipped.OrderPlaced(order_id=1), shipped.PageViewed()], 1),
        ([shipped.PageViewed()] * 50, 12),
    ],
    ids=["none", "browsing", "moved on", "again", "at once", "paying", "to payment", "since the order", "remembered"],
)
def test_stage_pages__of_a_story__are_those_since_the_stage_was_reached(story: list[Payload], pages: int) -> None:
    assert state_after(*(told(payload, second) for second, payload in enumerate(story, 1))).stage_pages == pages


def test_basket__after_the_order__is_empty() -> None:
    state = state_after(
        told(shipped.BasketMeasured(basket_id=1, total=10, lines=1), 1), told(shipped.OrderPlaced(order_id=1), 2)
    )

    assert (state.basket.basket_id, state.basket.lines, state.orders) == (None, 0, 1)


def test_checkout_since__a_second_order_in_the_visit__counts_from_the_second_checkout() -> None:
    state = state_after(
        told(shipped.CheckoutStep(step="index"), 1),
        told(shipped.OrderPlaced(order_id=1), 2),
        told(shipped.CheckoutStep(step="index"), 5),
        told(shipped.CheckoutStep(step="preview"), 9),
    )

    assert state.checkout_since == NOW + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("steps", "times"),
    [
        (["index", "shipping-address", "preview"], 0),
        (["shipping-address", "shipping-method", "shipping-address"], 1),
        (["preview", "shipping-method", "shipping-address"], 2),
        (["preview", "a-shops-own", "preview"], 0),
    ],
)
def test_back_steps__through_the_checkout__counts_those_that_go_back(steps: list[str], times: int) -> None:
    assert stepped(*steps).back_steps == times


@pytest.mark.parametrize(
    ("trail", "times"),
    [
        ([(0, CATEGORY), (1, PRODUCT), (5, CATEGORY)], 1),
        ([(0, CATEGORY), (1, PRODUCT), (11, CATEGORY)], 0),
        ([(0, CATEGORY), (1, PRODUCT), (5, SEARCH)], 0),
        ([(0, SEARCH), (1, PRODUCT), (5, SEARCH), (6, OTHER_PRODUCT), (8, SEARCH)], 2),
        ([(0, PRODUCT), (1, PRODUCT), (2, PRODUCT)], 0),
        ([(0, PageFacts()), (1, PRODUCT), (2, PageFacts())], 0),
    ],
    ids=["back", "after a while", "elsewhere", "two", "reloads", "unlike pages of one kind"],
)
def test_quick_backs__of_a_trail__counts_returns_within_ten_seconds(trail: list[Any], times: int) -> None:
    assert opened(*trail).quick_backs == times


@pytest.mark.parametrize(
    ("then", "is_away"),
    [
        (None, True),
        (shipped.PageIdle(seconds=30), True),
        (shipped.CheckoutStep(step="payment-details"), False),
        (shipped.PaymentFailed(), False),
        (shipped.OrderPlaced(order_id=1), False),
        (shipped.PaymentLost(basket_id=1), False),
    ],
)
def test_is_away_paying__after_the_redirect__until_the_checkout_is_heard_of(then: Payload | None, is_away: bool) -> None:
    story = [shipped.CheckoutStep(step="preview"), shipped.PaymentRedirected(), *([then] if then else [])]

    assert state_after(*(told(payload, second) for second, payload in enumerate(story))).is_away_paying is is_away


def test_from_ms__of_to_ms__is_the_time() -> None:
    assert from_ms(to_ms(NOW)) == NOW
