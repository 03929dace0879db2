"""Which rows does a text, or a set of texts, satisfy? What is looked for, each once, with the rows that want it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypeAlias

from oscar_engage.rules.engine.masks import mask_of
from oscar_engage.rules.engine.rows import Literal

_NEGATIVE = frozenset({"!=", "notIn"})

Needle: TypeAlias = tuple[str, str]
"""How a text is looked for (``=``, ``contains``, ``beginsWith``) and the text, folded."""


class Wanting:
    """What it means that a needle was found: rows come in, rows go out, or come nearer (one literal of several is met)."""

    __slots__ = ("bans", "nearer", "wants")

    def __init__(self) -> None:
        self.wants: list[int] = []
        self.bans: list[int] = []
        self.nearer: list[tuple[int, int]] = []


class Needles:
    """Base of the two kinds; :meth:`select` gives the rows that a value satisfies."""

    __slots__ = ("_base", "_contained", "_demands", "_equal", "_idle", "_lengths", "_prefixes")
    manners: ClassVar[Mapping[str, str]]
    """How an operator looks for its texts, if not by comparing them."""

    def __init__(self, literals: Iterable[tuple[int, Literal, Any]], *, base: int) -> None:
        """Take rows with their literals and the folded texts of these; ``base`` is what can be satisfied at all."""
        wanted: dict[int, list[list[Needle]]] = defaultdict(list)
        found: dict[Needle, Wanting] = defaultdict(Wanting)
        for row, (condition, comes_out, _lenient), texts in literals:
            manner = self.manners.get(condition.operator, "=")
            needles = [(manner, text) for text in (texts if isinstance(texts, tuple) else (texts,))]
            if comes_out is (condition.operator not in _NEGATIVE):
                wanted[row].append(needles)
            else:
                for needle in needles:
                    found[needle].bans.append(row)
        self._base = base
        self._idle = base & ~mask_of(wanted)
        self._demands = {row: len(literals) for row, literals in wanted.items() if len(literals) > 1}
        for row, literals_wanted in wanted.items():
            for number, needles in enumerate(literals_wanted):
                for needle in needles:
                    if row in self._demands:
                        found[needle].nearer.append((row, number))
                    else:
                        found[needle].wants.append(row)
        self._equal = {text: wanting for (manner, text), wanting in found.items() if manner == "="}
        self._contained = [(text, wanting) for (manner, text), wanting in found.items() if manner == "contains"]
        self._prefixes = {text: wanting for (manner, text), wanting in found.items() if manner == "beginsWith"}
        self._lengths = sorted({len(text) for text in self._prefixes})

    def select(self, value: Any) -> int:
        """Return the rows that ``value`` satisfies."""
        wants: list[int] = []
        bans: list[int] = []
        nearer: set[tuple[int, int]] = set()
        for wanting in self._found(value):
            wants += wanting.wants
            bans += wanting.bans
            nearer.update(wanting.nearer)
        if nearer:
            met = Counter(row for row, _number in nearer)
            wants += [row for row, number in met.items() if number == self._demands[row]]
        mask = self._idle | (mask_of(wants) & self._base)
        return mask & ~mask_of(bans) if bans else mask

    def _found(self, value: Any) -> Iterable[Wanting]:
        raise NotImplementedError


class TextNeedles(Needles):
    """For a text: equal to one, beginning with one, containing one."""

    __slots__ = ()
    manners = {"contains": "contains", "beginsWith": "beginsWith"}

    def _found(self, value: Any) -> Iterable[Wanting]:
        text = value.casefold()
        found = [wanting for needle, wanting in self._contained if needle in text]
        if text in self._equal:
            found.append(self._equal[text])
        for length in self._lengths:
            if text[:length] in self._prefixes:
                found.append(self._prefixes[text[:length]])
        return found


class SetNeedles(Needles):
    """For a set of texts: to contain one is to have it among the elements."""

    __slots__ = ()
    manners = {}

    def _found(self, value: Any) -> Iterable[Wanting]:
        equal = self._equal
        texts = {one.casefold() for one in value if isinstance(one, str)}
        return [equal[text] for text in texts if text in equal]
