"""Which rows does a text, or a set of texts, satisfy? What is looked for, each once, with the rows that want it."""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeAlias

from oscar_engage.rules.engine.compare import fold_set
from oscar_engage.rules.engine.masks import mask_of
from oscar_engage.rules.engine.rows import Literal

_NEGATIVE = frozenset({"!=", "notIn"})

Needle: TypeAlias = tuple[str, str]
"""How a text is looked for (``=``, ``contains``, ``beginsWith``) and the text, folded."""


_FEW = 3  # as many rows take less memory one by one than as a mask, which is as long as the index


class Found(NamedTuple):
    """What it means that a needle was found: ``many`` (a mask) and ``few`` rows come in, and seldom there is a ``rest``."""

    many: int
    few: tuple[int, ...]
    rest: "Rest | None"


class Rest(NamedTuple):
    """The rows that go out (a mask), and the rows that come nearer: one of their several literals, by number, is met."""

    bans: int
    nearer: tuple[tuple[int, int], ...]


class Needles(ABC):
    """Base of the two kinds; :meth:`select` gives the rows that a value satisfies."""

    __slots__ = ("_base", "_contained", "_demands", "_equal", "_idle", "_lengths", "_prefixes")
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
        found = {
            needle: _found(wants.get(needle, ()), bans.get(needle, ()), nearer.get(needle, ()))
            for needle in {**wants, **bans, **nearer}
        }
        self._equal = {text: one for (manner, text), one in found.items() if manner == "="}
        self._contained = [(text, one) for (manner, text), one in found.items() if manner == "contains"]
        self._prefixes = {text: one for (manner, text), one in found.items() if manner == "beginsWith"}
        self._lengths = sorted({len(text) for text in self._prefixes})

    def select(self, value: Any) -> int:
        """Return the rows that ``value`` satisfies."""
        wants = 0
        rests: list[Rest] = []
        for many, few, rest in self._look(value):
            wants |= many
            for row in few:
                wants |= 1 << row
            if rest is not None:
                rests.append(rest)
        mask = self._idle | (wants & self._base)
        return self._with_rests(mask, rests) if rests else mask

    def _with_rests(self, mask: int, rests: Iterable[Rest]) -> int:
        met = Counter(row for row, _number in {one for rest in rests for one in rest.nearer})
        mask |= mask_of(row for row, number in met.items() if number == self._demands[row]) & self._base
        for rest in rests:
            mask &= ~rest.bans
        return mask

    @abstractmethod
    def _look(self, value: Any) -> Iterable[Found]:
        """Return what is found in ``value``."""


class TextNeedles(Needles):
    """For a text: equal to one, beginning with one, containing one."""

    __slots__ = ()
    manners = {"contains": "contains", "beginsWith": "beginsWith"}

    def _look(self, value: Any) -> Iterable[Found]:
        text = value.casefold()
        found = [one for needle, one in self._contained if needle in text]
        if text in self._equal:
            found.append(self._equal[text])
        prefixes = self._prefixes
        for length in self._lengths:
            if text[:length] in prefixes:
                found.append(prefixes[text[:length]])
        return found


class SetNeedles(Needles):
    """For a set of texts: to contain one is to have it among the elements."""

    __slots__ = ()
    manners = {}

    def _look(self, value: Any) -> Iterable[Found]:
        equal = self._equal
        return [equal[text] for text in fold_set(value) if text in equal]


def _found(wants: Sequence[int], bans: Sequence[int], nearer: Sequence[tuple[int, int]]) -> Found:
    rest = Rest(mask_of(bans), tuple(nearer)) if bans or nearer else None
    return Found(mask_of(wants), (), rest) if len(wants) > _FEW else Found(0, tuple(wants), rest)
