"""The set against the walker, rule by rule, and what it asks of costly variables."""

import random
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.rules_fuzz import make_document, make_visitor
from oscar_engage.rules.engine.column import LONGEST_REMEMBERED, MOST_REMEMBERED, Column
from oscar_engage.rules.engine.compare import holds, kind_expected
from oscar_engage.rules.engine.index import LARGE
from oscar_engage.rules.engine.masks import mask_of, rows_of
from oscar_engage.rules.engine.rows import Literal
from oscar_engage.rules.engine.ruleset import RuleSet, build_rule_set
from oscar_engage.rules.engine.tree import ELSE, Action, Branch, Condition, Document, Group, Node
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.engine.wake import TICK
from oscar_engage.rules.engine.walk import choose
from tests.rules.test_wake import shifted, wake
from tests.rules.trees import CLOCKS, clock_conditions, contexts, documents, plain_conditions

ACT = (Action("show.balloon", "x"),)
COSTLY = st.sampled_from(((), ("a",), ("b", "c"), ("a", "b", "c")))
CLOCK_VALUES = st.fixed_dictionaries(dict.fromkeys(CLOCKS, st.sampled_from((UNKNOWN, 0, 3.0, 10, 17, 30))))
BOTH = pytest.mark.parametrize("most_closures", [0, 1000], ids=["index", "closures"])


def all_of(*rules: Node, **more: Any) -> Document:
    return Document(None, (Branch(Group("and", rules), ACT),), **more)


def one_of(*rules: Node) -> Group:
    return Group("or", rules)


def walked(rules: Sequence[Document], context: dict[str, Any]) -> list[tuple[int, int]]:
    branches = [(place, choose(rule, context.__getitem__)) for place, rule in enumerate(rules)]
    return [(place, branch) for place, branch in branches if branch is not None]


def make_set(*rules: Document, most_closures: int, **more: Any) -> RuleSet:
    return build_rule_set(rules, **{"clocks": (), "most_closures": most_closures, **more})


class Asked(Counter[str]):
    """A reader that counts what it is asked."""

    def __init__(self, **values: Value) -> None:
        super().__init__()
        self.values_of = values

    def __call__(self, name: str) -> Value:
        self[name] += 1
        return self.values_of.get(name, UNKNOWN)


@BOTH
@given(rules=st.lists(documents(plain_conditions()), max_size=6), context=contexts(), costly=COSTLY)
def test_matches__any_rules__are_what_the_walker_says(
    most_closures: int, rules: list[Document], context: dict[str, Value], costly: tuple[str, ...]
) -> None:
    rule_set = make_set(*rules, most_closures=most_closures, costly=costly)
    assert rule_set.matches(context.__getitem__) == walked(rules, context)


@BOTH
@given(chance=st.randoms(use_true_random=False))
def test_matches__values_of_every_kind_and_of_none__are_what_the_walker_says(most_closures: int, chance: Any) -> None:
    rules = [make_document(chance) for _number in range(4)]
    rule_set = make_set(*rules, most_closures=most_closures, costly=("n0", "t0"))
    for _number in range(3):
        visitor = make_visitor(chance)
        assert rule_set.matches(visitor.__getitem__) == walked(rules, visitor)


def test_matches__more_rows_than_are_looked_at_one_by_one__are_what_the_walker_says() -> None:
    chance = random.Random(5)
    rules = [make_document(chance) for _number in range(LARGE)]
    rule_set = make_set(*rules, most_closures=0)
    visitors = [make_visitor(chance) for _number in range(20)]
    visitors += [{**visitor, "n0": [1], "t0": Safe("boots")} for visitor in visitors]
    for visitor in visitors:
        assert rule_set.matches(visitor.__getitem__) == walked(rules, visitor)


@BOTH
@given(
    rules=st.lists(documents(st.one_of(plain_conditions(), clock_conditions(), clock_conditions())), max_size=4),
    plain=contexts(),
    clocks=CLOCK_VALUES,
    costly=COSTLY,
)
def test_next_wake__any_rules__is_that_of_the_soonest(
    most_closures: int, rules: list[Document], plain: dict[str, Value], clocks: dict[str, Value], costly: tuple[str, ...]
) -> None:
    read_at = shifted({**plain, **clocks})
    rule_set = make_set(*rules, most_closures=most_closures, clocks=CLOCKS, costly=costly)
    found = rule_set.next_wake(rule_set.matches(read_at(0.0)), read_at=read_at)
    alone = [wake(rule, {**plain, **clocks}) for rule in rules]
    assert found == min((seconds for seconds in alone if seconds is not None), default=None)


