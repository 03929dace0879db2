"""Which conditions make a rule take a branch? Each branch as alternatives ("rows") of conditions that must all come out so.

Kleene's three truths become two by asking of every leaf a plain question, whose answer is yes or no: is it *true*? is it
*false*? is it *not true*? is it *not false*? "Not" only swaps these (a group is not false when, joined by "and", none of its
members is false), so it can be pushed down to the leaves, and a rule that skips the unknown differs from one that goes on
only in the question its earlier branches are asked. What comes out is exactly ``walk.choose``, not an approximation.
"""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple, TypeAlias, TypeVar

from oscar_engage.rules.engine.tree import ELSE, Condition, Document, Node

MOST_ROWS = 12
"""Beyond this a rule is cheaper to confirm by its closure than to spread over the index."""


class Literal(NamedTuple):
    """A condition and how it has to come out: ``wanted``, or also unknown if ``lenient``."""

    condition: Condition
    wanted: bool
    lenient: bool


Row: TypeAlias = tuple[Literal, ...]
"""Literals that must all hold; none: it always holds."""

AnyRow = TypeVar("AnyRow", Row, tuple[Row, int])


class TooManyRowsError(ValueError):
    """A tree falls into more than :data:`MOST_ROWS` alternatives."""


def spread(node: Node, *, wanted: bool = True, lenient: bool = False) -> Sequence[Row]:
    """Return the rows of which one holds exactly when ``node`` comes out as ``wanted`` (or unknown, if ``lenient``).

    Raises :class:`TooManyRowsError`.
    """
    if isinstance(node, Condition):
        return [(Literal(node, wanted, lenient),)]
    wanted = wanted is not node.negated
    if (node.combinator == "and") is not wanted:
        return _any_of([spread(child, wanted=wanted, lenient=lenient) for child in node.rules])
    every = tuple([Literal(child, wanted, lenient) for child in node.rules if isinstance(child, Condition)])
    parts = [spread(child, wanted=wanted, lenient=lenient) for child in node.rules if not isinstance(child, Condition)]
    return _all_of([[every], *parts]) if parts else [every]


def spread_document(document: Document) -> Sequence[tuple[Row, int]]:
    """Return each row with the branch (or ``ELSE``) that the rule takes when it holds.

    The rows of two branches exclude each other. Raises :class:`TooManyRowsError`.
    """
    goes_on = document.unknown == "else"
    so_far: Sequence[Row] = [()] if document.scope is None else spread(document.scope)
    found: list[tuple[Row, int]] = []
    for index, branch in enumerate(document.branches):
        found += [(row, index) for row in _all_of([so_far, spread(branch.when)])]
        if index + 1 < len(document.branches) or document.otherwise:
            so_far = _all_of([so_far, spread(branch.when, wanted=False, lenient=goes_on)])
    if document.otherwise:
        found += [(row, ELSE) for row in so_far]
    return _checked(found)


def certain(document: Document) -> Row:
    """Return literals without which the rule takes no branch; never too many, and perhaps not all there are."""
    found = [] if document.scope is None else _certain(document.scope, True)
    if len(document.branches) == 1 and not document.otherwise:
        found += _certain(document.branches[0].when, True)
    return tuple(found)


def _certain(node: Node, wanted: bool) -> list[Literal]:
    if isinstance(node, Condition):
        return [Literal(node, wanted, False)]
    wanted = wanted is not node.negated
    if (node.combinator == "and") is not wanted and len(node.rules) != 1:
        return []
    return [literal for child in node.rules for literal in _certain(child, wanted)]


def _any_of(parts: Sequence[Sequence[Row]]) -> Sequence[Row]:
    return _checked([row for part in parts for row in part])


def _all_of(parts: Sequence[Sequence[Row]]) -> Sequence[Row]:
    count = 1
    for part in parts:
        count *= len(part)
    if count > MOST_ROWS:
        raise TooManyRowsError
    if count == 1:
        return [tuple(literal for part in parts for literal in part[0])]
    return [tuple(literal for row in chosen for literal in row) for chosen in product(*parts)]


def _checked(rows: Sequence[AnyRow]) -> Sequence[AnyRow]:
    if len(rows) > MOST_ROWS:
        raise TooManyRowsError
    return rows
