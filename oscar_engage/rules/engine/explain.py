"""Why does a rule hold, or why not? Every condition with what was expected and what was found."""

from collections.abc import Iterator
from typing import NamedTuple

from oscar_engage.rules.engine.compare import holds
from oscar_engage.rules.engine.logic import Truth
from oscar_engage.rules.engine.tree import Condition, Document, Group
from oscar_engage.rules.engine.values import Expected, Value
from oscar_engage.rules.engine.walk import Read, judge, take


class LeafExplanation(NamedTuple):
    """One condition, judged: ``path`` says where it stands in the document, ``result`` is ``None`` for unknown."""

    path: str
    field: str
    operator: str
    expected: Expected
    actual: Value
    result: Truth


class Explanation(NamedTuple):
    """The branch that holds (see ``walk.choose``), the truth of scope and branches, and every condition."""

    branch: int | None
    scope: Truth
    branches: tuple[Truth, ...]
    leaves: tuple[LeafExplanation, ...]


def explain(document: Document, read: Read) -> Explanation:
    """Return the whole account of ``document``: unlike the walker, it asks every condition."""
    leaves: list[LeafExplanation] = []
    results: dict[int, Truth] = {}
    for path, condition in locate(document):
        actual = read(condition.field)
        result = results[id(condition)] = holds(condition.operator, actual, condition.value)
        leaves.append(LeafExplanation(path, condition.field, condition.operator, condition.value, actual, result))

    def leaf(condition: Condition) -> Truth:
        return results[id(condition)]

    scope = True if document.scope is None else judge(document.scope, leaf)
    branches = tuple([judge(branch.when, leaf) for branch in document.branches])
    return Explanation(branch=take(document, scope, branches), scope=scope, branches=branches, leaves=tuple(leaves))


def locate(document: Document) -> Iterator[tuple[str, Condition]]:
    """Yield every condition with its path, e.g. ``branches[0].when.rules[1]``, in the order of reading."""
    if document.scope is not None:
        yield from _locate(document.scope, "scope")
    for index, branch in enumerate(document.branches):
        yield from _locate(branch.when, f"branches[{index}].when")


def _locate(group: Group, path: str) -> Iterator[tuple[str, Condition]]:
    for index, child in enumerate(group.rules):
        place = f"{path}.rules[{index}]"
        if isinstance(child, Condition):
            yield place, child
        else:
            yield from _locate(child, place)
