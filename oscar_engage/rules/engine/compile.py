"""How is a rule judged fast? The document as nested closures, built once when it is loaded; same answers as the walker."""

from collections.abc import Callable
from typing import Any, TypeAlias

from oscar_engage.rules.engine.compare import IS_KNOWN, IS_UNKNOWN, comparable, comparison, holds
from oscar_engage.rules.engine.logic import Truth
from oscar_engage.rules.engine.tree import ELSE, Condition, Document, Group, Node
from oscar_engage.rules.engine.values import UNKNOWN, Money
from oscar_engage.rules.engine.walk import Read

Judge: TypeAlias = Callable[[Read], Truth]
Choose: TypeAlias = Callable[[Read], int | None]


def compile_document(document: Document) -> Choose:
    """Return ``walk.choose`` for this one document: a function of ``read`` with all that is constant worked out before."""
    scope = _always if document.scope is None else compile_node(document.scope)
    branches = tuple((index, compile_node(branch.when)) for index, branch in enumerate(document.branches))
    last = ELSE if document.otherwise else None
    skips = document.unknown == "skip"

    def choose(read: Read) -> int | None:
        if scope(read) is not True:
            return None
        for index, judge in branches:
            verdict = judge(read)
            if verdict:
                return index
            if verdict is None and skips:
                return None
        return last

    return choose


def compile_node(node: Node, *, is_hidden: Callable[[Condition], bool] | None = None) -> Judge:
    """Return ``walk.judge`` for this one tree; the conditions that ``is_hidden`` picks are taken as unknown."""
    if isinstance(node, Group):
        return _compile_group(node, is_hidden)
    if is_hidden is not None and is_hidden(node):
        return _never_known
    return _compile_condition(node)


def _always(read: Read) -> Truth:
    return True


def _never_known(read: Read) -> Truth:
    return None


def _compile_condition(condition: Condition) -> Judge:
    field, operator, expected = condition.field, condition.operator, condition.value
    if operator in {IS_KNOWN, IS_UNKNOWN} or _is_money(expected):
        return lambda read: holds(operator, read(field), expected)
    test = comparison(operator)
    value = comparable(expected)

    def judge(read: Read) -> Truth:
        actual: Any = read(field)
        if actual is UNKNOWN:
            return None
        return test(comparable(actual), value)

    return judge


def _is_money(expected: Any) -> bool:
    return isinstance(expected[0] if isinstance(expected, tuple) and expected else expected, Money)


def _compile_group(group: Group, is_hidden: Callable[[Condition], bool] | None) -> Judge:
    """Compile with the negation pushed to the end: a group stops at its ``decisive`` truth (false for and, true for or)."""
    judges = tuple(compile_node(child, is_hidden=is_hidden) for child in group.rules)
    decisive = group.combinator == "or"
    decided, exhausted = decisive is not group.negated, decisive is group.negated

    def judge(read: Read) -> Truth:
        unknown = False
        for child in judges:
            verdict = child(read)
            if verdict is decisive:
                return decided
            if verdict is None:
                unknown = True
        return None if unknown else exhausted

    return judge
