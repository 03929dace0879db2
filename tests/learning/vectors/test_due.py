"""When a snapshot is due: few a visit, none twice, at moments that every visit of its kind has."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.learning.vectors.due import LANDMARKS, MOST_OTHERS, find_due
from oscar_engage.learning.vectors.models import Occasion
from oscar_engage.signals import shipped
from oscar_engage.visitors.page import PageFacts
from oscar_engage.visitors.state import Snapshots, VisitState, begin
from tests.visitors.test_state import NOW, STORIES, opened, state_after, told

PRODUCT_VIEWED = shipped.ProductViewed(product_id=5)
MEASURED = shipped.BasketMeasured(basket_id=1, total=10, currency="GBP", lines=1, quantity=1)


def after(state: VisitState, idle: float = 0) -> VisitState:
    """Return the state once what is due was taken."""
    due = find_due(state, idle)
    return state if due is None else msgspec.structs.replace(state, snapshots=due.snapshots)


def why(state: VisitState, idle: float = 0) -> str | None:
    due = find_due(state, idle)
    return None if due is None else due.occasion


def with_signals(state: VisitState, signals: int) -> VisitState:
    return msgspec.structs.replace(state, signals=signals)


def test_find_due__signals_one_by_one__at_the_numbers_of_fibonacci() -> None:
    state, found = begin(NOW), []
    for number in range(1, 100):
        state = with_signals(state, number)
        found += [number] if why(state) == "signal" else []
        state = after(state)

    assert found == [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]


def test_find_due__several_numbers_passed_at_once__is_one_snapshot() -> None:
    state = after(with_signals(begin(NOW), 9))

    assert [why(with_signals(state, number)) for number in (9, 12, 13)] == [None, None, "signal"]


def test_find_due__first_product__once() -> None:
    state = state_after(told(PRODUCT_VIEWED, 0))

    assert why(state) == "product"
    again = with_signals(after(state), 1)
    assert why(msgspec.structs.replace(again, product_views=2)) is None


def test_find_due__basket__each_change_and_not_when_it_was_ordered() -> None:
    state = state_after(told(MEASURED, 1))
    changed = msgspec.structs.replace(after(state), basket=state_after(told(MEASURED, 9)).basket)
    ordered = msgspec.structs.replace(after(changed), basket=state_after(told(shipped.OrderPlaced(order_id=1), 20)).basket)

    assert [why(one) for one in (state, after(state), changed, ordered)] == ["basket", None, "basket", None]


def test_find_due__product_and_basket_at_once__is_one_snapshot() -> None:
    state = state_after(told(PRODUCT_VIEWED, 0), told(MEASURED, 1))

    assert (why(state), why(after(state))) == ("product", None)


@pytest.mark.parametrize(("idle", "due"), [(29.9, None), (30, "idle"), (45, "idle"), (3000, "idle")])
def test_find_due__idle__at_landmarks(idle: float, due: str | None) -> None:
    state = after(with_signals(begin(NOW), 4))

    assert why(state, idle) == due
    assert why(after(state, idle), idle) is None


def test_find_due__idle_on_another_page__begins_anew() -> None:
    state = after(with_signals(opened((0, PageFacts(kind="home"))), 4), 70)
    elsewhere = opened((0, PageFacts(kind="home")), (90, PageFacts(kind="basket")))

    assert [why(state, idle) for idle in (30, 60, 120)] == [None, None, "idle"]
    assert why(msgspec.structs.replace(state, pages_seen=elsewhere.pages_seen), 30) == "idle"


def test_find_due__endless_idling__ends_at_the_most() -> None:
    state, taken = after(with_signals(begin(NOW), 4)), 0
    for number in range(20):
        state = msgspec.structs.replace(state, pages_seen=opened((number, PageFacts())).pages_seen)
        taken += why(state, 60) is not None
        state = after(state, 60)

    assert taken == MOST_OTHERS
    assert why(with_signals(state, 5)) == "signal", "the visit itself goes on being put down"


@given(story=STORIES, idles=st.lists(st.sampled_from([0, *LANDMARKS]), min_size=61, max_size=61))
def test_find_due__any_visit__few_snapshots_and_none_twice(story: list[Any], idles: list[float]) -> None:
    state, taken = begin(NOW), 0
    for place in range(len(story)):
        folded = state_after(*(told(one, at, where) for one, at, where in story[: place + 1]))
        state = msgspec.structs.replace(folded, snapshots=state.snapshots)
        due = find_due(state, idles[place])
        taken += due is not None
        state = after(state, idles[place])
        assert due is None or due.occasion in Occasion.values
        assert why(state, idles[place]) in {None, "basket", "signal", "idle"} - ({"signal"} if due else set())

    assert taken <= 1 + 10 + MOST_OTHERS


def test_snapshots__nothing_taken__takes_no_room_in_the_state() -> None:
    assert begin(NOW).snapshots == Snapshots()
