"""What is different between two versions of a rule? In sentences, by what the rule consists of and not by lines of text."""

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from oscar_engage.rules.engine.tree import Action, Branch, Condition, Document, Group, Node
from oscar_engage.rules.sentence import say_action, say_branch, say_node

Part = TypeVar("Part")


class Kind(Enum):
    """What happened to a part of the rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, in words, and what stood there ``before`` and ``after`` (empty for what was added or removed)."""

    kind: Kind
    place: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """The whole difference as a sentence."""
        words = {"place": self.place, "before": self.before, "after": self.after}
        if self.kind is Kind.ADDED:
            return _("%(place)s: added “%(after)s”.") % words
        if self.kind is Kind.REMOVED:
            return _("%(place)s: removed “%(before)s”.") % words
        return _("%(place)s: “%(before)s” became “%(after)s”.") % words


def diff(old: Document, new: Document) -> tuple[Change, ...]:
    """Return what changed from ``old`` to ``new``, in the order of reading; nothing for equal documents, and only for them.

    Branches and conditions that both have are recognised wherever they stand; only that their order changed is told.
    """
    return tuple(_documents(old, new))


def diff_groups(old: Group, new: Group, *, place: str) -> tuple[Change, ...]:
    """Return what changed between two trees of conditions, such as two texts of a segment; ``place`` names them."""
    return tuple(_groups(old, new, place))


def _documents(old: Document, new: Document) -> Iterator[Change]:
    yield from _scopes(old.scope, new.scope)
    pairs = _pair(old.branches, new.branches, _BRANCH_TESTS)
    for before, after in pairs.both:
        yield from _branches(before, after, _branch_place(new.branches.index(after)))
    for branch in pairs.removed:
        yield Change(Kind.REMOVED, _branch_place(old.branches.index(branch)), before=say_branch(branch))
    for branch in pairs.added:
        yield Change(Kind.ADDED, _branch_place(new.branches.index(branch)), after=say_branch(branch))
    if pairs.is_reordered:
        order = " / ".join(say_branch(branch) for branch in old.branches), " / ".join(map(say_branch, new.branches))
        yield Change(Kind.CHANGED, _("The order of the branches"), *order)
    yield from _actions(old.otherwise, new.otherwise, _("Otherwise"))
    if old.unknown != new.unknown:
        yield Change(Kind.CHANGED, _("Where something is not known"), _say_unknown(old.unknown), _say_unknown(new.unknown))
    yield from _segments(dict(old.segments), dict(new.segments))


def _scopes(old: Group | None, new: Group | None) -> Iterator[Change]:
    place = _("Where")
    if old is not None and new is not None:
        yield from _groups(old, new, place)
    elif old != new:
        everywhere = _("everywhere")
        before, after = (everywhere if scope is None else say_node(scope) for scope in (old, new))
        yield Change(Kind.CHANGED, place, before, after)


def _branches(old: Branch, new: Branch, place: str) -> Iterator[Change]:
    yield from _groups(old.when, new.when, place)
    yield from _actions(old.then, new.then, _("%(place)s, what to do") % {"place": place})


def _actions(old: tuple[Action, ...], new: tuple[Action, ...], place: str) -> Iterator[Change]:
    if old != new:
        yield Change(Kind.CHANGED, place, say_action(old), say_action(new))


def _groups(old: Group, new: Group, place: str) -> Iterator[Change]:
    if (old.combinator, old.negated) != (new.combinator, new.negated):
        yield Change(
            Kind.CHANGED, _("%(place)s, how many must be true") % {"place": place}, _say_joining(old), _say_joining(new)
        )
    pairs = _pair(old.rules, new.rules, _NODE_TESTS)
    for before, after in pairs.both:
        yield from _nodes(before, after, new, place)
    for node in pairs.removed:
        yield Change(Kind.REMOVED, place, before=say_node(node))
    for node in pairs.added:
        yield Change(Kind.ADDED, place, after=say_node(node))
    if pairs.is_reordered:
        order = ", ".join(map(say_node, old.rules)), ", ".join(map(say_node, new.rules))
        yield Change(Kind.CHANGED, _("%(place)s, the order of conditions") % {"place": place}, *order)


