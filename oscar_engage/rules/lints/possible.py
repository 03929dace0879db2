"""Can this ever come out? Searches for values with which a formula of conditions holds; "no" is certain, "yes" is not.

Every condition is asked for one or two of its three truths ("true", "not true" …), so unknowns are part of the question: a
branch may be beyond reach although each of its conditions could hold. Conditions of one variable are tried on values that
stand for all there are: between any two limits one, and each limit. Variables are taken to be independent of one another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

from oscar_engage.rules.engine.compare import IS_KNOWN, IS_UNKNOWN, holds
from oscar_engage.rules.engine.logic import Truth
from oscar_engage.rules.engine.tree import Condition, Document, Node
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.types import Boolean, Choice, Duration, Integer, MoneyType, Number, SetOfTexts, Text, ValueType
from oscar_engage.rules.variables import find_variable

MOST_STEPS = 400
"""Choices after which the search gives up and says "possible": some milliseconds."""
MOST_VALUES = 200
"""Values that may be mentioned of one variable; where more are, they are left out of account."""

Truths: TypeAlias = frozenset[Truth]

TRUE: Truths = frozenset({True})
FALSE: Truths = frozenset({False})
NOT_TRUE: Truths = frozenset({False, None})
_EVERY_TRUTH: Truths = frozenset({True, False, None})
_TURNED: Mapping[Truth, Truth] = {True: False, False: True, None: None}
_SOME_OTHER_TEXT = "\0"
_SOME_OTHER_CURRENCY = "\0"
_LISTING = {"=": TRUE, "in": TRUE, "!=": FALSE, "notIn": FALSE}
_COMPARING_PARTS = frozenset({"contains", "beginsWith"})


@dataclass(frozen=True, slots=True)
class Is:
    """The condition comes out as one of ``wanted``."""

    condition: Condition
    wanted: Truths


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; none at all: always."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One part holds at least; none at all: never."""

    parts: tuple["Formula", ...]


Formula: TypeAlias = Is | All | Some
_Row: TypeAlias = Mapping[str, Mapping[Condition, Truths]]


def comes_out(node: Node, wanted: Truths) -> Formula:
    """Return when ``node`` comes out as one of ``wanted``, which holds exactly one of true and false, with unknown or not."""
    if isinstance(node, Condition):
        return Is(node, wanted)
    if node.negated:
        wanted = frozenset(_TURNED[truth] for truth in wanted)
    parts = tuple(comes_out(child, wanted) for child in node.rules)
    return All(parts) if (node.combinator == "and") == (True in wanted) else Some(parts)


def takes(document: Document, index: int) -> Formula:
    """Return when ``document`` takes branch ``index``; one past the last asks for the "else"."""
    passed = FALSE if document.unknown == "skip" else NOT_TRUE
    parts = [] if document.scope is None else [comes_out(document.scope, TRUE)]
    parts += [comes_out(branch.when, passed) for branch in document.branches[:index]]
    parts += [comes_out(branch.when, TRUE) for branch in document.branches[index : index + 1]]
    return All(tuple(parts))


def opposite(formula: Formula) -> Formula:
    """Return when ``formula`` does not hold."""
    if isinstance(formula, Is):
        return Is(formula.condition, _EVERY_TRUTH - formula.wanted)
    parts = tuple(opposite(part) for part in formula.parts)
    return Some(parts) if isinstance(formula, All) else All(parts)


def is_possible(formula: Formula) -> bool:
    """Whether values may exist with which ``formula`` holds; ``False`` is certain."""
    return _Search().finds([formula], {})


class _Search:
    """Goes through the alternatives, and leaves one as soon as a variable has no value left for it."""

    def __init__(self) -> None:
        self.steps = 0

    def finds(self, formulas: Iterable[Formula], row: _Row) -> bool:
        self.steps += 1
        if self.steps > MOST_STEPS:
            return True
        leaves, choices = _flatten(formulas)
        for leaf in leaves:
            narrowed = _narrow(row, leaf)
            if narrowed is None:
                return False
            row = narrowed
        if not choices:
            return True
        first, *others = sorted(choices, key=lambda choice: len(choice.parts))
        return any(self.finds([part, *others], row) for part in first.parts)