@BOTH
def test_next_wake__only_rules_that_may_act__count(most_closures: int) -> None:
    rules = [all_of(Condition("t", ">", 45)), all_of(Condition("u", ">", 20)), all_of(Condition("a", "=", 1))]
    rule_set = make_set(*rules, most_closures=most_closures, clocks=CLOCKS)
    read_at = shifted({"t": 0, "u": 0, "a": 1})
    assert rule_set.next_wake([(2, 0)], read_at=read_at, may_act=lambda position: position == 0) == 45 + TICK
    assert rule_set.next_wake([(2, 0)], read_at=read_at, may_act=lambda position: position == 2) is None


@BOTH
def test_next_wake__many_alternatives__is_confirmed_by_the_closure(most_closures: int) -> None:
    pairs = [one_of(Condition("a", "=", number), Condition("b", "=", number)) for number in range(5)]
    rule = all_of(Condition("c", "=", 1), Condition("t", ">", 45), *pairs)
    rule_set = make_set(rule, most_closures=most_closures, clocks=CLOCKS)
    assert rule_set.next_wake([], read_at=shifted({"t": 0, "a": 1, "b": 2, "c": 1})) is None
    assert rule_set.next_wake([], read_at=shifted({"t": 0, "a": UNKNOWN, "b": UNKNOWN, "c": 1})) is None


@BOTH
def test_matches__many_alternatives__are_confirmed_and_keep_their_place(most_closures: int) -> None:
    pairs = [one_of(Condition("a", ">", number), Condition("b", ">", number)) for number in range(5)]
    rules = [all_of(Condition("c", "=", 1)), all_of(Condition("c", "=", 1), *pairs), all_of(Condition("c", "<", 9))]
    rule_set = make_set(*rules, most_closures=most_closures)
    assert rule_set.matches({"a": 9, "b": 0, "c": 1}.__getitem__) == [(0, 0), (1, 0), (2, 0)]
    assert rule_set.matches({"a": 1, "b": 2, "c": 1}.__getitem__) == [(0, 0), (2, 0)]
    assert rule_set.matches({"a": 1, "b": 2, "c": 2}.__getitem__) == [(2, 0)]


@BOTH
def test_matches__costly_variable__is_asked_only_if_a_rule_hangs_on_it(most_closures: int) -> None:
    rules = [
        all_of(Condition("dear", ">", 1), Condition("a", "=", 1)),
        all_of(one_of(Condition("dear", ">", 1), Condition("b", "=", 1))),
        all_of(Condition("dearer", ">", 1), Condition("dear", ">", 5)),
    ]
    rule_set = make_set(*rules[:2], most_closures=most_closures, costly=("dear", "dearer"))
    asked = Asked(a=0, b=1, dear=2)
    assert rule_set.matches(asked) == [(1, 0)]
    assert asked["dear"] == 0
    asked = Asked(a=1, b=1, dear=2)
    assert rule_set.matches(asked) == [(0, 0), (1, 0)]
    assert asked["dear"] == 1
    rule_set = make_set(*rules, most_closures=most_closures, costly=("dear", "dearer"))
    assert rule_set.matches(Asked(a=0, b=0, dear=2, dearer=9)) == [(1, 0)]


@BOTH
def test_matches__costly_scope_and_no_branch_possible__is_not_asked(most_closures: int) -> None:
    scope = Group("and", (Condition("dear", ">", 1),))
    branches = (Branch(Group("and", (Condition("a", "=", 1),)), ACT), Branch(Group("and", (Condition("a", "=", 2),)), ()))
    rule_set = make_set(Document(scope, branches), most_closures=most_closures, costly=("dear",))
    asked = Asked(a=3, dear=2)
    assert rule_set.matches(asked) == []
    assert asked["dear"] == 0
    assert rule_set.matches(Asked(a=2, dear=2)) == [(0, 1)]
    otherwise = make_set(Document(scope, branches, ACT), most_closures=most_closures, costly=("dear",))
    assert otherwise.matches(Asked(a=3, dear=2)) == [(0, ELSE)]


@BOTH
def test_next_wake__costly_variable_of_a_rule_that_waits__is_asked_at_its_time_only(most_closures: int) -> None:
    rules = [all_of(Condition("t", ">", 45), Condition("dear", ">", 1), Condition("a", "=", 1))]
    rule_set = make_set(*rules, most_closures=most_closures, clocks=CLOCKS, costly=("dear",))
    asked = Asked(t=0, a=0, dear=2)
    assert rule_set.next_wake([], read_at=lambda seconds: asked) is None
    assert asked["dear"] == 0


def test_matches__no_rules__are_none() -> None:
    assert make_set(most_closures=0).matches(Asked()) == []


def column(*literals: tuple[str, str, Any]) -> Column:
    rows = [(row, Literal(Condition(*literal), True, False)) for row, literal in enumerate(literals)]
    return Column(rows, everything=mask_of(range(len(rows))))


