"""What does a rule consist of? The frozen values that the grammar makes and the evaluator walks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from oscar_engage.rules.engine.values import Expected

ELSE = -1
"""The index by which the ``else`` of a document is known in decisions and explanations."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A variable, an operator and the value it is compared with."""

    field: str
    operator: str
    value: Expected


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups, joined by ``and`` or ``or``; ``negated`` turns the result round."""

    combinator: Literal["and", "or"]
    rules: tuple["Condition | Group", ...]
    negated: bool = False


Node: TypeAlias = Condition | Group


@dataclass(frozen=True, slots=True)
class Action:
    """What to do (``show.balloon`` …) and the slug of the engagement to do it with.

    Where it takes an agent: ``queue`` is the slug of the one whose agents are asked (empty: that of the page), ``fallback``
    that of the engagement to offer when nobody is free (empty: none).
    """

    do: str
    engagement: str
    queue: str = ""
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """If ``when`` is true, do ``then``; an empty ``then`` means: in this case, leave the shopper alone."""

    when: Group
    then: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole rule: where it applies, if / else-if / else, and what an unknown branch means.

    ``segments`` are the named trees that its conditions speak of (``engine.segments``), as they were when it was written:
    slug and tree, by slug.
    """

    scope: Group | None
    branches: tuple[Branch, ...]
    otherwise: tuple[Action, ...] = ()
    unknown: Literal["skip", "else"] = "skip"
    segments: tuple[tuple[str, Group], ...] = ()

    def actions(self, branch: int) -> tuple[Action, ...]:
        """Return what branch number ``branch`` does (:data:`ELSE` for the last resort)."""
        return self.otherwise if branch == ELSE else self.branches[branch].then

    def trees(self) -> Iterator[Group]:
        """Yield the scope, if there is one, and every branch's conditions."""
        if self.scope is not None:
            yield self.scope
        for branch in self.branches:
            yield branch.when

    def conditions(self) -> Iterator[Condition]:
        """Yield every condition, in the order of reading."""
        for tree in self.trees():
            yield from leaves(tree)


def leaves(node: Node) -> Iterator[Condition]:
    """Yield the conditions below ``node``, in the order of reading."""
    found: list[Condition] = []
    _gather(node, found)
    return iter(found)


def _gather(node: Node, found: list[Condition]) -> None:
    if isinstance(node, Condition):
        found.append(node)
    else:
        for child in node.rules:
            _gather(child, found)
