"""How often, how long ago, in which order: never wrong, rather unknown."""

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.past.log import Sought, Steps, count, happened
from oscar_engage.rules.variables import reading, reading_later
from oscar_engage.visitors.consent import ConsentLevel
from tests.rules.moments import NOW, make_moment, make_past

DAY = 86_400
LOG = (
    ("product.viewed", 10, {"product_id": 1}, "v2"),
    ("product.viewed", 3 * DAY, {"product_id": 2}, "v1"),
    ("product.viewed", 6 * DAY, {"product_id": 1}, "v1"),
    ("product.viewed", 8 * DAY, {"product_id": 1}, "v0"),
    ("page.viewed", 20, {"page": "category", "category_id": 12}, "v2"),
    ("page.viewed", 30, {"page": "product", "product_id": 1}, "v2"),
    ("page.viewed", 40, {"page": "home"}, "v2"),
    ("search.made", 50, {"query": "Winter BOOTS", "results": 3}, "v2"),
    ("order.changed", 60, {}, ""),
)


def ask(key: str, *facts: tuple[Any, ...], **past: Any) -> Value:
    """Return what the variable is worth with these facts in the log."""
    return reading(make_moment(past=lambda: make_past(*(facts or LOG), **past)))(key)


def categories(products: Any) -> dict[int, frozenset[int]]:
    return {product: {1: frozenset({12, 3}), 2: frozenset({4})}[product] for product in products}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("history.count?kind=product.viewed&days=7", 3),
        ("history.count?kind=product.viewed&days=90", 4),
        ("history.count?kind=product.viewed&minutes=1", 1),
        ("history.count?kind=product.viewed&product=1&days=7", 2),
        ("history.count?kind=product.viewed&category=12&days=7", 2),
        ("history.count?kind=product.viewed&category=4&days=7", 1),
        ("history.count?kind=product.viewed&category=5&days=7", 0),
        ("history.count?kind=page.viewed&category=12&days=1", 2),
        ("history.count?kind=page.viewed&page=home&days=1", 1),
        ("history.count?kind=search.made&words=boots&days=1", 1),
        ("history.count?kind=search.made&words=shoes&days=1", 0),
        ("history.count?kind=login.failed&days=7", 0),
        ("history.visits?kind=product.viewed&days=7", 2),
        ("history.visits?kind=order.changed&days=7", 0),
        ("history.seconds_since?kind=product.viewed", 10.0),
        ("history.seconds_since?kind=product.viewed&product=2", 3.0 * DAY),
        ("history.seconds_since?kind=login.failed", math.inf),
    ],
)
def test_history__of_a_whole_log__is_counted(key: str, value: Value) -> None:
    assert ask(key, categories_of=categories) == value


def test_history__no_catalogue_or_a_kind_nobody_asked_for__does_not_count() -> None:
    assert ask("history.count?kind=product.viewed&category=12&days=7") == 0
    assert ask("history.count?kind=product.viewed&days=7", ("shop.gone", 5), ("product.viewed", 5)) == 1


def test_count__fact_at_the_edge_of_the_window__is_outside_and_a_fact_of_now_inside() -> None:
    facts = (("search.made", 0), ("search.made", 60), ("search.made", 59.999), ("search.made", -1))
    assert ask("history.count?kind=search.made&minutes=1", *facts) == 2


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("history.count?kind=product.viewed&days=2", 1),
        ("history.count?kind=product.viewed&days=3", UNKNOWN),
        ("history.visits?kind=product.viewed&days=3", UNKNOWN),
        ("history.seconds_since?kind=product.viewed", 10.0),
        ("history.seconds_since?kind=login.failed", UNKNOWN),
        ("history.sequence?first=page.viewed&then=product.viewed&minutes=5&days=9", True),
        ("history.sequence?first=product.viewed&then=page.viewed&minutes=5&days=9", UNKNOWN),
        ("history.sequence?first=product.viewed&then=page.viewed&minutes=5&days=1", False),
    ],
)
def test_history__log_known_for_two_days_only__is_unknown_where_it_might_be_wrong(key: str, value: Value) -> None:
    assert ask(key, days=2, is_whole=False) == value


@pytest.mark.parametrize(
    "key",
    [
        "history.count?kind=shop.own&days=1",
        "history.visits?kind=product.viewed&days=1",
        "history.seconds_since?kind=product.viewed",
        "history.sequence?first=product.viewed&then=product.viewed&minutes=5&days=1",
    ],
)
def test_history__without_a_log_or_of_a_kind_that_was_not_read__is_unknown(key: str) -> None:
    past = make_past(*LOG)
    assert reading(make_moment(past=lambda: None))(key) is UNKNOWN
    bare = make_past(*LOG, is_whole=True)
    object.__setattr__(bare, "facts", {})
    assert reading(make_moment(past=lambda: bare))(key) is UNKNOWN
    assert reading(make_moment(past=lambda: past, consent=ConsentLevel.STATISTICS))(key) is UNKNOWN