def _nodes(old: Node, new: Node, around: Group, place: str) -> Iterator[Change]:
    if isinstance(old, Group) and isinstance(new, Group):
        groups = [child for child in around.rules if isinstance(child, Group)]
        words = {"place": place, "number": groups.index(new) + 1}
        yield from _groups(old, new, _("%(place)s, group %(number)d") % words)
    else:
        yield Change(Kind.CHANGED, place, say_node(old), say_node(new))


def _segments(old: dict[str, Group], new: dict[str, Group]) -> Iterator[Change]:
    """Tell of the texts of segments that both use: which ones a rule uses, its conditions have told already."""
    for slug in sorted(old.keys() & new.keys()):
        yield from _groups(old[slug], new[slug], _("Segment “%(name)s”") % {"name": slug})
    place = _("Segments")
    for slug in sorted(old.keys() - new.keys()):
        yield Change(Kind.REMOVED, place, before=slug)
    for slug in sorted(new.keys() - old.keys()):
        yield Change(Kind.ADDED, place, after=slug)


@dataclass(frozen=True, slots=True)
class _Pairs(Generic[Part]):
    """``both``: what became what; ``is_reordered``: what both have the same stands in another order."""

    both: Sequence[tuple[Part, Part]]
    removed: Sequence[Part]
    added: Sequence[Part]
    is_reordered: bool


def _pair(old: Sequence[Part], new: Sequence[Part], tests: Sequence[Callable[[Part, Part], bool]]) -> _Pairs[Part]:
    """Pair the parts: the same ones, wherever they stand; then by each of the ``tests``; the rest was removed or added."""
    gone, come = list(range(len(old))), list(range(len(new)))

    def match(is_pair: Callable[[Part, Part], bool]) -> list[tuple[int, int]]:
        matched = []
        for before in tuple(gone):
            after = next((after for after in come if is_pair(old[before], new[after])), None)
            if after is not None:
                gone.remove(before)
                come.remove(after)
                matched.append((before, after))
        return matched

    same = [after for _before, after in match(operator.eq)]
    both = sorted(pair for test in tests for pair in match(test))
    return _Pairs(
        [(old[before], new[after]) for before, after in both],
        [old[before] for before in gone],
        [new[after] for after in come],
        same != sorted(same),
    )


def _share_something(old: Branch, new: Branch) -> bool:
    return old.when == new.when or old.then == new.then


def _are_any(old: Branch, new: Branch) -> bool:
    return True


def _ask_in_one_way(old: Node, new: Node) -> bool:
    return isinstance(old, Condition) and isinstance(new, Condition) and (old.field, old.operator) == (new.field, new.operator)


def _ask_the_same(old: Node, new: Node) -> bool:
    return isinstance(old, Condition) and isinstance(new, Condition) and _variable(old) == _variable(new)


def _variable(condition: Condition) -> str:
    return condition.field.partition("?")[0]


def _are_groups(old: Node, new: Node) -> bool:
    return isinstance(old, Group) and isinstance(new, Group)


_BRANCH_TESTS = (_share_something, _are_any)
_NODE_TESTS = (_ask_in_one_way, _ask_the_same, _are_groups)


def _branch_place(index: int) -> str:
    return _("Branch %(number)d") % {"number": index + 1}


def _say_joining(group: Group) -> str:
    if group.negated:
        return _("not all of these") if group.combinator == "and" else _("none of these")
    return _("all of these") if group.combinator == "and" else _("any of these")


def _say_unknown(choice: str) -> str:
    return _("go on as if it were false") if choice == "else" else _("do nothing")
