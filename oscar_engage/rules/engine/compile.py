"""How is a rule judged fast? The document as nested closures, built once when it is loaded; same answers as the walker."""

from collections.abc import Callable, Container
from decimal import Decimal
from typing import Any, TypeAlias

from oscar_engage.rules.engine.compare import AnyKind, Kind, comparable, comparison, fold_set, holds, kind_expected, suits_sets
from oscar_engage.rules.engine.logic import Truth
from oscar_engage.rules.engine.order import asks_costly, in_order
from oscar_engage.rules.engine.tree import ELSE, Branch, Condition, Document, Group, Node
from oscar_engage.rules.engine.values import UNKNOWN, Money
from oscar_engage.rules.engine.walk import Read

Judge: TypeAlias = Callable[[Read], Truth]
Choose: TypeAlias = Callable[[Read], int | None]
IsPossible: TypeAlias = Callable[[Read], bool]
IsHidden: TypeAlias = Callable[[Condition], bool]
"""Picks the conditions that are to be taken as unknown."""


def compile_document(document: Document, *, costly: Container[str] = ()) -> Choose:
    """Return ``walk.choose`` for this one document: a function of ``read`` with all that is constant worked out before.

    Cheap and decisive conditions are asked first; a ``costly`` variable is read only when the answer hangs on it.
    """
    ordered = in_order(document, costly=costly)
    choose = _compile_choice(ordered)
    if ordered.scope is None and len(ordered.branches) == 1 and not ordered.otherwise:
        return choose  # one tree: it is in the best order already
    if not any(asks_costly(tree, costly) for tree in ordered.trees()):
        return choose
    branches = ordered.branches if not ordered.otherwise else ()
    is_possible = compile_possible(ordered.scope, branches, is_hidden=lambda condition: condition.field in costly)
    return lambda read: choose(read) if is_possible(read) else None


def compile_possible(scope: Group | None, branches: tuple[Branch, ...], *, is_hidden: IsHidden) -> IsPossible:
    """Return whether scope and one of ``branches`` (if there are any) can be true, whatever the hidden conditions are."""
    within = _always if scope is None else compile_node(scope, is_hidden=is_hidden)
    judges = tuple(compile_node(branch.when, is_hidden=is_hidden) for branch in branches) or (_always,)

    def is_possible(read: Read) -> bool:
        return within(read) is not False and any(judge(read) is not False for judge in judges)

    return is_possible


def _compile_choice(document: Document) -> Choose:
    scope = None if document.scope is None else compile_node(document.scope)
    branches = tuple((index, compile_node(branch.when)) for index, branch in enumerate(document.branches))
    last = ELSE if document.otherwise else None
    skips = document.unknown == "skip"

    def choose(read: Read) -> int | None:
        if scope is not None and scope(read) is not True:
            return None
        for index, judge in branches:
            verdict = judge(read)
            if verdict:
                return index
            if verdict is None and skips:
                return None
        return last

    return choose


def compile_node(node: Node, *, is_hidden: IsHidden | None = None) -> Judge:
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
    """Compile with a short way for the plain case: a text where texts are expected, a number where numbers are."""
    field, operator, expected = condition.field, condition.operator, condition.value
    kind = kind_expected(operator, expected)
    if kind is Kind.NUMBER:
        return _compile_number(field, operator, expected)
    if kind is Kind.TEXT:
        return _compile_text(field, operator, expected)
    if kind is not None:
        return _compile_money(field, operator, expected, currency=kind)
    return lambda read: holds(operator, read(field), expected)


def _compile_number(field: str, operator: str, expected: Any) -> Judge:
    test = comparison(operator)

    def judge(read: Read) -> Truth:
        actual: Any = read(field)
        if actual is UNKNOWN:
            return None
        if actual.__class__ is int or (actual.__class__ is float and actual == actual):  # noqa: PLR0124 - not for nan
            return test(actual, expected)
        return holds(operator, actual, expected)

    return judge


def _compile_text(field: str, operator: str, expected: Any) -> Judge:
    test, folded, for_sets = comparison(operator), comparable(expected), suits_sets(operator)

    def judge(read: Read) -> Truth:
        actual: Any = read(field)
        if actual is UNKNOWN:
            return None
        if actual.__class__ is str:
            return test(actual.casefold(), folded)
        if for_sets and actual.__class__ is frozenset:
            return test(fold_set(actual), folded)
        return holds(operator, actual, expected)

    return judge


def _compile_money(field: str, operator: str, expected: Any, *, currency: AnyKind) -> Judge:
    test, amounts = comparison(operator), comparable(expected)

    def judge(read: Read) -> Truth:
        actual: Any = read(field)
        if actual.__class__ is Money and actual.amount.__class__ is Decimal and not actual.amount.is_nan():
            return test(actual.amount, amounts) if actual.currency == currency else None
        return holds(operator, actual, expected)

    return judge


def _compile_group(group: Group, is_hidden: IsHidden | None) -> Judge:
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
