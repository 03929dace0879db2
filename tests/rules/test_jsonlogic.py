"""Conditions in JsonLogic: what is written is read back to mean the same, and what cannot be said is refused in words."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.rules.engine.tree import Branch, Condition, Document, Group, Node
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.engine.walk import judge, judging
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.jsonlogic import document_to_jsonlogic, jsonlogic_data, to_jsonlogic
from oscar_engage.rules.jsonlogic_read import read_jsonlogic
from tests.rules.test_grammar import JSON

CONTEXTS = st.fixed_dictionaries(
    {
        "visit.pages": st.integers(0, 5),
        "page.kind": st.sampled_from(["home", "product", "basket"]),
        "visit.last_search": st.sampled_from(["boots", "Red Boots", "coat"]),
        "visit.came_back": st.booleans(),
        "checkout.error_fields": st.frozensets(st.sampled_from(["email", "phone"])),
        "basket.total": st.builds(Money, st.sampled_from([Decimal(5), Decimal(50)]), st.sampled_from(["GBP", "EUR"])),
    }
)
CONDITIONS = st.sampled_from(
    [
        *[Condition("visit.pages", sign, 3) for sign in ("=", "!=", "<", "<=", ">", ">=")],
        Condition("visit.pages", "between", (1, 3)),
        Condition("visit.pages", "in", (1, 4)),
        Condition("visit.pages", "notIn", (1, 4)),
        Condition("visit.pages", "notNull", None),
        Condition("visit.pages", "null", None),
        Condition("page.kind", "=", "basket"),
        Condition("page.kind", "notIn", ("home", "basket")),
        Condition("visit.last_search", "contains", "boots"),
        Condition("visit.last_search", "beginsWith", "red"),
        Condition("visit.came_back", "=", True),
        Condition("checkout.error_fields", "contains", "email"),
        Condition("basket.total", ">", Money(Decimal(20), "GBP")),
        Condition("basket.total", "between", (Money(Decimal(1), "GBP"), Money(Decimal(9), "GBP"))),
    ]
)


def groups(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Group]:
    return st.builds(Group, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3).map(tuple))


GROUPS = groups(CONDITIONS | groups(CONDITIONS))


def truth(node: Node, values: dict[str, Value]) -> bool | None:
    return judge(node, judging(lambda name: values.get(name, UNKNOWN)))


@given(GROUPS, CONTEXTS)
def test_read_jsonlogic__what_was_written__means_the_same(node: Node, values: dict[str, Value]) -> None:
    assert truth(read_jsonlogic(to_jsonlogic(node)), values) is truth(node, values)


@given(GROUPS, CONTEXTS)
def test_to_jsonlogic__a_negated_group__is_true_where_the_group_is_false(node: Node, values: dict[str, Value]) -> None:
    negated = Group("and", (node,), negated=True)
    written = read_jsonlogic(to_jsonlogic(negated))
    assert (truth(written, values) is True) == (truth(negated, values) is True)


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        ({"<": [3, {"var": "visit.pages"}]}, [Condition("visit.pages", ">", 3)]),
        ({"===": [{"var": ["visit.pages"]}, 3]}, [Condition("visit.pages", "=", 3)]),
        ({"<": [1, {"var": "visit.pages"}, 5]}, [Condition("visit.pages", ">", 1), Condition("visit.pages", "<", 5)]),
        ({"var": "visit.came_back"}, [Condition("visit.came_back", "=", True)]),
        ({"!!": [{"var": "visit.came_back"}]}, [Condition("visit.came_back", "=", True)]),
        ({"!=": [{"var": "visit.pages"}, None]}, [Condition("visit.pages", "notNull", None)]),
    ],
)
def test_read_jsonlogic__other_ways_to_say_it__are_understood(logic: Any, expected: list[Condition]) -> None:
    assert list(read_jsonlogic(logic).rules) == expected


@pytest.mark.parametrize(
    ("logic", "words"),
    [
        (5, "An operation"),
        ({"map": [1]}, "“map” cannot be said"),
        ({"and": []}, "“and” of nothing"),
        ({"var": "visit.pages"}, "alone is no condition"),
        ({"==": [1, 2]}, "compares one variable"),
        ({"<=": [1, 2, 3]}, "A variable is needed"),
        ({"in": [{"var": "visit.pages"}, [{"var": "visit.seconds"}]]}, "A value is needed"),
        ({"and": [{">": [{"var": "basket.total.amount"}, 5]}]}, "beside its currency"),
        ({"and": [{"==": [{"var": "basket.total.currency"}, "GBP"]}]}, "beside its currency"),
        ({">": [{"var": "visit.pagse"}, 1]}, "Did you mean"),
    ],
)
def test_read_jsonlogic__what_no_condition_can_say__is_refused_in_words(logic: Any, words: str) -> None:
    with pytest.raises(InvalidRuleError) as refused:
        read_jsonlogic(logic)
    assert any(words in error.message for error in refused.value.errors)


def test_read_jsonlogic__nested_without_end__is_refused() -> None:
    logic: Any = {"var": "visit.came_back"}
    for _level in range(20_000):
        logic = {"!": [logic]}
    with pytest.raises(InvalidRuleError):
        read_jsonlogic(logic)


@given(JSON)
def test_read_jsonlogic__any_json__is_read_or_refused(raw: object) -> None:
    with pytest.raises(InvalidRuleError):
        read_jsonlogic(raw)


def test_document_to_jsonlogic__scope_branches_else__are_a_chain() -> None:
    seen = Group("and", (Condition("visit.pages", ">", 3),))
    plain = Document(None, (Branch(seen, ()),))
    logic = {"and": [{">": [{"var": "visit.pages"}, 3]}]}
    assert document_to_jsonlogic(plain) == {"if": [logic, 0, None]}
    assert document_to_jsonlogic(Document(seen, (Branch(seen, ()),))) == {"if": [logic, {"if": [logic, 0, None]}, None]}


def test_to_jsonlogic__any_of_a_set_and_nothing_at_all() -> None:
    listed = Condition("checkout.error_fields", "in", ("email",))
    assert to_jsonlogic(listed) == {"or": [{"in": ["email", {"var": "checkout.error_fields"}]}]}
    assert to_jsonlogic(listed, wanted=False) == {"!": [to_jsonlogic(listed)]}
    assert to_jsonlogic(Group("and", ())) is True
    assert to_jsonlogic(Group("or", ())) is False


def test_jsonlogic_data__values__stand_below_their_levels() -> None:
    values: dict[str, Value] = {
        "basket.total": Money(Decimal("9.50"), "GBP"),
        "basket.lines": 2,
        "page.kind": UNKNOWN,
        "checkout.error_fields": frozenset({"B", "a"}),
    }
    assert jsonlogic_data(values) == {
        "basket": {"total": {"amount": 9.5, "currency": "GBP"}, "lines": 2},
        "checkout": {"error_fields": ["a", "b"]},
    }
