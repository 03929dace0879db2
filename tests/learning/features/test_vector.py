"""A visit in numbers: the same whatever the order, exact through JSON, never anything that a model cannot take."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.schema import FEATURES, NAMES
from oscar_engage.learning.features.units import COUNT, SECONDS
from oscar_engage.learning.features.vector import count_signals, read_vector, retake, take_vector
from oscar_engage.signals import shipped, shipped_help, shipped_visits
from oscar_engage.signals import shipped_struggles as struggles
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import VisitState, begin, from_json, to_json
from tests.visitors.test_state import NOW, PAYLOADS, STORIES, opened, state_after, told

LATER = NOW + timedelta(minutes=5)
SECONDS_TOLD = st.floats(0, 90_000)
PAGE_KINDS = st.sampled_from(["home", "category", "product", "search", "basket", "checkout", "account", "help", "other", ""])


def instant(state: VisitState | None = None, **changes: Any) -> Instant:
    given = {"page": "home", "now": LATER, "idle_seconds": 0.0, "visible_seconds": 0.0, "is_known": True, **changes}
    return Instant(state=state or begin(NOW), **given)


def numbers(state: VisitState | None = None, **changes: Any) -> dict[str, float | None]:
    return dict(zip(NAMES, take_vector(instant(state, **changes)), strict=True))


@given(story=STORIES, data=st.data(), page=PAGE_KINDS, idle=SECONDS_TOLD)
def test_take_vector__any_order_of_the_same_signals__gives_the_same_numbers(
    story: list[Any], data: st.DataObject, page: str, idle: float
) -> None:
    signals = [told(payload, second, page) for payload, second, page in story]

    one, other = (state_after(*order) for order in (data.draw(st.permutations(signals)), signals))

    assert take_vector(instant(one, page=page, idle_seconds=idle)) == take_vector(instant(other, page=page, idle_seconds=idle))


@given(story=STORIES, page=PAGE_KINDS, idle=SECONDS_TOLD, visible=SECONDS_TOLD, is_known=st.booleans())
def test_take_vector__any_visit__is_in_bounds_and_exact_through_json(
    story: list[Any], page: str, idle: float, visible: float, is_known: bool
) -> None:
    state = state_after(*(told(payload, second, page) for payload, second, page in story))

    vector = take_vector(instant(state, page=page, idle_seconds=idle, visible_seconds=visible, is_known=is_known))

    for feature, value in zip(FEATURES, vector, strict=True):
        assert value is None or (feature.unit.low <= value <= feature.unit.high and math.copysign(1, value or 1.0))
    bits = [None if value is None else value.hex() for value in vector]
    for text in (json.dumps(list(vector)), msgspec.json.encode(list(vector)).decode()):
        read = read_vector(json.loads(text))
        assert read is not None
        assert [None if value is None else value.hex() for value in read] == bits
    assert "-0.0," not in json.dumps(list(vector)), "PostgreSQL would drop the sign"


@given(story=STORIES, page=PAGE_KINDS, idle=SECONDS_TOLD, visible=SECONDS_TOLD, is_known=st.booleans())
def test_retake__from_the_stored_state_and_the_vector__is_the_same_bit_for_bit(
    story: list[Any], page: str, idle: float, visible: float, is_known: bool
) -> None:
    state = state_after(*(told(payload, second, page) for payload, second, page in story))
    vector = take_vector(instant(state, page=page, idle_seconds=idle, visible_seconds=visible, is_known=is_known))

    assert retake(vector, from_json(to_json(state)), LATER) == vector
    assert count_signals(vector) == state.signals


def test_take_vector__fresh_visit__knows_little() -> None:
    found = numbers(is_known=False)

    assert {name for name, value in found.items() if value is None} == {
        *("basket_total", "basket_lines", "basket_saved", "basket_seconds"),
        *("from_search", "from_campaign", "is_phone"),
        *("visit_number", "days_since_visit", "came_back"),
    }
    assert {name for name, value in found.items() if value} == {
        *("stage_pages", "visit_seconds", "page_seconds", "hour_sin", "hour_cos", "week_sin", "week_cos"),
    }


def test_take_vector__counts__are_those_of_the_state() -> None:
    found = numbers(state_after(*(told(payload, second) for second, payload in enumerate(PAYLOADS))))

    assert {name: found[name] for name in ("signals", "pages", "product_views", "unavailable_views")} == {
        "signals": float(len(PAYLOADS)),
        "pages": 1.0,
        "product_views": 2.0,
        "unavailable_views": 1.0,
    }
    assert (found["searches"], found["zero_result_searches"]) == (2.0, 1.0)
    assert (found["refusals"], found["payment_failures"], found["help_looks"]) == (6.0, 3.0, 4.0)
    assert (found["exit_intents"], found["tabs_away"], found["deepest_scroll"]) == (1.0, 1.0, 100.0)
    assert (found["struggles"], found["hesitations"]) == (4.0, 26.0)


def test_take_vector__basket__as_last_measured() -> None:
    measured = shipped.BasketMeasured(basket_id=1, total=84.5, currency="GBP", lines=2, quantity=3, saved=5)

    found = numbers(state_after(told(measured, 60), told(shipped.ProductViewed(product_id=5), 61)))

    names = ("basket_total", "basket_lines", "basket_saved", "basket_changes", "basket_seconds", "stage")
    assert [found[name] for name in names] == [84.5, 2.0, 5.0, 1.0, 240.0, 2.0]


def test_take_vector__ordered__has_no_basket() -> None:
    found = numbers(state_after(told(PAYLOADS[12], 1), told(shipped.OrderPlaced(order_id=1), 2)))

    assert (found["basket_total"], found["basket_seconds"], found["stage"]) == (None, None, 5.0)


def test_take_vector__same_product_again__is_counted() -> None:
    views = [told(shipped.ProductViewed(product_id=pk), second) for second, pk in enumerate((5, 6, 5, 5))]

    assert numbers(state_after(*views))["products_again"] == 2.0


def test_take_vector__page_left_at_once__is_a_quick_back() -> None:
    home, product = PageFacts(kind="home"), PageFacts(kind="product", product_id=5)

    found = numbers(opened((0, home), (10, product), (14, home)), page="product", idle_seconds=12.34, visible_seconds=7)

    assert (found["quick_backs"], found["page_seconds"], found["stage_pages"]) == (1.0, 286.0, 3.0)
    assert (found["on_product"], found["on_basket"], found["on_checkout"]) == (1.0, 0.0, 0.0)
    assert (found["idle_seconds"], found["visible_seconds"]) == (12.3, 7.0)


@pytest.mark.parametrize(
    ("arrival", "expected"),
    [
        ({"host": "www.google.co.uk", "device": "phone"}, (1.0, 0.0, 1.0)),
        ({"host": "www.google.com", "source": "ads", "device": "desktop"}, (0.0, 1.0, 0.0)),
        ({"medium": "email"}, (0.0, 1.0, None)),
        ({"host": "mail.google.com"}, (0.0, 0.0, None)),
        ({}, (0.0, 0.0, None)),
    ],
)
def test_take_vector__arrival__is_told_apart(arrival: dict[str, str], expected: tuple[float | None, ...]) -> None:
    found = numbers(state_after(told(shipped_visits.VisitBegan(**arrival), 0)))

    assert (found["from_search"], found["from_campaign"], found["is_phone"]) == expected


def test_take_vector__history__only_with_the_consent_for_it() -> None:
    state = begin(NOW, number=3, previous_at=NOW - timedelta(days=2, hours=12))
    names = ("visit_number", "days_since_visit", "came_back")

    known, unknown = numbers(state), numbers(state, is_known=False)

    assert [known[name] for name in names] == [3.0, 2.5, 0.0]
    assert [unknown[name] for name in names] == [None, None, None]
    assert {name for name in NAMES if known[name] != unknown[name]} == {one.name for one in FEATURES if one.is_history}


@pytest.mark.parametrize(
    ("now", "hour", "week"),
    [
        (datetime(2026, 3, 2, 0, 0, tzinfo=UTC), (0.0, 1.0), (0.0, 1.0)),  # a Monday
        (datetime(2026, 3, 5, 12, 0, tzinfo=UTC), (0.0, -1.0), (0.0, -1.0)),
        (datetime.fromisoformat("2026-03-02T06:00+06:00"), (0.0, 1.0), (0.0, 1.0)),
    ],
)
def test_take_vector__clock__is_a_circle_in_utc(now: datetime, hour: tuple[float, float], week: tuple[float, float]) -> None:
    found = numbers(now=now)

    assert (found["hour_sin"], found["hour_cos"], found["week_sin"], found["week_cos"]) == (*hour, *week)


def test_take_vector__clock_put_back__is_never_below_zero() -> None:
    found = numbers(opened((100, PageFacts())), now=NOW - timedelta(hours=1))

    assert (found["visit_seconds"], found["page_seconds"]) == (0.0, 0.0)


@pytest.mark.attack("E03")
@pytest.mark.parametrize("told", [math.nan, math.inf, -math.inf])
def test_take_vector__not_a_number__is_missing_or_bounded(told: float) -> None:
    found = numbers(idle_seconds=told)["idle_seconds"]

    assert found == {"nan": None, "inf": SECONDS.high, "-inf": SECONDS.low}[str(told)]


def test_bound__missing__stays_missing_and_zero_has_no_sign() -> None:
    assert COUNT.bound(None) is None
    assert math.copysign(1, SECONDS.bound(-0.0) or 0.0) == 1


@pytest.mark.parametrize(
    "values",
    [None, 7, "1" * len(NAMES), [1.0] * (len(NAMES) - 1), [math.nan] * len(NAMES), [True] * len(NAMES), ["1"] * len(NAMES)],
)
def test_read_vector__anything_else__is_none(values: Any) -> None:
    assert read_vector(values) is None


@pytest.mark.attack("I09", "J12")
def test_take_vector__what_people_write_or_who_they_are__changes_nothing() -> None:
    def story(word: str, thing: int) -> VisitState:
        return state_after(
            told(shipped.SearchMade(query=word, results=2), 1),
            told(shipped_help.HelpSearched(query=word, results=1), 2),
            told(shipped.FormInvalid(form="address", fields=(word,)), 3),
            told(struggles.FieldHesitated(name=word, seconds=4), 4),
            told(shipped.ProductViewed(product_id=thing), 5),
            told(shipped.BasketMeasured(basket_id=thing, total=5, currency="GBP", lines=1, products=(thing,)), 6),
            told(shipped_visits.ShippingTold(country="GB" if thing == 1 else "DE"), 7),
            told(shipped.PaymentFailed(reason=word), 8),
        )

    assert take_vector(instant(story("ann", 1))) == take_vector(instant(story("bob", 2)))
