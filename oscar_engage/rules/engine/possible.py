"""What may a rule have said when not everything is known that was known then? Every answer that fits what was recorded.

This is not the engine's *unknown*. A variable may have been unknown to the engine, and then the rule said nothing: that is
certain. Here it is we who do not know any more: the condition may have been true, false or unknown, and whatever follows from
each of them is possible. An answer that is the only one left is certain.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from oscar_engage.rules.engine.logic import Truth, every, negation, some
from oscar_engage.rules.engine.tree import ELSE, Condition, Document, Node

Possible: TypeAlias = frozenset[Truth]
"""The truths that may have been; never empty."""

TRUE: Possible = frozenset({True})
FALSE: Possible = frozenset({False})
ANY: Possible = frozenset({True, False, None})

PossibleLeaf: TypeAlias = Callable[[Condition], Possible]


def possible_truths(node: Node, leaf: PossibleLeaf) -> Possible:
    """Return every truth that ``node`` may have; two conditions on one variable are taken as independent, so none is missed."""
    if isinstance(node, Condition):
        return leaf(node)
    combine, found = (every, TRUE) if node.combinator == "and" else (some, FALSE)
    for child in node.rules:
        truths = possible_truths(child, leaf)
        found = frozenset(combine((one, other)) for one in found for other in truths)
    return frozenset(map(negation, found)) if node.negated else found


def possible_branches(document: Document, leaf: PossibleLeaf) -> frozenset[int | None]:
    """Return every answer that ``walk.choose`` may have given; exactly its answer where each condition has one truth."""
    scope = TRUE if document.scope is None else possible_truths(document.scope, leaf)
    found: set[int | None] = set() if scope == TRUE else {None}
    if True in scope:
        found.update(_walk(document, leaf))
    return frozenset(found)


def _walk(document: Document, leaf: PossibleLeaf) -> Iterable[int | None]:
    """Yield the branches at which the search may end."""
    for index, branch in enumerate(document.branches):
        truths = possible_truths(branch.when, leaf)
        if True in truths:
            yield index
        skips = document.unknown == "skip"
        if skips and None in truths:
            yield None
        if False not in truths and (skips or None not in truths):
            return
    yield ELSE if document.otherwise else None
