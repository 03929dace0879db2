"""Which rows does one variable's value not contradict? A mask for each value: looked up, or found once and remembered."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from oscar_engage.rules.engine.compare import (
    IS_KNOWN,
    IS_UNKNOWN,
    AnyKind,
    Kind,
    comparable,
    kind_expected,
    kind_of,
    suits_sets,
)
from oscar_engage.rules.engine.masks import mask_of
from oscar_engage.rules.engine.needles import SetNeedles, TextNeedles
from oscar_engage.rules.engine.regions import Regions
from oscar_engage.rules.engine.rows import Literal
from oscar_engage.rules.engine.values import UNKNOWN, Value

MOST_REMEMBERED = 512
"""Values of one variable whose mask is remembered; with one more, all are forgotten."""

LONGEST_REMEMBERED = 200
"""Characters of a text, or elements of a set: a longer value is looked at anew each time, or it would fill the memory."""

_KNOWING = frozenset({IS_UNKNOWN, IS_KNOWN})
_OF_ORDER = frozenset({"<", "<=", ">", ">=", "between"})
_REPEATED: Mapping[type, Kind] = {int: Kind.NUMBER, bool: Kind.NUMBER, str: Kind.TEXT, frozenset: Kind.SET}
"""What is remembered: not clocks and amounts, which hardly come twice, and whose mask a bisection finds."""

_SIZED = frozenset({str, frozenset})

LiteralOfRow: TypeAlias = tuple[int, Literal]


Select: TypeAlias = Callable[[Any], int]
"""Gives the mask of a value of one kind; of money, its amount."""


class Column(dict[Value, int]):
    """The index of one variable: ``column[value]`` is the mask of the rows whose literals on this variable all come out.

    A dictionary, because a value seen before is then found by the interpreter itself. A value that cannot be a key (nothing
    that a variable should be worth) is for :meth:`select`.
    """

    __slots__ = ("_incomparable", "_selects", "_selects_by_class", "_unknown", "is_of_money", "mentions")

    def __init__(self, literals: Sequence[LiteralOfRow], *, everything: int) -> None:
        """Take each row's literals on this variable, and the mask of all rows of the index."""
        super().__init__()
        self.mentions = mask_of({row for row, _literal in literals})
        not_if_known: list[int] = []
        not_if_unknown: list[int] = []
        comparing: list[LiteralOfRow] = []
        for pair in literals:
            row, (condition, wanted, lenient) = pair
            if condition.operator in _KNOWING:
                (not_if_known if (condition.operator == IS_UNKNOWN) is wanted else not_if_unknown).append(row)
            else:
                comparing.append(pair)
                if not lenient:
                    not_if_unknown.append(row)
        known = everything & ~mask_of(not_if_known)
        self._unknown = everything & ~mask_of(not_if_unknown)
        self._incomparable = known & ~mask_of(_strict(comparing))
        self._selects = dict(_selects(comparing, known=known))
        self._selects_by_class = {of: self._selects.get(kind, self._say_incomparable) for of, kind in _REPEATED.items()}
        self[UNKNOWN] = self._unknown
        self.is_of_money = any(kind.__class__ is str for kind in self._selects)

    def __missing__(self, value: Any) -> int:
        kind = value.__class__
        if kind not in _REPEATED:
            return self.select(value)
        mask = self._selects_by_class[kind](value)
        if kind in _SIZED and len(value) > LONGEST_REMEMBERED:
            return mask
        if len(self) >= MOST_REMEMBERED:
            self.clear()
            self[UNKNOWN] = self._unknown
        self[value] = mask
        return mask

    def select(self, value: Any) -> int:
        """Return the mask of ``value`` without remembering it."""
        if value is UNKNOWN:
            return self._unknown
        kind = kind_of(value)
        select = self._selects.get(kind)
        if select is None:
            return self._incomparable
        return select(value.amount if kind.__class__ is str else value)

    def _say_incomparable(self, value: Any) -> int:
        return self._incomparable


def _strict(literals: Iterable[LiteralOfRow]) -> Iterator[int]:
    """Yield the rows that fail when their condition is unknown."""
    return (row for row, (_condition, _wanted, lenient) in literals if not lenient)


def _selects(literals: Sequence[LiteralOfRow], *, known: int) -> Iterator[tuple[AnyKind, Select]]:
    """Yield the function for each kind of value that some literal can be compared with; for others all are unknown."""
    of_kind: dict[AnyKind, list[LiteralOfRow]] = defaultdict(list)
    for pair in literals:
        condition = pair[1].condition
        kind = kind_expected(condition.operator, condition.value)
        of_kind[kind].append(pair)
        if kind is Kind.TEXT and suits_sets(condition.operator):
            of_kind[Kind.SET].append(pair)
    for kind, ours in of_kind.items():
        if kind is not None:
            base = known if len(ours) == len(literals) else known & ~mask_of(_strict(_others(literals, ours)))
            yield kind, _select(kind, ours, base=base)


def _others(literals: Iterable[LiteralOfRow], ours: Iterable[LiteralOfRow]) -> Iterator[LiteralOfRow]:
    known = {(row, id(literal)) for row, literal in ours}
    return (pair for pair in literals if (pair[0], id(pair[1])) not in known)


def _select(kind: AnyKind, literals: Iterable[LiteralOfRow], *, base: int) -> Select:
    if kind is Kind.NUMBER:
        return Regions([(row, literal, literal.condition.value) for row, literal in literals], base=base).select
    listed = [(row, literal, comparable(literal.condition.value)) for row, literal in literals]
    if kind is Kind.SET:
        return SetNeedles(listed, base=base).select
    if kind is Kind.TEXT:
        return _select_text(listed, base=base)
    return Regions(listed, base=base).select


def _select_text(literals: Sequence[tuple[int, Literal, Any]], *, base: int) -> Select:
    ordered = [one for one in literals if one[1].condition.operator in _OF_ORDER]
    needles = TextNeedles((one for one in literals if one[1].condition.operator not in _OF_ORDER), base=base).select
    if not ordered:
        return needles
    regions = Regions(ordered, base=base).select
    return lambda text: needles(text) & regions(text.casefold())
