"""What does a rule read, what does it not know, and what does that cost a beat?"""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from docs.generate import FOLDER as DOCS
from oscar_engage.analytics.exits.curve import FEWEST_VIEWS, Count, Key, pool, rate_of
from oscar_engage.analytics.exits.kept import FILL_STATE, add_counts
from oscar_engage.analytics.exits.risk import FRESH_FOR, find_risk, forget_risks, get_risks, tabulate
from oscar_engage.analytics.exits.views import IDLE_KNOTS, MOST_VIEWS
from oscar_engage.jobs.models import FillState
from oscar_engage.rules.engine.compile import compile_document
from oscar_engage.rules.engine.tree import Condition
from oscar_engage.rules.engine.values import UNKNOWN
from oscar_engage.rules.engine.wake import TICK
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.turns import next_turn
from oscar_engage.rules.variables import reading
from oscar_engage.visitors.state import PageSeen, to_ms
from tests.rules.moments import NOW, condition, make_moment, make_state, rule_json

COUNTS: dict[Key, Count] = {
    ("basket", 1, 0): Count(20, 80),
    ("basket", 2, 0): Count(10, 30),
    ("basket", 2, 60): Count(40, 60),
    ("basket", 3, 120): Count(30, 10),
    ("checkout", 1, 0): Count(50, 49),
}
ANY_COUNTS = st.dictionaries(
    st.tuples(st.just("basket"), st.integers(1, MOST_VIEWS), st.sampled_from(IDLE_KNOTS)),
    st.builds(Count, st.integers(0, 200), st.integers(0, 200)),
)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    forget_risks()
    yield
    forget_risks()


def risk(stage: str, pages: int, idle_seconds: float) -> float | None:
    found = find_risk(tabulate(COUNTS), stage, pages=pages, idle_seconds=idle_seconds)
    return found.value if found else None


@pytest.mark.parametrize(
    ("pages", "idle_seconds", "value"),
    [
        (1, 0, 20 / 100),  # the first page at the stage
        (2, 0, 50 / 140),  # the second, idle or not
        (2, 59.9, 40 / 100),  # idle for 45 seconds at least: those who reached 60 did
        (2, 60, 40 / 100),
        (1, 60, 70 / 140),  # no first page was ever so idle: any page that was
        (3, 0, 100 / 280),  # too few third pages: any page
        (9, 120, 70 / 140),  # too few of any number so idle: those of 90, 60 … seconds, the first that suffice
        (9, 1e9, 70 / 140),
    ],
)
def test_find_risk__moment__reads_the_narrowest_class_that_is_large_enough(
    pages: int, idle_seconds: float, value: float
) -> None:
    assert risk("basket", pages, idle_seconds) == pytest.approx(value)


@pytest.mark.parametrize("stage", ["checkout", "browsing", "ordered"])
def test_find_risk__too_little_seen__nobody_knows(stage: str) -> None:
    assert risk(stage, 1, 0) is None


@given(counts=ANY_COUNTS)
def test_tabulate__any_counts__are_the_shares_of_each_class(counts: dict[Key, Count]) -> None:
    classes = {
        ("basket", nth, knot): rate_of(pool(counts, "basket", views=nth or None, idle=knot))
        for nth in range(MOST_VIEWS + 1)
        for knot in IDLE_KNOTS
    }
    assert tabulate(counts) == {key: rate for key, rate in classes.items() if rate}


@given(counts=ANY_COUNTS, pages=st.integers(0, 99), idle_seconds=st.floats(0, 9e4))
def test_find_risk__any_moment__is_a_share_or_unknown_below_the_least(
    counts: dict[Key, Count], pages: int, idle_seconds: float
) -> None:
    found = find_risk(tabulate(counts), "basket", pages=pages, idle_seconds=idle_seconds)
    assert (found is None) == (pool(counts, "basket").all < FEWEST_VIEWS)
    assert found is None or 0 <= found.low <= found.value <= found.high <= 1


