"""How far did a visit come in a draft's conditions, and which of them stood in the way?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from oscar_engage.decisions.past.moment import Past
from oscar_engage.rules.engine.possible import TRUE, possible_truths
from oscar_engage.rules.engine.tree import Document, Node

Step = tuple[int, int]
"""A condition (or group of conditions) that stands directly below a branch: the branch's index, and its place there."""


def steps_of(document: Document, branch: int) -> tuple[Node, ...]:
    """Return what has to hold for ``branch``, one by one; a branch of "any of" or "not" is one step as a whole."""
    when = document.branches[branch].when
    return when.rules if when.combinator == "and" and not when.negated else (when,)


def acting_branches(document: Document) -> tuple[int, ...]:
    """Return the branches that do something."""
    return tuple(index for index, branch in enumerate(document.branches) if branch.then)


@dataclass(slots=True)
class Progress:
    """What one visit came to, over all its moments.

    ``depth``: of each acting branch, how many steps held together, from the first on. ``held``: the steps that held at some
    moment in scope. ``alone``: those that, at some moment, were all that was missing.
    """

    is_in_scope: bool = False
    depth: dict[int, int] = field(default_factory=dict)
    held: set[Step] = field(default_factory=set)
    alone: set[Step] = field(default_factory=set)

    def note(self, document: Document, past: Past) -> None:
        """Take one more moment into account; what cannot be said of it does not count as held."""
        if document.scope is not None and possible_truths(document.scope, past.truths) != TRUE:
            return
        self.is_in_scope = True
        for branch in acting_branches(document):
            self._note_branch(branch, [possible_truths(node, past.truths) for node in steps_of(document, branch)])

    def _note_branch(self, branch: int, truths: list[frozenset[bool | None]]) -> None:
        missing = [place for place, possible in enumerate(truths) if possible != TRUE]
        first = missing[0] if missing else len(truths)
        self.depth[branch] = max(self.depth.get(branch, 0), first)
        self.held.update((branch, place) for place in _others(len(truths), missing))
        if len(missing) == 1 and True not in truths[missing[0]]:
            self.alone.add((branch, missing[0]))


def _others(count: int, missing: Iterable[int]) -> Iterable[int]:
    absent = set(missing)
    return (place for place in range(count) if place not in absent)
