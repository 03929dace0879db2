"""How do other engines judge the same rules? All rules as one expression, the fastest way that each of them offers."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.rules_data import SETS
from oscar_engage.rules.engine.tree import Condition, Document, Group, Node
from oscar_engage.rules.engine.values import Money, Value
from oscar_engage.rules.jsonlogic.write import jsonlogic_data, to_jsonlogic

Judge = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine: what makes its judge (data to a list of truths), and the most rules worth waiting for."""

    name: str
    compile: Callable[[Sequence[Document]], Judge]
    most_rules: int


@dataclass(frozen=True, slots=True)
class Words:
    """In what the languages of zen-engine and rule-engine differ."""

    begins: str
    contains: str


def peer_data(visitor: Mapping[str, Value]) -> dict[str, Any]:
    """Return a visitor as peers read it. Making this is not counted: they are given what they like best."""
    return jsonlogic_data(visitor)


def matched(truths: Sequence[Any]) -> list[tuple[int, int]]:
    """Return a peer's answer as ours is."""
    return [(place, 0) for place, truth in enumerate(truths) if truth is True]


def make_datalogic(documents: Sequence[Document]) -> Judge:
    """Return datalogic-py's judge: one array of JsonLogic."""
    import datalogic_py

    logic = [to_jsonlogic(_together(document), sets=SETS) for document in documents]
    judge: Judge = datalogic_py.Engine().compile(logic).evaluate
    return judge


def make_zen(documents: Sequence[Document]) -> Judge:
    """Return zen-engine's judge: one array of expressions."""
    import zen

    judge: Judge = zen.compile_expression(
        f"[{', '.join(_expression(_together(document), ZEN) for document in documents)}]"
    ).evaluate
    return judge


def make_rule_engine(documents: Sequence[Document]) -> Judge:
    """Return rule-engine's judge: one rule after the other, for it knows no more."""
    import rule_engine

    rules = [rule_engine.Rule(_expression(_together(document), RULE_ENGINE)) for document in documents]
    return lambda data: [rule.matches(data) for rule in rules]


PEERS = (
    Peer("datalogic-py", make_datalogic, 10_000),
    Peer("zen-engine", make_zen, 10_000),
    Peer("rule-engine", make_rule_engine, 100),
)


def _together(document: Document) -> Group:
    """Return all conditions of a rule with one branch."""
    scope = () if document.scope is None else (document.scope,)
    return Group("and", (*scope, document.branches[0].when))


ZEN = Words("startsWith({0}, {1})", "contains({0}, {1})")
RULE_ENGINE = Words("{0}.starts_with({1})", "{1} in {0}")


def _expression(node: Node, words: Words) -> str:
    """Return the rule in the words that zen-engine and rule-engine share."""
    if isinstance(node, Condition):
        return _comparison(node, words)
    joined = f" {node.combinator} ".join(_expression(child, words) for child in node.rules)
    return f"not ({joined})" if node.negated else f"({joined})"


def _comparison(condition: Condition, words: Words) -> str:
    field, operator, expected = condition.field, condition.operator, condition.value
    if isinstance(expected, Money):
        return f"{field}.amount {operator} {float(expected.amount)}"  # all amounts are in one currency
    if field in SETS:
        texts = expected if isinstance(expected, tuple) else (expected,)
        return "(" + " or ".join(f"{json.dumps(text)} in {field}" for text in texts) + ")"
    if isinstance(expected, tuple):
        if operator == "in":
            return f"{field} in {json.dumps(list(expected))}"
        return f"({field} >= {json.dumps(expected[0])} and {field} <= {json.dumps(expected[1])})"
    if operator in ("contains", "beginsWith"):
        return (words.contains if operator == "contains" else words.begins).format(field, json.dumps(expected))
    return f"{field} {'==' if operator == '=' else operator} {json.dumps(expected)}"
