"""Why does a rule hold, or why not? Every condition with what was expected and what was found."""

from collections.abc import Iterator
from dataclasses import dataclass

from oscar_engage.rules.engine.compare import holds
from oscar_engage.rules.engine.logic import Truth
from oscar_engage.rules.engine.tree import Condition, Document, Node
from oscar_engage.rules.engine.values import Expected, Value
from oscar_engage.rules.engine.walk import Read, choose_by, judge


@dataclass(frozen=True, slots=True)
class LeafExplanation:
    """One condition, judged: ``path`` says where it stands in the document, ``result`` is ``None`` for unknown."""

    path: str
    field: str
    operator: str
    expected: Expected
    actual: Value
    result: Truth


@dataclass(frozen=True, slots=True)
class Explanation:
    """The branch that holds (see ``walk.choose``), the truth of scope and branches, and every condition."""

    branch: int | None
    scope: Truth
    branches: tuple[Truth, ...]
    leaves: tuple[LeafExplanation, ...]


def explain(document: Document, read: Read) -> Explanation:
    """Return the whole account of ``document``: unlike the walker, it asks every condition."""
    leaves = tuple(_explain_leaf(path, condition, read) for path, condition in locate(document))
    results = {id(condition): leaf.result for condition, leaf in zip(document.conditions(), leaves, strict=True)}

    def leaf(condition: Condition) -> Truth:
        return results[id(condition)]

    return Explanation(
        branch=choose_by(document, leaf),
        scope=True if document.scope is None else judge(document.scope, leaf),
        branches=tuple(judge(branch.when, leaf) for branch in document.branches),
        leaves=leaves,
    )


def locate(document: Document) -> Iterator[tuple[str, Condition]]:
    """Yield every condition with its path, e.g. ``branches[0].when.rules[1]``, in the order of reading."""
    if document.scope is not None:
        yield from _locate(document.scope, "scope")
    for index, branch in enumerate(document.branches):
        yield from _locate(branch.when, f"branches[{index}].when")


def _locate(node: Node, path: str) -> Iterator[tuple[str, Condition]]:
    if isinstance(node, Condition):
        yield path, node
    else:
        for index, child in enumerate(node.rules):
            yield from _locate(child, f"{path}.rules[{index}]")


def _explain_leaf(path: str, condition: Condition, read: Read) -> LeafExplanation:
    actual = read(condition.field)
    result = holds(condition.operator, actual, condition.value)
    return LeafExplanation(path, condition.field, condition.operator, condition.value, actual, result)