def test_column__many_values__are_remembered_up_to_a_bound() -> None:
    texts = column(("x", "contains", "7"))
    for number in range(3 * MOST_REMEMBERED):
        assert bool(texts[str(number)]) is ("7" in str(number))
        assert len(texts) <= MOST_REMEMBERED
    assert "7" * (LONGEST_REMEMBERED + 1) not in texts
    assert texts["7" * (LONGEST_REMEMBERED + 1)] == 1
    assert "7" * (LONGEST_REMEMBERED + 1) not in texts


def test_column__several_demands_on_one_text__have_to_be_met_all() -> None:
    demands = [Condition("x", "contains", "red"), Condition("x", "contains", "boot"), Condition("x", "beginsWith", "bi")]
    both = all_of(demands[0], demands[1], Condition("x", "!=", "red boots"))
    rule_set = make_set(both, all_of(demands[2]), most_closures=0)
    found = {text: rule_set.matches(lambda name, text=text: text) for text in ("Red boot", "RED BOOTS", "red", "bike")}
    assert found == {"Red boot": [(0, 0)], "RED BOOTS": [], "red": [], "bike": [(1, 0)]}


def test_column__very_many_needles__are_sorted_out_by_their_first_letters() -> None:
    words = [f"{first}{second}s" for first in "abcdefgh" for second in "aeioubcdf"]
    texts = column(
        *(("x", "contains", word) for word in words),
        ("x", "contains", "z"),
        ("x", "beginsWith", "y"),
        ("x", "beginsWith", "yes"),
    )
    assert len(words) > 60
    for value in ("abs gos", "", "z", "yes has", "HUS"):
        expected = [row for row, word in enumerate(words) if word in value.casefold()]
        expected += [len(words)] if "z" in value else []
        expected += [len(words) + 1, len(words) + 2] if value.startswith("yes") else []
        assert rows_of(texts[value]) == expected


def test_column__few_rows_of_a_long_index__are_kept_one_by_one() -> None:
    texts = column(*(("x", "contains", str(number)) for number in range(2100)))
    assert rows_of(texts["2099 5"]) == [0, 2, 5, 9, 20, 99, 209, 2099]


def test_column__range_from_the_larger_to_the_smaller__holds_nothing() -> None:
    assert column(("x", "between", (3, 2)))[2.5] == 0


def test_column__set_with_an_element_that_is_no_text__is_judged_by_the_others() -> None:
    assert column(("x", "contains", "a"), ("x", "contains", "b"))[frozenset({1, "A"})] == 1


def test_column__number_that_hardly_repeats__is_not_remembered() -> None:
    numbers = column(("x", ">", 1), ("x", "in", (2, 3)), ("x", "notIn", (2.5,)), ("x", "between", (2, 3)))
    assert [rows_of(numbers[value]) for value in (2.5, 2, 4)] == [[0, 3], [0, 1, 2, 3], [0, 2]]
    assert list(numbers) == [UNKNOWN, 2, 4]


@given(st.sets(st.integers(0, 300)))
def test_masks__any_rows__come_back_in_order(rows: set[int]) -> None:
    assert rows_of(mask_of(rows)) == sorted(rows)


@pytest.mark.parametrize(
    ("operator", "actual", "expected"),
    [
        ("<", "5", 5),
        ("=", 5, "5"),
        ("=", float("nan"), 5),
        (">", Decimal("NaN"), 5),
        (">", Money(Decimal("NaN"), "GBP"), Money(Decimal(1), "GBP")),
        (">", 5, Money(Decimal(1), "GBP")),
        ("contains", 5, 5),
        ("beginsWith", frozenset({"a"}), "a"),
        ("=", frozenset({"a"}), "a"),
        ("between", 5, (1, 2, 3)),
        ("in", 5, ()),
        ("in", 5, 5),
        ("in", 5, (1, "a")),
        ("=", None, 5),
        ("contains", ["a"], "a"),
        ("madeUp", 5, 5),
    ],
)
def test_holds__what_cannot_be_compared__is_unknown(operator: str, actual: Any, expected: Any) -> None:
    assert holds(operator, actual, expected) is None
    rule = all_of(Condition("x", operator, expected))
    for most_closures in (0, 10):
        assert make_set(rule, most_closures=most_closures).matches({"x": actual}.__getitem__) == []


class Safe(str):
    """A text of another class, as Django marks it."""

    __slots__ = ()


def test_holds__subclass_of_a_text_or_decimal__is_compared() -> None:
    assert holds("=", Safe("a"), "A") is True
    assert holds(">", Decimal("2.5"), 2) is True
    assert kind_expected("=", frozenset({"a"})) is None
    for most_closures in (0, 10):
        assert make_set(all_of(Condition("x", "=", "A")), most_closures=most_closures).matches(lambda name: Safe("a"))
        assert make_set(all_of(Condition("x", ">", 2)), most_closures=most_closures).matches(lambda name: Decimal("2.5"))
