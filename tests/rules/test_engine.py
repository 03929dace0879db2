"""The walker's meaning (laws of Kleene's logic), and the compiled form against it."""

import ast
import itertools
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oscar_engage.rules.engine
from oscar_engage.rules.engine.compare import OPERATORS, holds
from oscar_engage.rules.engine.compile import compile_document
from oscar_engage.rules.engine.explain import explain
from oscar_engage.rules.engine.logic import Truth, every, negation, some
from oscar_engage.rules.engine.tree import ELSE, Action, Branch, Condition, Document, Group, Node
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.engine.walk import Read, choose, judge, judging
from tests.rules.trees import contexts, documents, plain_conditions, trees

TRUTHS: tuple[Truth, ...] = (True, False, None)
RANK = {False: 0, None: 1, True: 2}
POUND, EURO = Money(Decimal(5), "GBP"), Money(Decimal(5), "EUR")
ACT = (Action("show.balloon", "x"),)


def everywhere(value: Value) -> Read:
    """Return a reader in which every variable is worth ``value``."""
    return defaultdict(lambda: value).__getitem__


def truth_of(node: Node, context: dict[str, Value]) -> Truth:
    return judge(node, judging(context.__getitem__))


def test_engine__modules__import_no_django_and_no_clock() -> None:
    allowed = {"bisect", "collections", "dataclasses", "decimal", "enum", "operator", "typing", "oscar_engage"}
    for path in Path(oscar_engage.rules.engine.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in allowed
                assert not name.startswith("oscar_engage") or name.startswith("oscar_engage.rules.engine")


@pytest.mark.parametrize("truths", [*itertools.product(TRUTHS, repeat=3)])
def test_logic__all_triples__equal_the_minimum_and_maximum_of_kleene(truths: tuple[Truth, ...]) -> None:
    assert RANK[every(truths)] == min(RANK[truth] for truth in truths)
    assert RANK[some(truths)] == max(RANK[truth] for truth in truths)


@pytest.mark.parametrize("truths", [*itertools.product(TRUTHS, repeat=2)])
def test_logic__all_pairs__obey_de_morgan(truths: tuple[Truth, ...]) -> None:
    assert negation(every(truths)) is some([negation(truth) for truth in truths])
    assert negation(some(truths)) is every([negation(truth) for truth in truths])


def test_logic__nothing_to_combine__is_true_for_and_false_for_or() -> None:
    assert every([]) is True
    assert some([]) is False


@pytest.mark.parametrize(
    ("operator", "actual", "expected", "result"),
    [
        ("=", 3, 3, True),
        ("!=", 3, 3, False),
        ("<", 2.5, 3, True),
        ("<=", 3, 3, True),
        (">", 3, 3, False),
        (">=", 3, 3, True),
        ("between", 3, (3, 4), True),
        ("between", 4, (3, 4), True),
        ("between", 4.1, (3, 4), False),
        ("in", "b", ("a", "b"), True),
        ("notIn", "b", ("a", "b"), False),
        ("=", "Boots", "bOOTS", True),
        ("contains", "red Boots", "BOOT", True),
        ("beginsWith", "Red boots", "red", True),
        ("beginsWith", "Red boots", "boots", False),
        ("contains", frozenset({"Phone", "city"}), "phone", True),
        ("contains", frozenset({"telephone"}), "phone", False),
        ("in", frozenset({"phone"}), ("PHONE", "city"), True),
        ("notIn", frozenset({"phone"}), ("city",), True),
        (">", Money(Decimal("5.01"), "GBP"), POUND, True),
        (">", Money(Decimal("5.01"), "GBP"), EURO, None),
        ("!=", POUND, EURO, None),
        ("between", POUND, (POUND, Money(Decimal(9), "GBP")), True),
        ("between", POUND, (EURO, EURO), None),
        ("null", UNKNOWN, None, True),
        ("null", 0, None, False),
        ("notNull", UNKNOWN, None, False),
        ("notNull", False, None, True),
    ],
)
def test_holds__each_operator__means_what_it_says(operator: str, actual: Value, expected: object, result: Truth) -> None:
    assert holds(operator, actual, expected) is result  # type: ignore[arg-type]  # the table mixes all types
    compiled = compile_document(Document(None, (Branch(Group("and", (Condition("x", operator, expected),)), ACT),), (), "skip"))  # type: ignore[arg-type]  # as above
    assert compiled({"x": actual}.__getitem__) == (0 if result else None)


@pytest.mark.parametrize("operator", [name for name in OPERATORS if name not in ("null", "notNull")])
def test_holds__unknown_value__is_unknown(operator: str) -> None:
    assert holds(operator, UNKNOWN, (1, 2)) is None


@given(trees(plain_conditions()), contexts())
def test_judge__any_tree__equals_its_de_morgan_dual(tree: Node, context: dict[str, Value]) -> None:
    def dual(node: Node) -> Node:
        """Return a tree that means "not ``node``", with every group turned round and the leaves negated."""
        if isinstance(node, Condition):
            return Group("and", (node,), negated=True)
        turned = Group("or" if node.combinator == "and" else "and", tuple(dual(child) for child in node.rules))
        return Group("and", (turned,), negated=True) if node.negated else turned

    assert truth_of(dual(tree), context) is negation(truth_of(tree, context))


@given(trees(plain_conditions(knowing=False)), contexts(), st.data())
def test_judge__an_unknown_becomes_known__never_flips_what_was_decided(
    tree: Node, context: dict[str, Value], data: st.DataObject
) -> None:
    known = {name: data.draw(st.integers(0, 4)) if value is UNKNOWN else value for name, value in context.items()}
    before = truth_of(tree, context)
    assert before is None or truth_of(tree, known) is before
    assert truth_of(tree, known) is not None


@given(documents(plain_conditions(knowing=False), unknown=("skip",)), contexts(), st.data())
def test_choose__skip_and_an_unknown_becomes_known__keeps_the_branch_that_held(
    document: Document, context: dict[str, Value], data: st.DataObject
) -> None:
    known = {name: data.draw(st.integers(0, 4)) if value is UNKNOWN else value for name, value in context.items()}
    branch = choose(document, context.__getitem__)
    assert branch is None or choose(document, known.__getitem__) == branch


@given(trees(plain_conditions(knowing=False)))
def test_choose__nothing_is_known__a_condition_never_fires(tree: Node) -> None:
    document = Document(None, (Branch(Group("and", (tree, Condition("a", "=", 1))), ACT),))
    assert choose(document, everywhere(UNKNOWN)) is None


@given(documents(plain_conditions()), contexts())
def test_compiled__any_document__chooses_as_the_walker_does(document: Document, context: dict[str, Value]) -> None:
    assert compile_document(document)(context.__getitem__) == choose(document, context.__getitem__)


@pytest.mark.parametrize(("unknown", "expected"), [("skip", None), ("else", ELSE)])
def test_choose__first_branch_unknown__skips_or_goes_on(unknown: str, expected: int | None) -> None:
    document = Document(None, (Branch(Group("and", (Condition("a", ">", 1),)), ACT),), ACT, unknown)  # type: ignore[arg-type]  # parametrised
    assert choose(document, everywhere(UNKNOWN)) == expected
    assert choose(document, everywhere(2)) == 0
    assert choose(document, everywhere(0)) == ELSE


@pytest.mark.parametrize("unknown", ["skip", "else"])
def test_choose__scope_unknown_or_false__is_silent(unknown: str) -> None:
    scope = Group("and", (Condition("a", ">", 1),))
    document = Document(scope, (), ACT, unknown)  # type: ignore[arg-type]  # parametrised
    assert choose(document, everywhere(UNKNOWN)) is None
    assert choose(document, everywhere(0)) is None
    assert choose(document, everywhere(2)) == ELSE


@given(documents(plain_conditions()), contexts())
def test_explain__any_document__agrees_with_the_walker_leaf_by_leaf(document: Document, context: dict[str, Value]) -> None:
    explanation = explain(document, context.__getitem__)
    assert explanation.branch == choose(document, context.__getitem__)
    assert [leaf.field for leaf in explanation.leaves] == [condition.field for condition in document.conditions()]
    for leaf in explanation.leaves:
        assert leaf.actual == context[leaf.field]
        assert leaf.result is holds(leaf.operator, leaf.actual, leaf.expected)


def test_explain__nested_condition__has_its_path() -> None:
    inner = Group("or", (Condition("a", ">", 1), Condition("b", "=", 2)))
    document = Document(Group("and", (Condition("c", "=", 0),)), (Branch(Group("and", (inner,)), ACT),))
    explanation = explain(document, {"a": 0, "b": UNKNOWN, "c": 0}.__getitem__)
    assert [leaf.path for leaf in explanation.leaves] == [
        "scope.rules[0]",
        "branches[0].when.rules[0].rules[0]",
        "branches[0].when.rules[0].rules[1]",
    ]
    assert explanation.scope is True
    assert explanation.branches == (None,)
    assert [leaf.result for leaf in explanation.leaves] == [True, False, None]
