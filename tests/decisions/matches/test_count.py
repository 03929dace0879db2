"""Is the quick count beside the editor right, of how many visits, and what does it not know?"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.safestring import SafeString

from oscar_engage.decisions.matches import fill
from oscar_engage.decisions.matches.count import match_count
from oscar_engage.decisions.matches.fill import KEPT, fill_moments, purge_moments
from oscar_engage.decisions.matches.models import VisitMoments
from oscar_engage.decisions.matches.moments import pack, unpack
from oscar_engage.jobs.run import run_due
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.recall import _FROM_THE_LOG, recall_from_log
from oscar_engage.rules.types import Integer
from oscar_engage.rules.variables import VARIABLES, variable
from oscar_engage.visitors.models import Visit, Visitor
from tests.decisions.recorded import hesitation, keep_visit
from tests.rules.moments import NOW, condition, group, rule_json

pytestmark = pytest.mark.django_db
YESTERDAY = NOW - timedelta(days=1)
IN_CHECKOUT = condition("page.kind", "=", "checkout")


def count(*when: Any, **options: Any) -> Any:
    return match_count(parse_document(rule_json(*when)), now=NOW, **options)


@pytest.fixture
def visits(db: None) -> list[Visit]:
    return [keep_visit(YESTERDAY + timedelta(minutes=number), *hesitation(10.0 + 20 * number)) for number in range(5)]


def test_count__conditions_over_recorded_moments__counts_visits_once(visits: list[Visit]) -> None:
    fill_moments({}, now=NOW)
    found = count(IN_CHECKOUT, condition("page.idle_seconds", ">", 44))
    assert (found.visits, found.of_visits, found.is_sampled, found.unread, found.unsaid) == (3, 5, False, 0, ())
    assert count(condition("page.visible_seconds", ">", 49)).visits == 3, "as far as the page's clock came"


def test_count__before_the_worker_came__says_how_many_are_to_be_read(visits: list[Visit]) -> None:
    found = count(IN_CHECKOUT)
    assert (found.visits, found.of_visits, found.unread) == (0, 0, 5)


def test_count__more_than_the_limit__takes_the_latest(visits: list[Visit]) -> None:
    fill_moments({}, now=NOW)
    found = count(condition("page.visible_seconds", ">", 49), limit=2)
    assert (found.visits, found.of_visits, found.is_sampled) == (2, 2, True)


def test_count__days__leave_out_what_was_before(visits: list[Visit]) -> None:
    keep_visit(NOW - timedelta(days=5), *hesitation())
    fill_moments({}, now=NOW)
    assert (count(IN_CHECKOUT, days=2).of_visits, count(IN_CHECKOUT).of_visits) == (5, 6)


def test_count__variable_that_is_not_recorded__is_named_and_holds_nowhere(visits: list[Visit]) -> None:
    fill_moments({}, now=NOW)
    found = count(IN_CHECKOUT, condition("desk.free_agents", ">=", 0))
    assert (found.visits, found.unsaid) == (0, ("desk.free_agents",))


@pytest.mark.parametrize("field", ["desk.free_agents", "customer.orders"])
@pytest.mark.parametrize("operator", ["null", "notNull"])
def test_count__whether_a_variable_was_known_that_is_not_recorded__holds_nowhere(
    visits: list[Visit], field: str, operator: str
) -> None:
    fill_moments({}, now=NOW)
    assert count(IN_CHECKOUT, condition(field, operator)).visits == 0
    assert count(group(condition(field, operator), **{"not": True})).visits == 0


class Stars(int):
    """A number of a class of its own."""


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        (SafeString("red"), "red"),
        (Stars(3), 3),
        (Decimal("2.50"), 2.5),
        (10**400, 2**63 - 1),
        (True, True),
        (frozenset({"a", 1}), frozenset({"a"})),
        ("\ud800", "?"),
        *((careless, UNKNOWN) for careless in (["a", "b"], [1], {"a": 1}, b"red", date(2026, 3, 2), object(), None)),
    ],
)
def test_moments__whatever_a_variable_of_the_shop_returns__are_written_and_read(
    visits: list[Visit], read: Any, kept: Value
) -> None:
    before, recalled = dict(VARIABLES._entries), dict(_FROM_THE_LOG)
    try:
        variable("test.stars", type=Integer(), label="stars", group="Test")(lambda moment: read)
        recall_from_log("test.stars")
        fill_moments({}, now=NOW)
        assert count(IN_CHECKOUT, condition("test.stars", "notNull")).visits == (0 if kept is UNKNOWN else 5)
        packed = [bytes(one) for one in VisitMoments.objects.values_list("moments", flat=True)]
        assert set(unpack(packed, ("test.stars",))[0]["test.stars"]) == {kept}
    finally:
        VARIABLES._entries = before
        _FROM_THE_LOG.clear()
        _FROM_THE_LOG.update(recalled)


def test_count__any_number_of_visits__takes_two_queries(
    visits: list[Visit], django_assert_num_queries: Callable[..., Any]
) -> None:
    fill_moments({}, now=NOW)
    with django_assert_num_queries(2):
        count(IN_CHECKOUT)


def test_fill__staff_automata_running_and_partial_visits__are_not_counted(visits: list[Visit]) -> None:
    Visitor.objects.filter(pk=visits[0].visitor_id).update(is_staff=True)
    Visitor.objects.filter(pk=visits[1].visitor_id).update(is_automaton=True)
    Visit.objects.filter(pk=visits[2].pk).update(last_at=NOW)
    Visit.objects.filter(pk=visits[3].pk).update(state={})
    fill_moments({}, now=NOW)
    found = count(IN_CHECKOUT)
    assert (found.of_visits, found.unread, VisitMoments.objects.count()) == (1, 0, 2)


@pytest.mark.everything_recurs
def test_fill__many__comes_again_until_all_are_read(visits: list[Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fill, "CHUNK", 2)
    run_due(now=NOW)
    assert (count(IN_CHECKOUT).of_visits, VisitMoments.objects.count()) == (5, 5)
    run_due(now=NOW + timedelta(minutes=10))
    assert VisitMoments.objects.count() == 5


def test_fill__visitor_erased__moments_go_with_the_visit(visits: list[Visit]) -> None:
    fill_moments({}, now=NOW)
    assert str(VisitMoments.objects.get(visit=visits[0])) == f"moments of visit {visits[0].pk.hex[:8]}"
    visits[0].delete()
    assert VisitMoments.objects.count() == 4


def test_purge__older_than_eight_days__goes(visits: list[Visit]) -> None:
    fill_moments({}, now=NOW)
    purge_moments({}, now=YESTERDAY + KEPT)
    assert VisitMoments.objects.count() == 5
    purge_moments({}, now=NOW + KEPT)
    assert not VisitMoments.objects.exists()


def test_pack__values_of_every_type__come_back_as_they_were() -> None:
    moments: list[dict[str, Value]] = [
        {"a": 1, "b": "x", "c": Money(Decimal("1.50"), "GBP"), "d": frozenset("xy")},
        {"a": 1, "b": "z", "e": 45.046},
        {"b": True},
    ]
    values, ends = unpack([pack(iter(moments)), pack(iter(moments[:1])), pack(iter([]))], ("a", "b", "c", "d", "e"))
    assert ends == [3, 4, 4]
    assert values == {
        "a": [1, 1, UNKNOWN, 1],
        "b": ["x", "z", True, "x"],
        "c": [Money(Decimal("1.50"), "GBP"), UNKNOWN, UNKNOWN, Money(Decimal("1.50"), "GBP")],
        "d": [frozenset("xy"), UNKNOWN, UNKNOWN, frozenset("xy")],
        "e": [UNKNOWN, 45.05, UNKNOWN, UNKNOWN],
    }
    assert [type(one) for one in values["b"]] == [str, str, bool, str]
