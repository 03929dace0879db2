"""Which segments may a condition name? The grammar's shelf of named trees, each read once and only when it is named."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from django.utils.translation import gettext as _

from oscar_engage.rules.engine.segments import segment_of, used_in
from oscar_engage.rules.engine.tree import Condition, Group, leaves
from oscar_engage.rules.errors import FieldError

DEEPEST_SEGMENTS = 3
"""How deep segments may name segments: one that names none is 1 deep."""

MOST_SEGMENTS = 20
"""How many a rule may speak of, those inside others counted."""

SLUG = re.compile(r"[a-z0-9_-]{1,80}")
"""What a segment may be called."""

Texts: TypeAlias = Mapping[str, object]
"""Segments as they are stored: slug to the JSON of one group."""

ReadGroup: TypeAlias = Callable[[object, "Shelf"], tuple[Group, list[FieldError]]]
"""The grammar's reading of one group."""


class BadSegmentError(ValueError):
    """A segment that cannot be used in a rule; the message, translated, says why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One segment that was read: its tree, how many conditions that is when written out, and how deep it names segments."""

    group: Group
    conditions: int
    depth: int


class Shelf:
    """The segments that one document may speak of; :meth:`take` reads one, and remembers it among the ``taken``."""

    def __init__(self, texts: Texts, read: ReadGroup) -> None:
        self._texts, self._read = texts, read
        self._taken: dict[str, Taken] = {}
        self._bad: dict[str, str] = {}
        self._reading: list[str] = []

    @property
    def taken(self) -> tuple[tuple[str, Group], ...]:
        """Every segment that was taken, for its own sake or by another one, by slug."""
        return tuple((slug, self._taken[slug].group) for slug in sorted(self._taken))

    def take(self, slug: str) -> Taken:
        """Return the segment called ``slug``; raises :class:`BadSegmentError` for one that is missing or cannot be used."""
        if slug in self._taken:
            return self._taken[slug]
        if slug in self._bad:
            raise BadSegmentError(self._bad[slug])
        try:
            taken = self._open(slug)
        except BadSegmentError as error:
            self._bad[slug] = str(error)
            raise
        self._taken[slug] = taken
        return taken

    def conditions_in(self, group: Group) -> int:
        """Return how many conditions ``group``, which was read with this shelf, has when it is written out."""
        return sum(self._weight(condition) for condition in leaves(group))

    def _weight(self, condition: Condition) -> int:
        slug = segment_of(condition.field)
        return 1 if slug is None else self._taken[slug].conditions

    def _open(self, slug: str) -> Taken:
        if slug in self._reading:
            circle = " → ".join(f"“{name}”" for name in [*self._reading[self._reading.index(slug) :], slug])
            raise BadSegmentError(_("The segments name each other in a circle: %(circle)s.") % {"circle": circle})
        if slug not in self._texts or not SLUG.fullmatch(slug):
            raise BadSegmentError(missing(slug, self._texts))
        if len(self._taken) + len(self._reading) >= MOST_SEGMENTS:
            raise BadSegmentError(_("A rule may speak of %(limit)d segments, no more.") % {"limit": MOST_SEGMENTS})
        self._reading.append(slug)
        try:
            group, errors = self._read(self._texts[slug], self)
        finally:
            self._reading.pop()
        if errors:
            words = {"name": slug, "problem": errors[0].message}
            raise BadSegmentError(_("The segment “%(name)s” cannot be used: %(problem)s") % words)
        depth = 1 + max((self._taken[inner].depth for inner in used_in(group)), default=0)
        if depth > DEEPEST_SEGMENTS:
            raise BadSegmentError(_("Segments may name segments %(limit)d deep, no deeper.") % {"limit": DEEPEST_SEGMENTS})
        return Taken(group, self.conditions_in(group), depth)


def missing(slug: str, known: Iterable[str]) -> str:
    """Say that there is no segment ``slug``, and which one was perhaps meant."""
    near = get_close_matches(slug, list(known), n=1)
    if near:
        return _("There is no segment “%(name)s”. Did you mean “%(near)s”?") % {"name": slug[:80], "near": near[0]}
    return _("There is no segment “%(name)s”. Create it first.") % {"name": slug[:80]}


def names_in(raw: object) -> Iterator[str]:
    """Yield the slugs of the segments that the JSON of a group names, whether it can be read or not."""
    waiting = [raw]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Mapping):
            continue
        slug = segment_of(node["field"]) if isinstance(node.get("field"), str) else None
        if slug is not None:
            yield slug
        if isinstance(node.get("rules"), list):
            waiting += node["rules"]