def _flatten(formulas: Iterable[Formula]) -> tuple[list[Is], list[Some]]:
    leaves: list[Is] = []
    choices: list[Some] = []
    todo = list(formulas)
    while todo:
        formula = todo.pop()
        if isinstance(formula, Is):
            leaves.append(formula)
        elif isinstance(formula, All):
            todo += formula.parts
        else:
            choices.append(formula)
    return leaves, choices


def _narrow(row: _Row, leaf: Is) -> _Row | None:
    """Return ``row`` with ``leaf`` as well; ``None``: its variable has no such value."""
    known = row.get(leaf.condition.field, {})
    wanted = known.get(leaf.condition, _EVERY_TRUTH) & leaf.wanted
    asked = {**known, leaf.condition: wanted}
    return {**row, leaf.condition.field: asked} if wanted and _has_value(leaf.condition.field, asked) else None


def _has_value(field: str, asked: Mapping[Condition, Truths]) -> bool:
    if _fits(UNKNOWN, asked):
        return True
    variable = find_variable(field)
    values = None if variable is None else _stand_ins(variable.type, asked)
    if values is None:
        return _may_be_known(asked)
    return any(_fits(value, asked) for value in values)


def _fits(value: Value, asked: Mapping[Condition, Truths]) -> bool:
    return all(holds(condition.operator, value, condition.value) in wanted for condition, wanted in asked.items())


def _may_be_known(asked: Mapping[Condition, Truths]) -> bool:
    """Whether some value, we cannot say which, would do: what asks only whether there is one decides."""
    decided = {IS_KNOWN: True, IS_UNKNOWN: False}
    return all(decided[one.operator] in wanted for one, wanted in asked.items() if one.operator in decided)


def _stand_ins(kind: ValueType, asked: Mapping[Condition, Truths]) -> Sequence[Value] | None:
    """Return values that stand for all of ``kind`` as far as ``asked`` goes; ``None`` where we cannot."""
    mentioned = list(dict.fromkeys(value for condition in asked for value in _values(condition)))
    if len(mentioned) > MOST_VALUES:
        return None
    if isinstance(kind, Number | Duration):
        return tuple(_numbers(kind, mentioned))
    if isinstance(kind, Boolean | Choice):
        return (True, False) if isinstance(kind, Boolean) else tuple(kind.choices)
    if isinstance(kind, MoneyType):
        return tuple(_amounts(mentioned))
    if isinstance(kind, Text) and not isinstance(kind, SetOfTexts):
        return _texts(mentioned, asked)
    return None


def _values(condition: Condition) -> tuple[Any, ...]:
    if condition.value is None:
        return ()
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _around(limits: Iterable[Any]) -> list[Any]:
    """Return each limit, one number between any two, and one beyond either end."""
    ordered = sorted(set(limits)) or [0]
    between = [(low + high) / 2 for low, high in pairwise(ordered)]
    return [ordered[0] - 1, *ordered, *between, ordered[-1] + 1]


def _numbers(kind: ValueType, mentioned: Sequence[Any]) -> Iterable[Any]:
    """Return whole numbers for an integer, and for a time span none below zero."""
    if isinstance(kind, Integer):
        return {number + step for number in mentioned or [0] for step in (-1, 0, 1)}
    if isinstance(kind, Duration):
        return (number for number in _around([0, *mentioned]) if number >= 0)
    return _around(mentioned)


def _amounts(mentioned: Iterable[Money]) -> Iterable[Money]:
    limits: dict[str, list[Decimal]] = {_SOME_OTHER_CURRENCY: []}
    for money in mentioned:
        limits.setdefault(money.currency, []).append(money.amount)
    return [Money(Decimal(amount), currency) for currency, amounts in limits.items() for amount in _around(amounts)]


def _texts(mentioned: Sequence[str], asked: Mapping[Condition, Truths]) -> Sequence[str] | None:
    """Return the texts of which it must be one; without such a list, one other text stands for all that are not mentioned."""
    for condition, wanted in asked.items():
        if _LISTING.get(condition.operator) == wanted:
            return _values(condition)
    if any(condition.operator in _COMPARING_PARTS for condition in asked):
        return None
    return (*mentioned, _SOME_OTHER_TEXT)
