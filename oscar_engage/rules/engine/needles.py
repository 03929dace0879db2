"""Which rows does a text, or a set of texts, satisfy? What is looked for, each once, with the rows that want it."""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import add
from typing import Any, ClassVar, NamedTuple, TypeAlias

from oscar_engage.rules.engine.masks import mask_of
from oscar_engage.rules.engine.rows import Literal

_NEGATIVE = frozenset({"!=", "notIn"})
_HEAD = 2  # characters by which texts that contain or begin with something are sorted out
_MANY = 60  # needles: up to here it is faster to look for each than to sort out by the first characters
_SHORT_MASK = 2048  # rows: up to here a mask is no longer than a few numbers
_FEW = 3  # beyond that, as many rows take less memory one by one than as a mask, which is as long as the index

Needle: TypeAlias = tuple[str, str]
"""How a text is looked for (``=``, ``contains``, ``beginsWith``) and the text, folded."""


class Effect(NamedTuple):
    """What it means that a needle was found, if it is more than that many rows come in.

    ``few`` rows come in and ``many`` (a mask), ``bans`` (a mask) go out, and ``nearer`` come those of which one of several
    literals, by number, is met.
    """

    many: int
    few: tuple[int, ...]
    bans: int
    nearer: tuple[tuple[int, int], ...]


Found: TypeAlias = int | Effect
"""A mask of rows that come in is nearly all there is."""


class Needles(ABC):
    """Base of the two kinds; :meth:`select` gives the rows that a value satisfies."""

    __slots__ = ("_base", "_contained", "_demands", "_equal", "_idle", "_listed", "_prefixes", "_short")
    manners: ClassVar[Mapping[str, str]]
    """How an operator looks for its texts, if not by comparing them."""

    def __init__(self, literals: Iterable[tuple[int, Literal, Any]], *, base: int) -> None:
        """Take rows with their literals and the folded texts of these; ``base`` is what can be satisfied at all."""
        wanted: dict[int, list[list[Needle]]] = defaultdict(list)
        wants: dict[Needle, list[int]] = defaultdict(list)
        bans: dict[Needle, list[int]] = defaultdict(list)
        nearer: dict[Needle, list[tuple[int, int]]] = defaultdict(list)
        for row, (condition, comes_out, _lenient), texts in literals:
            manner = self.manners.get(condition.operator, "=")
            needles = [(manner, text) for text in (texts if isinstance(texts, tuple) else (texts,))]
            if comes_out is (condition.operator not in _NEGATIVE):
                wanted[row].append(needles)
            else:
                for needle in needles:
                    bans[needle].append(row)
        self._base = base
        self._idle = base & ~mask_of(wanted)
        self._demands = {row: len(several) for row, several in wanted.items() if len(several) > 1}
        for row, several in wanted.items():
            for number, needles in enumerate(several):
                for needle in needles:
                    if row in self._demands:
                        nearer[needle].append((row, number))
                    else:
                        wants[needle].append(row)
        self._sort(
            {
                needle: _found(wants.get(needle, ()), bans.get(needle, ()), nearer.get(needle, ()))
                for needle in {**wants, **bans, **nearer}
            }
        )

    def _sort(self, found: Mapping[Needle, Found]) -> None:
        """Put the needles where they are looked up: whole texts by themselves, parts by their first characters."""
        self._equal: dict[str, Found] = {}
        self._short: list[tuple[Needle, Found]] = []
        self._contained: dict[str, list[tuple[str, Found]]] = defaultdict(list)
        self._prefixes: dict[str, list[tuple[str, Found]]] = defaultdict(list)
        for (manner, text), one in found.items():
            if manner == "=":
                self._equal[text] = one
            elif len(text) < _HEAD:
                self._short.append(((manner, text), one))
            else:
                (self._contained if manner == "contains" else self._prefixes)[text[:_HEAD]].append((text, one))
        listed = [pair for pairs in self._contained.values() for pair in pairs]
        self._listed = listed if len(listed) <= _MANY else None

    def select(self, value: Any) -> int:
        """Return the rows that ``value`` satisfies."""
        wants = bans = 0
        met: list[tuple[int, int]] = []
        for one in self._look(value):
            if one.__class__ is int:
                wants |= one
            else:
                many, few, banned, nearer = one  # type: ignore[misc]  # mypy does not take the other of two from a class
                wants |= many
                bans |= banned
                for row in few:
                    wants |= 1 << row
                met += nearer
        if met:
            wants |= mask_of(self._fulfilled(met))
        mask = self._idle | (wants & self._base)
        return mask & ~bans if bans else mask

    def _fulfilled(self, met: Iterable[tuple[int, int]]) -> Iterable[int]:
        """Return the rows of which all literals are met."""
        times = Counter(row for row, _number in set(met))
        return (row for row, number in times.items() if number == self._demands[row])

    @abstractmethod
    def _look(self, value: Any) -> Iterable[Found]:
        """Return what is found in ``value``."""


class TextNeedles(Needles):
    """For a text: equal to one, beginning with one, containing one."""

    __slots__ = ()
    manners = {"contains": "contains", "beginsWith": "beginsWith"}

    def _look(self, value: Any) -> Iterable[Found]:
        text = value.casefold()
        if self._listed is None:
            heads = self._contained.keys() & map(add, text, text[1:])  # all that stands in it, two characters at a time
            found = [one for head in heads for needle, one in self._contained[head] if needle in text]
        else:
            found = [one for needle, one in self._listed if needle in text]
        if text in self._equal:
            found.append(self._equal[text])
        head = text[:_HEAD]
        if head in self._prefixes:
            found += [one for needle, one in self._prefixes[head] if text.startswith(needle)]
        for (manner, needle), one in self._short:
            if needle in text if manner == "contains" else text.startswith(needle):
                found.append(one)
        return found


class SetNeedles(Needles):
    """For a set of texts: to contain one is to have it among the elements."""

    __slots__ = ()
    manners = {}

    def _look(self, value: Any) -> Iterable[Found]:
        equal = self._equal
        try:
            texts = list(map(str.casefold, value))
        except TypeError:  # an element that is no text, and equal to none
            texts = [one.casefold() for one in value if isinstance(one, str)]
        return [equal[text] for text in texts if text in equal]


def _found(wants: Sequence[int], bans: Sequence[int], nearer: Sequence[tuple[int, int]]) -> Found:
    is_mask = len(wants) > _FEW or max(wants, default=0) < _SHORT_MASK
    many, few = (mask_of(wants), ()) if is_mask else (0, tuple(wants))
    return Effect(many, few, mask_of(bans), tuple(nearer)) if few or bans or nearer else many
