"""Are all moments at once judged as the walker judges each of them?"""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine import columns
from oscar_engage.rules.engine.columns import Columns, choose_all, find_acting, load_column
from oscar_engage.rules.engine.tree import ELSE, Action, Branch, Condition, Document, Group
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.engine.walk import choose
from tests.rules.trees import PLAIN, contexts, documents, plain_conditions


def load(moments: list[dict[str, Value]], fields: tuple[str, ...] = PLAIN, *, is_lasting: bool = True) -> Columns:
    values = {field: [moment[field] for moment in moments] for field in fields}
    return Columns(len(moments), {field: load_column(own, is_lasting=is_lasting) for field, own in values.items()})


def answers(document: Document, loaded: Columns) -> list[int | None]:
    """Return the branch of each moment."""
    taken = choose_all(document, loaded)
    of = [[branch for branch, mask in taken.items() if mask >> place & 1] for place in range(loaded.size)]
    assert all(len(branches) < 2 for branches in of), "a moment takes one branch at most"
    return [branches[0] if branches else None for branches in of]


@pytest.mark.parametrize("few", [64, 0], ids=["a mask each", "sorted"])
@given(document=documents(plain_conditions()), moments=st.lists(contexts(), max_size=12))
def test_choose_all__any_document__is_the_walker_in_each_moment(
    few: int, document: Document, moments: list[dict[str, Value]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "FEW", few)
        patch.setattr(columns, "_STEP", 2)
        expected = [choose(document, moment.__getitem__) for moment in moments]
        assert answers(document, load(moments)) == answers(document, load(moments, is_lasting=False)) == expected


MIXED: dict[str, tuple[str, list[Value], list[Any]]] = {
    "money": (
        "=,!=,<,<=,>,>=,between,null,notNull",
        [UNKNOWN, *(Money(Decimal(n), "GBP") for n in range(5))],
        [Money(Decimal(n), currency) for n in range(4) for currency in ("GBP", "EUR")],
    ),
    "text": ("=,!=,in,notIn,contains,beginsWith,null", [UNKNOWN, "a", "A", "ab", "b"], ["a", "B"]),
    "set": ("contains,in,notIn,null", [UNKNOWN, frozenset(), frozenset("a"), frozenset("Ab")], ["a", "B"]),
}


@st.composite
def mixed(draw: st.DrawFn) -> tuple[Document, list[dict[str, Value]]]:
    operators, values, expected = MIXED[draw(st.sampled_from(sorted(MIXED)))]
    operator = draw(st.sampled_from(operators.split(",")))
    value: Any = draw(st.sampled_from(expected))
    if operator in ("in", "notIn"):
        value = tuple(draw(st.lists(st.sampled_from(expected), min_size=1, max_size=2)))
    if operator == "between":
        value = (value, Money(value.amount + 1, value.currency))
    group = Group("and", (Condition("a", operator, None if "ull" in operator else value),), negated=draw(st.booleans()))
    document = Document(
        None, (Branch(group, (Action("x", "y"),)),), (Action("x", "z"),), draw(st.sampled_from(("skip", "else")))
    )
    return document, [{"a": one} for one in draw(st.lists(st.sampled_from(values), max_size=9))]


@pytest.mark.parametrize("few", [64, 0], ids=["a mask each", "sorted"])
@given(case=mixed())
def test_choose_all__amounts_texts_and_sets__are_judged_as_the_walker_does(
    few: int, case: tuple[Document, list[dict[str, Value]]]
) -> None:
    document, moments = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "FEW", few)
        expected = [choose(document, moment.__getitem__) for moment in moments]
        for is_lasting in (True, False):
            assert answers(document, load(moments, ("a",), is_lasting=is_lasting)) == expected


def test_choose_all__variable_without_a_column__is_unknown_everywhere() -> None:
    document = Document(None, (Branch(Group("and", (Condition("gone", "=", 1),)), (Action("x", "y"),)),))
    loaded = Columns(2, {})
    assert answers(document, loaded) == [None, None]
    assert find_acting(document, loaded) == 0


def test_find_acting__branch_that_leaves_alone__does_not_count() -> None:
    quiet, other = Branch(Group("and", (Condition("a", "=", 1),)), ()), (Action("x", "y"),)
    document = Document(None, (quiet,), other)
    loaded = load([{"a": 1}, {"a": 2}], ("a",))
    assert choose_all(document, loaded) == {0: 1, ELSE: 2}
    assert find_acting(document, loaded) == 2


def holding(condition: Condition, values: list[Value]) -> int:
    document = Document(None, (Branch(Group("and", (condition,)), (Action("x", "y"),)),))
    return find_acting(document, Columns(len(values), {condition.field: load_column(values)}))


def test_load_column__many_values_without_one_order__are_asked_one_by_one() -> None:
    values: list[Value] = [*range(70), "a", UNKNOWN]
    assert holding(Condition("a", "=", 69), values) == 1 << 69


def test_load_column__many_amounts_of_two_currencies__are_asked_one_by_one() -> None:
    values: list[Value] = [Money(Decimal(n), "GBP" if n % 2 else "EUR") for n in range(140)]
    assert holding(Condition("a", ">", Money(Decimal(137), "EUR")), values) == 1 << 138