def learn(counts: dict[Key, Count] = COUNTS, *, position: int = 1) -> None:
    add_counts({NOW.date(): counts})
    FillState.objects.update_or_create(name=FILL_STATE, defaults={"position": position, "filled_at": NOW})


def in_the_basket(**fields: Any) -> Moment:
    at = to_ms(NOW - timedelta(seconds=60))
    pages = (PageSeen(at - 1, "product", 5), PageSeen(at, "basket"))
    state = make_state(reached={"basket": at}, entered={"basket": at}, pages_seen=pages)
    return make_moment(state, **{"idle_seconds": 0.0, **fields})


@pytest.mark.django_db
def test_variables__learnt__read_what_was_learnt() -> None:
    learn()
    read = reading(in_the_basket())
    assert (read("visit.stage_pages"), read("visit.exit_risk")) == (1, 0.2)
    assert reading(in_the_basket(idle_seconds=60.0))("visit.exit_risk") == 0.5


@pytest.mark.django_db
@pytest.mark.parametrize("operator", ["<", ">=", "!="])
def test_exit_risk__nothing_learnt__no_rule_fires_on_it(operator: str) -> None:
    read = reading(in_the_basket())
    assert read("visit.exit_risk") is UNKNOWN
    for negated in (False, True):
        when = {"combinator": "and", "not": negated, "rules": [condition("visit.exit_risk", operator, 0.5)]}
        document = rule_json(condition("visit.exit_risk", operator, 0.5))
        document["branches"][0]["when"] = when
        assert compile_document(parse_document(document))(read) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("idle_seconds", "branch"), [(0.0, None), (60.0, 0)])
def test_exit_risk__example_of_the_documentation__fires_on_what_was_learnt(idle_seconds: float, branch: int | None) -> None:
    example = json.loads((DOCS / "exit-hazard.md").read_text().partition("```json")[2].partition("```")[0])
    example["rules"][0]["value"] = "basket"
    learn()
    document = rule_json(condition("visit.exit_risk", ">", 0))
    document["branches"][0]["when"] = example
    read = reading(in_the_basket(idle_seconds=idle_seconds))
    assert compile_document(parse_document(document))(read) == branch


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "idle_seconds", "waits"),
    [
        (0.4, 3, 7),  # 20 of 100 leave on the first page of the basket; 70 of the 140 who sit on any for ten seconds or more
        (0.4, 10, None),  # so it is already
        (0.7, 3, None),  # so it never gets, for all that is known
    ],
)
def test_exit_risk__gets_worse_by_waiting_alone__wakes_the_rule_then(
    limit: float, idle_seconds: float, waits: float | None, django_assert_num_queries: Callable[[int], Any]
) -> None:
    learn()
    moment = in_the_basket(idle_seconds=idle_seconds)
    reading(moment)("visit.exit_risk")

    with django_assert_num_queries(0):  # what lies ahead is judged by what is known now
        wake = next_turn([Condition("visit.exit_risk", ">=", limit)], moment)

    assert wake == (None if waits is None else pytest.approx(waits + TICK))


@pytest.mark.django_db
def test_get_risks__asked_by_every_beat__queries_once_a_minute_and_reads_news_only(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    learn()
    for second, queries in ((0, 4), (59, 0), (60, 3), (61, 0)):  # savepoint, position, counts, savepoint
        with django_assert_num_queries(queries):
            assert get_risks(NOW + timedelta(seconds=second))["basket", 1, 0].value == 0.2
    learn({("basket", 1, 0): Count(100, 0)}, position=2)
    with django_assert_num_queries(4):
        assert get_risks(NOW + 2 * FRESH_FOR)["basket", 1, 0].value == 0.6


@pytest.mark.django_db
def test_get_risks__database_does_not_answer__what_is_kept_stays_and_the_transaction_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    learn()
    get_risks(NOW)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE oscar_engage_fillstate RENAME TO gone")
    with caplog.at_level(logging.WARNING):
        assert get_risks(NOW + FRESH_FOR)["basket", 1, 0].value == 0.2
    assert "exit risks could not be read" in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE gone RENAME TO oscar_engage_fillstate")
    assert FillState.objects.count() == 1
