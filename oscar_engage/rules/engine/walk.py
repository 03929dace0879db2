"""Which branch of a rule holds? The three-valued walker: short, slow and right; it *is* the meaning of a rule."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from oscar_engage.rules.engine.compare import holds
from oscar_engage.rules.engine.logic import Truth, every, negation, some
from oscar_engage.rules.engine.tree import ELSE, Condition, Document, Node
from oscar_engage.rules.engine.values import Value

Read: TypeAlias = Callable[[str], Value]
"""Gives the value of the variable with this name, or ``UNKNOWN``."""

Leaf: TypeAlias = Callable[[Condition], Truth]


def judging(read: Read) -> Leaf:
    """Return the function that judges one condition by what ``read`` says."""
    return lambda condition: holds(condition.operator, read(condition.field), condition.value)


def judge(node: Node, leaf: Leaf) -> Truth:
    """Return the truth of ``node``; conditions are asked in order, and no longer than needed."""
    if isinstance(node, Condition):
        return leaf(node)
    combine = every if node.combinator == "and" else some
    verdict = combine(judge(child, leaf) for child in node.rules)
    return negation(verdict) if node.negated else verdict


def choose(document: Document, read: Read) -> int | None:
    """Return the index of the branch that holds, ``ELSE`` for the last resort, or ``None``: the rule says nothing.

    Out of scope is silence, and so is an unknown scope. A branch that is unknown ends the search when the document says
    ``skip`` (we do not act on what we do not know) and counts as false when it says ``else`` (SQL's ``CASE``).
    """
    leaf = judging(read)
    scope = True if document.scope is None else judge(document.scope, leaf)
    return take(document, scope, (judge(branch.when, leaf) for branch in document.branches))


def take(document: Document, scope: Truth, branches: Iterable[Truth]) -> int | None:
    """Return what :func:`choose` does, given what is true; of ``branches`` no more are looked at than needed."""
    if scope is not True:
        return None
    for index, verdict in enumerate(branches):
        if verdict is True:
            return index
        if verdict is None and document.unknown == "skip":
            return None
    return ELSE if document.otherwise else None
