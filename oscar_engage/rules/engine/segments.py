"""What does a rule say once its segments are written out? Named trees put in the place of the conditions that name them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from oscar_engage.rules.engine.tree import Branch, Condition, Document, Group, Node, leaves

PREFIX = "segment."
"""A condition on ``segment.<slug>`` asks whether the tree of that name holds."""


def segment_of(field: str) -> str | None:
    """Return the slug of the segment that a condition on ``field`` asks for, or ``None`` for a variable."""
    return field[len(PREFIX) :] if field.startswith(PREFIX) else None


def expand(document: Document) -> Document:
    """Return ``document`` with no condition on a segment: each is its group, turned round where the rule asks for "no".

    The place of everything else stays the same, and what stood at ``rules[1]`` now stands below ``rules[1]``. Its ``segments``
    are written out like it, so that one can still be asked by itself. A document without segments is returned as it is.
    """
    if not document.segments:
        return document
    groups = dict(document.segments)
    return Document(
        None if document.scope is None else expand_group(document.scope, groups),
        tuple(Branch(expand_group(branch.when, groups), branch.then) for branch in document.branches),
        document.otherwise,
        document.unknown,
        tuple((slug, expand_group(group, groups)) for slug, group in document.segments),
    )


def expand_group(group: Group, segments: Mapping[str, Group]) -> Group:
    """Return one tree written out with ``segments``, which know no cycle; a name that is not among them stays."""
    return replace(group, rules=tuple(_expand_node(child, segments) for child in group.rules))


def used_in(node: Node) -> Iterator[str]:
    """Yield the slugs of the segments that ``node`` names itself, each once."""
    seen: set[str] = set()
    for condition in leaves(node):
        slug = segment_of(condition.field)
        if slug is not None and slug not in seen:
            seen.add(slug)
            yield slug


def steps_of(group: Group) -> int:
    """Return how many times the way of joining changes from ``group`` down to its deepest condition, itself included.

    A group that joins like the one around it, and is not turned round, is no step: written out it could be left away.
    """
    below = (steps_of(child) - _is_no_step(child, group) for child in group.rules if isinstance(child, Group))
    return 1 + max(below, default=0)


def _is_no_step(inner: Group, outer: Group) -> bool:
    return not inner.negated and (inner.combinator == outer.combinator or len(inner.rules) == 1)


def _expand_node(node: Node, segments: Mapping[str, Group]) -> Node:
    if isinstance(node, Group):
        return expand_group(node, segments)
    return _expand_condition(node, segments)


def _expand_condition(condition: Condition, segments: Mapping[str, Group]) -> Node:
    slug = segment_of(condition.field)
    if slug is None or slug not in segments:
        return condition
    written_out = expand_group(segments[slug], segments)
    return written_out if condition.value is True else replace(written_out, negated=not written_out.negated)
