"""In which order are conditions asked? What is cheap and likely to decide comes first; the answer is the same in any order.

The likelihoods are rough guesses by operator: they only have to tell a needle from a haystack.
"""

from collections.abc import Container
from dataclasses import replace
from math import prod

from oscar_engage.rules.engine.tree import Condition, Document, Group, Node, leaves

_LIKELY = {"=": 0.15, "in": 0.3, "contains": 0.15, "beginsWith": 0.1, "between": 0.25, "null": 0.3, "!=": 0.85, "notIn": 0.8}
_EVEN = 0.5  # for what is not listed: "less than", "more than"
_WEIGHTS = {"contains": 2.0, "in": 1.5, "notIn": 1.5, "between": 1.5}  # the work of a comparison; 1 for what is not listed


def in_order(document: Document, *, costly: Container[str] = ()) -> Document:
    """Return a document that chooses alike, with the members of each group in the order in which to ask them."""
    scope = document.scope and _ordered(document.scope, costly)
    branches = tuple(replace(branch, when=_ordered(branch.when, costly)) for branch in document.branches)
    if scope is not None and len(branches) == 1 and not document.otherwise:
        # Without an "else" it does not matter which of the two is not true, so all conditions are put in one order.
        together = _ordered(Group("and", (*_members(scope), *_members(branches[0].when))), costly)
        return replace(document, scope=None, branches=(replace(branches[0], when=together),))
    return replace(document, scope=scope, branches=branches)


def asks_costly(node: Node, costly: Container[str]) -> bool:
    """Whether some condition below ``node`` reads a costly variable."""
    return any(condition.field in costly for condition in leaves(node))


def _members(group: Group) -> tuple[Node, ...]:
    return group.rules if group.combinator == "and" and not group.negated else (group,)


def _ordered(group: Group, costly: Container[str]) -> Group:
    children = [_ordered(child, costly) if isinstance(child, Group) else child for child in group.rules]
    decides_false = group.combinator == "and"

    def rank(child: Node) -> tuple[bool, float]:
        """What is cheap before what is costly, and then by the work per chance that this child decides the group."""
        likely = _likelihood(child)
        return asks_costly(child, costly), _work(child) / max(1 - likely if decides_false else likely, 0.01)

    return replace(group, rules=tuple(sorted(children, key=rank)))


def _work(node: Node) -> float:
    if isinstance(node, Group):
        return 1.0 + sum(_work(child) for child in node.rules)
    return _WEIGHTS.get(node.operator, 1.0)


def _likelihood(node: Node) -> float:
    if isinstance(node, Condition):
        return _LIKELY.get(node.operator, _EVEN)
    likely = [_likelihood(child) for child in node.rules]
    true = prod(likely) if node.combinator == "and" else 1 - prod(1 - one for one in likely)
    return 1 - true if node.negated else true