def test_history__asked_by_many__reads_the_log_once_a_moment() -> None:
    asked: list[int] = []

    def past() -> Any:
        asked.append(1)
        return make_past(*LOG)

    from functools import cache  # noqa: PLC0415 - as the beat does

    read = reading(make_moment(past=cache(past)))
    for days in range(1, 9):
        read(f"history.count?kind=product.viewed&days={days}")
    assert asked == [1]


def test_seconds_since__later__grows_by_a_second_each_second() -> None:
    moment = make_moment(past=lambda: make_past(*LOG))
    read_at = reading_later(moment, reading(moment))
    key = "history.seconds_since?kind=product.viewed"
    assert [read_at(seconds)(key) for seconds in (0.0, 5.5, 600.0)] == [10.0, 15.5, 610.0]


STEPS = "history.sequence?first=product.viewed&then=basket.line_added"


@pytest.mark.parametrize(
    ("facts", "key", "value"),
    [
        ([("product.viewed", 90), ("basket.line_added", 60)], f"{STEPS}&minutes=1&days=1", True),
        ([("product.viewed", 120), ("basket.line_added", 59)], f"{STEPS}&minutes=1&days=1", False),
        ([("product.viewed", 120), ("product.viewed", 90), ("basket.line_added", 59)], f"{STEPS}&minutes=1&days=1", True),
        ([("basket.line_added", 90), ("product.viewed", 60)], f"{STEPS}&minutes=1&days=1", False),
        ([("product.viewed", 90), ("search.made", 70), ("basket.line_added", 60)], f"{STEPS}&minutes=1&days=1", True),
        (
            [("product.viewed", 90), ("search.made", 70), ("basket.line_added", 60)],
            f"{STEPS}&without=search.made&minutes=1&days=1",
            False,
        ),
        (
            [("product.viewed", 90), ("search.made", 80), ("product.viewed", 70), ("basket.line_added", 60)],
            f"{STEPS}&without=search.made&minutes=1&days=1",
            True,
        ),
        (
            [("product.viewed", 90), ("basket.line_added", 60), ("checkout.started", 50)],
            f"{STEPS}&third=checkout.started&minutes=1&days=1",
            True,
        ),
        (
            [("product.viewed", 90), ("basket.line_added", 60), ("checkout.started", 50)],
            f"{STEPS}&third=checkout.started&fourth=order.placed&minutes=1&days=1",
            False,
        ),
        ([("product.viewed", 2 * DAY + 9), ("basket.line_added", 2 * DAY)], f"{STEPS}&minutes=1&days=1", False),
        ([("product.viewed", 9)], "history.sequence?first=product.viewed&then=product.viewed&minutes=1&days=1", False),
        (
            [("product.viewed", 9), ("product.viewed", 8)],
            "history.sequence?first=product.viewed&then=product.viewed&minutes=1&days=1",
            True,
        ),
        ([("product.viewed", 9), ("basket.line_added", 9)], f"{STEPS}&minutes=1&days=1", True),
    ],
)
def test_sequence__facts_of_a_log__are_followed_in_their_order(facts: list[Any], key: str, value: bool) -> None:
    assert ask(key, *facts) is value


KINDS = ("product.viewed", "search.made", "login.failed")


def slow_answer(facts: list[tuple[str, int]], steps: Steps) -> bool:
    """Try every choice of facts: the meaning, at a price."""

    def follow(place: int, step: int, start: int) -> bool:
        if step == len(steps.kinds):
            return True
        for later in range(place, len(facts)):
            kind, ago = facts[later]
            is_next = kind == steps.kinds[step]
            first = ago if step == 0 else start
            if is_next and first - ago <= steps.within.total_seconds() and follow(later + 1, step + 1, first):
                return True
            if step and kind == steps.without:
                return False
        return False

    return follow(0, 0, 0)


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 30)), max_size=9),
    st.lists(st.sampled_from(KINDS[:2]), min_size=2, max_size=4).map(tuple),
    st.integers(1, 20),
    st.sampled_from(["", "login.failed"]),
)
def test_sequence__any_log__is_found_exactly_when_some_choice_of_facts_fits(
    facts: list[tuple[str, int]], kinds: tuple[str, ...], seconds: int, without: str
) -> None:
    facts = sorted(facts, key=lambda fact: -fact[1])
    steps = Steps(kinds=kinds, within=timedelta(seconds=seconds), without=without)
    found = happened(make_past(*facts), steps, window=timedelta(days=1), now=NOW)
    assert found is slow_answer(facts, steps)


@given(st.lists(st.integers(0, 100)), st.integers(1, 100))
def test_count__any_log__is_what_lies_in_the_window(ages: list[int], seconds: int) -> None:
    past = make_past(*(("search.made", age) for age in ages))
    found = count(past, Sought(kind="search.made"), window=timedelta(seconds=seconds), now=NOW)
    assert found == sum(age < seconds for age in ages)
