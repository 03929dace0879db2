"""Conditions in JsonLogic and back: the same answers on complete data, and a clear refusal of what cannot be said."""

import importlib.util
import random
from decimal import Decimal
from typing import Any

import pytest

from oscar_engage.rules.engine.tree import ELSE, Action, Branch, Condition, Document, Group
from oscar_engage.rules.engine.values import UNKNOWN, Money
from oscar_engage.rules.engine.walk import choose, judge, judging
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.jsonlogic.read import read_jsonlogic
from oscar_engage.rules.jsonlogic.write import document_to_jsonlogic, jsonlogic_data, set_names, to_jsonlogic
from oscar_engage.rules.variables import VARIABLES
from tests.rules.moments import EXAMPLE

POUND = Money(Decimal("5.50"), "GBP")
ACT = (Action("show.balloon", "x"),)
HAS_DATALOGIC = importlib.util.find_spec("datalogic_py") is not None
NEEDS_DATALOGIC = pytest.mark.skipif(
    not HAS_DATALOGIC, reason="!!!!! DID NOT RUN: datalogic-py is not installed (pip install -e .[test])"
)
OPERATORS = {
    "visit.pages": [(sign, 3) for sign in ("=", "!=", "<", "<=", ">", ">=")]
    + [("between", (2, 3)), ("in", (1, 3)), ("notIn", (1, 3))],
    "basket.total": [("=", POUND), ("!=", POUND), ("<", POUND), (">=", POUND), ("between", (POUND, Money(Decimal(7), "GBP")))],
    "visit.last_search": [
        *((sign, "Boots") for sign in ("=", "!=", "contains", "beginsWith")),
        *(("in", ("boots", "TENT")), ("notIn", ("boots",)), ("contains", "OO"), ("beginsWith", "Bo")),
    ],
    "checkout.error_fields": [("contains", "City"), ("in", ("city", "phone")), ("notIn", ("city", "phone"))],
    "visit.is_abandoning": [("=", True), ("=", False)],
}
WORTH: dict[str, list[Any]] = {
    "visit.pages": [1, 2, 3, 4],
    "basket.total": [Money(Decimal(amount), currency) for amount in ("5.49", "5.50", "6", "9") for currency in ("GBP", "EUR")],
    "visit.last_search": ["boots", "BOOT", "tent", "red boots", ""],
    "checkout.error_fields": [frozenset(), frozenset({"City"}), frozenset({"city", "phone"}), frozenset({"cit"})],
    "visit.is_abandoning": [True, False],
}
CONDITIONS = [Condition(field, operator, value) for field, known in OPERATORS.items() for operator, value in known]


def in_pounds(*logic: Any) -> Any:
    return {"and": [{"==": [{"var": "basket.total.currency"}, "GBP"]}, *logic]}


def any_group(chance: random.Random, depth: int = 3) -> Group:
    children = tuple(
        any_group(chance, depth - 1) if depth > 1 and chance.random() < 0.4 else chance.choice(CONDITIONS)
        for _number in range(chance.randint(1, 3))
    )
    return Group(chance.choice(("and", "or")), children, chance.random() < 0.3)


def any_visitor(chance: random.Random) -> dict[str, Any]:
    return {field: chance.choice(values) for field, values in WORTH.items()}


def all_of(*conditions: Condition, **more: Any) -> Group:
    return Group("and", conditions, **more)


@NEEDS_DATALOGIC
@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: f"{one.field} {one.operator}")
def test_to_jsonlogic__each_condition_and_its_opposite__is_answered_alike_by_datalogic(condition: Condition) -> None:
    import datalogic_py  # noqa: PLC0415 - only where it is installed

    for value in WORTH[condition.field]:
        data = jsonlogic_data({condition.field: value})
        for tree in (all_of(condition), all_of(condition, negated=True)):
            expected = judge(tree, judging({condition.field: value}.__getitem__)) is True
            assert datalogic_py.apply(to_jsonlogic(tree), data) is expected


@NEEDS_DATALOGIC
@pytest.mark.parametrize("seed", range(60))
def test_document_to_jsonlogic__any_rule_and_complete_data__takes_the_branch_that_the_walker_takes(seed: int) -> None:
    import datalogic_py  # noqa: PLC0415 - only where it is installed

    chance = random.Random(seed)
    branches = tuple(Branch(any_group(chance), ACT) for _number in range(chance.randint(1, 3)))
    scope = chance.choice((None, any_group(chance)))
    document = Document(scope, branches, chance.choice(((), ACT)), "else")
    judged = datalogic_py.Engine().compile(document_to_jsonlogic(document))
    for _number in range(20):
        visitor = any_visitor(chance)
        assert judged.evaluate(jsonlogic_data(visitor)) == choose(document, visitor.__getitem__)


@pytest.mark.parametrize("seed", range(60))
def test_read_jsonlogic__what_was_exported__means_the_same(seed: int) -> None:
    chance = random.Random(seed)
    tree = any_group(chance, depth=2)
    again = read_jsonlogic(to_jsonlogic(tree))
    for _number in range(20):
        visitor = any_visitor(chance)
        leaf = judging(visitor.__getitem__)
        assert (judge(again, leaf) is True) == (judge(tree, leaf) is True)


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: f"{one.field} {one.operator}")
def test_read_jsonlogic__a_plain_condition__comes_back(condition: Condition) -> None:
    again = read_jsonlogic(to_jsonlogic(condition))
    if (condition.operator in ("=", "in") and isinstance(condition.value, str | tuple)) or condition.operator == "contains":
        condition = Condition(condition.field, condition.operator, lower(condition.value))
    if condition.field == "checkout.error_fields" and condition.operator != "contains":
        return  # any of several becomes "or": compared by what it means above
    shown = {"beginsWith": lower(condition.value), "!=": lower(condition.value), "notIn": lower(condition.value)}
    assert again == all_of(Condition(condition.field, condition.operator, shown.get(condition.operator, condition.value)))


def lower(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(lower(one) for one in value)
    return value.casefold() if isinstance(value, str) else value


def test_document_to_jsonlogic__the_example__reads_as_an_if() -> None:
    document = parse_document(EXAMPLE)
    pounds = {"==": [{"var": "basket.total.currency"}, "GBP"]}
    assert document_to_jsonlogic(document) == {
        "if": [
            {"and": [{"==": [{"var": "page.kind"}, "checkout"]}]},
            {
                "if": [
                    {
                        "and": [
                            {"and": [pounds, {">": [{"var": "basket.total.amount"}, 100.0]}]},
                            {">": [{"var": "page.idle_seconds"}, 45.0]},
                            {"and": [{"!=": [{"var": "visitor.segment"}, "self_server"]}]},
                        ]
                    },
                    0,
                    ELSE,
                ]
            },
            None,
        ]
    }


def test_to_jsonlogic__nothing_and_whether_it_is_known__are_said() -> None:
    assert to_jsonlogic(Group("and", ())) is True
    assert to_jsonlogic(Group("or", ())) is False
    assert to_jsonlogic(Condition("visit.pages", "null", None)) == {"==": [{"var": "visit.pages"}, None]}
    assert to_jsonlogic(Condition("visit.pages", "null", None), wanted=False) == {"!=": [{"var": "visit.pages"}, None]}
    assert to_jsonlogic(Condition("tags", "in", ("A",)), sets={"tags"}) == {"or": [{"in": ["a", {"var": "tags"}]}]}
    assert "checkout.error_fields" in set_names()


def test_jsonlogic_data__values__are_nested_folded_and_without_the_unknown() -> None:
    values = {"a.b": "Boots", "a.c": frozenset({"Z", "y"}), "m": POUND, "n": UNKNOWN, "d": 2.5}
    assert jsonlogic_data(values) == {"a": {"b": "boots", "c": ["y", "z"]}, "m": {"amount": 5.5, "currency": "GBP"}, "d": 2.5}


def test_jsonlogic_data__shipped_variables__no_name_lies_within_another() -> None:
    names = {variable.name for variable in VARIABLES}
    assert not [name for name in names if any(other.startswith(f"{name}.") for other in names)]


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        ({"<": [3, {"var": "visit.pages"}]}, Condition("visit.pages", ">", 3)),
        ({"===": ["boots", {"var": ["visit.last_search"]}]}, Condition("visit.last_search", "=", "boots")),
        ({"==": [{"var": "visit.pages"}, None]}, Condition("visit.pages", "null", None)),
        ({"!==": [None, {"var": "visit.pages"}]}, Condition("visit.pages", "notNull", None)),
        ({"var": "visit.is_abandoning"}, Condition("visit.is_abandoning", "=", True)),
        ({"!!": [{"var": "visit.is_abandoning"}]}, Condition("visit.is_abandoning", "=", True)),
        ({"!": {"in": [{"var": "visit.pages"}, [1, 2]]}}, Condition("visit.pages", "notIn", (1, 2))),
        (
            {"and": [{"==": [{"var": "basket.total.currency"}, "GBP"]}, {"<=": [5, {"var": "basket.total.amount"}, 7]}]},
            Condition("basket.total", "between", (Money(Decimal(5), "GBP"), Money(Decimal(7), "GBP"))),
        ),
    ],
)
def test_read_jsonlogic__ways_to_say_it__are_one_condition(logic: Any, expected: Condition) -> None:
    assert read_jsonlogic(logic) == all_of(expected)


def pounds(number: int) -> Money:
    return Money(Decimal(number), "GBP")


def test_read_jsonlogic__amounts_in_groups__take_the_currency_beside_them() -> None:
    amount = {"var": "basket.total.amount"}
    inside = all_of(Condition("basket.total", ">", pounds(1)), Condition("basket.total", "<", pounds(5)))
    assert read_jsonlogic(in_pounds({"<": [1, amount, 5]})) == inside
    assert read_jsonlogic(in_pounds({"==": [amount, None]})) == all_of(Condition("basket.total", "null", None))
    either = Group("or", (Condition("basket.total", "<", pounds(1)), Condition("basket.total", ">", pounds(5))))
    assert read_jsonlogic(in_pounds({"or": [{"<": [amount, 1]}, {">": [amount, 5]}]})) == either
    turned = Group("and", (Condition("basket.total", "<", pounds(1)),), negated=True)
    assert read_jsonlogic(in_pounds({"!": [{"<": [amount, 1]}]})) == turned
    several = read_jsonlogic(
        in_pounds({"<": [amount, 9]}, {">": [{"var": "visit.pages"}, 3]}, {"!": {"var": "visit.came_back"}})
    )
    assert [type(one) for one in several.rules] == [Condition, Condition, Group]


def test_read_jsonlogic__open_range_and_not__are_groups() -> None:
    assert read_jsonlogic({"<": [1, {"var": "visit.pages"}, 5]}) == all_of(
        Condition("visit.pages", ">", 1), Condition("visit.pages", "<", 5)
    )
    assert read_jsonlogic({"!": [{"var": "visit.is_abandoning"}]}) == all_of(
        Condition("visit.is_abandoning", "=", True), negated=True
    )


@pytest.mark.parametrize(
    ("logic", "told"),
    [
        ({"map": [{"var": "a"}, 1]}, "“map” cannot be said"),
        ({"if": [True, 1, 2]}, "“if” cannot be said"),
        ({"!": [1, 2]}, "“!” cannot be said"),
        ({">": [{"var": "visit.pages"}, {"var": "visit.searches"}]}, "compares one variable with one value"),
        ({">": [{"+": [1, 2]}, 3]}, "compares one variable with one value"),
        ({"==": [{"var": ["visit.pages", 0]}, 3]}, "compares one variable with one value"),
        ({">": [1, {"var": "visit.pages"}, 0]}, "compares one variable with one value"),
        ({"==": [{"substr": [{"var": "visit.last_search"}, 1, 2]}, "ab"]}, "compares one variable with one value"),
        ({"in": [1, 2]}, "A variable is needed"),
        ({"in": [{"var": "visit.pages"}, [{"+": [1, 1]}]]}, "A value is needed"),
        ({"var": "visit.pages"}, "“visit.pages” alone is no condition"),
        ({"var": ""}, "A variable is needed"),
        (in_pounds({"!": [{"<": [{"var": "basket.total.amount"}, 1]}] * 2}), "“!” cannot be said"),
        ({"==": ["boots", "tent"]}, "compares one variable with one value"),
        ({"and": []}, "“and” of nothing"),
        ({">": [{"var": "basket.total.amount"}, 5]}, "Name an amount beside its currency"),
        ({"and": [{">": [{"var": "basket.total.amount"}, 5]}]}, "Name an amount beside its currency"),
        ({"and": [{"==": [{"var": "basket.total.currency"}, "GBP"]}]}, "Name an amount beside its currency"),
        ({"==": [{"var": "nothing.here"}, 5]}, "There is no variable"),
        ({"==": [{"var": "visit.pages"}, "many"]}, "Type a whole number"),
        ({"a": 1, "b": 2}, "An operation such as"),
        ({"and": [True, {"var": "visit.is_abandoning"}]}, "An operation such as"),
        (True, "An operation such as"),
        (None, "An operation such as"),
        ("x", "An operation such as"),
    ],
)
def test_read_jsonlogic__what_cannot_be_said__is_refused_by_name(logic: Any, told: str) -> None:
    with pytest.raises(InvalidRuleError, match=told):
        read_jsonlogic(logic)


def test_read_jsonlogic__nested_without_end__is_refused() -> None:
    logic: Any = {"var": "visit.is_abandoning"}
    for _level in range(20_000):
        logic = {"!": [logic]}
    with pytest.raises(InvalidRuleError, match="nested too deeply"):
        read_jsonlogic(logic)


def test_read_jsonlogic__mistake_in_a_condition__is_told_at_its_place() -> None:
    with pytest.raises(InvalidRuleError) as refused:
        read_jsonlogic({"or": [{"==": [{"var": "visit.pages"}, 1]}, {"==": [{"var": "visit.pages"}, "many"]}]})
    assert [error.path for error in refused.value.errors] == ["rules[1].value"]
