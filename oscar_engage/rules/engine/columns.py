"""In which of many moments does a rule hold? A whole document judged over all of them at once; the same answers as the walker.

A set of moments is a whole number, one bit each. Of a variable with few values we keep which moments have each of them; of one
with many, the moments in the order of its values, so that a limit is found by bisection. A condition is then a few masks, and a
tree of conditions a few operations on masks, whatever the number of moments.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from oscar_engage.rules.engine.compare import IS_KNOWN, IS_UNKNOWN, comparable, holds
from oscar_engage.rules.engine.tree import ELSE, Condition, Document, Node
from oscar_engage.rules.engine.values import UNKNOWN, Expected, Money, Value

FEW = 64
"""Distinct values up to which each keeps its own mask."""

_STEP = 512  # moments between two of the masks kept of a sorted column
_ORDERED = frozenset({"=", "!=", "<", "<=", ">", ">=", "between"})


class Column(Protocol):
    """One variable over all moments; ``known`` are those in which it has a value."""

    @property
    def known(self) -> int:
        """The moments in which the variable has a value."""
        ...

    def judge(self, operator: str, expected: Expected) -> tuple[int, int]:
        """Return the moments in which the comparison is true, and those in which it is decided at all."""
        ...


@dataclass(frozen=True, slots=True)
class Columns:
    """The variables of ``size`` moments; one that is not among ``columns`` is unknown in all of them."""

    size: int
    columns: Mapping[str, Column]

    @property
    def everything(self) -> int:
        """All moments."""
        return (1 << self.size) - 1


def load_column(values: Sequence[Value], *, is_lasting: bool = True) -> Column:
    """Return the column of a variable from its value in each moment.

    ``is_lasting``: many rules will be judged over it, so that it is worth sorting; one rule is done before that.
    """
    places: dict[Value, list[int]] = {}
    for place, value in enumerate(values):
        if value is not UNKNOWN:
            places.setdefault(value, []).append(place)
    if is_lasting and len(places) > FEW and _is_sortable(places):
        return _sort(places, len(values))
    return _Valued(_mask((place for own in places.values() for place in own), len(values)), places, len(values))


def choose_all(document: Document, moments: Columns) -> dict[int, int]:
    """Return of each branch (``ELSE`` for the last resort) in which moments ``walk.choose`` gives it."""
    left = moments.everything if document.scope is None else _judge(document.scope, moments)[0]
    taken: dict[int, int] = {}
    for index, branch in enumerate(document.branches):
        true, false = _judge(branch.when, moments)
        taken[index] = left & true
        left &= false if document.unknown == "skip" else ~true
    if document.otherwise:
        taken[ELSE] = left
    return taken


def find_acting(document: Document, moments: Columns) -> int:
    """Return the moments in which ``document`` takes a branch that does something."""
    found = 0
    for branch, taken in choose_all(document, moments).items():
        if document.actions(branch):
            found |= taken
    return found


def _judge(node: Node, moments: Columns) -> tuple[int, int]:
    """Return the moments in which ``node`` is true and those in which it is false."""
    if isinstance(node, Condition):
        return _judge_condition(node, moments)
    every = node.combinator == "and"
    true, false = (moments.everything, 0) if every else (0, moments.everything)
    for child in node.rules:
        own_true, own_false = _judge(child, moments)
        true, false = (true & own_true, false | own_false) if every else (true | own_true, false & own_false)
    return (false, true) if node.negated else (true, false)


def _judge_condition(condition: Condition, moments: Columns) -> tuple[int, int]:
    column = moments.columns.get(condition.field)
    known = 0 if column is None else column.known
    if condition.operator in {IS_KNOWN, IS_UNKNOWN}:
        unknown = moments.everything & ~known
        return (known, unknown) if condition.operator == IS_KNOWN else (unknown, known)
    if column is None:
        return 0, 0
    true, decided = column.judge(condition.operator, condition.value)
    return true, decided & ~true


@dataclass(slots=True)
class _Valued:
    """A column of few values, or of values without an order: each with its moments."""

    known: int
    places: Mapping[Value, Sequence[int] | int]
    size: int

    def __post_init__(self) -> None:
        if len(self.places) <= FEW:
            self.places = {value: _mask(own, self.size) for value, own in self.places.items() if not isinstance(own, int)}

    def judge(self, operator: str, expected: Expected) -> tuple[int, int]:
        """Ask each value once."""
        truths = {value: holds(operator, value, expected) for value in self.places}
        true = self._collect(value for value, truth in truths.items() if truth)
        undecided = [value for value, truth in truths.items() if truth is None]
        return true, self.known & ~self._collect(undecided) if undecided else self.known

    def _collect(self, values: Iterable[Value]) -> int:
        masks, places = 0, list[int]()
        for value in values:
            own = self.places[value]
            if isinstance(own, int):
                masks |= own
            else:
                places += own
        return masks | _mask(places, self.size) if places else masks


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A column of many numbers: its values in their order, the moments in that order, and a mask every so many of them."""

    known: int
    values: Sequence[Any]
    order: Sequence[int]
    kept: Sequence[int]
    size: int
    currency: str | None

    def judge(self, operator: str, expected: Expected) -> tuple[int, int]:
        """Find the limits by bisection; a list of values is asked one by one."""
        if operator not in _ORDERED:
            return self._judge_listed(operator, expected)
        limits: tuple[Any, ...] = expected if isinstance(expected, tuple) else (expected,)
        if self.currency is not None and any(limit.currency != self.currency for limit in limits):
            return 0, 0
        low, high = comparable(limits[0]), comparable(limits[-1])
        below, up_to = self._below(bisect_left(self.values, low)), self._below(bisect_right(self.values, high))
        found = {
            "=": up_to & ~below,
            "between": up_to & ~below,
            "!=": self.known & ~(up_to & ~below),
            "<": below,
            "<=": up_to,
            ">": self.known & ~up_to,
            ">=": self.known & ~below,
        }
        return found[operator], self.known

    def _judge_listed(self, operator: str, expected: Expected) -> tuple[int, int]:
        listed: tuple[Any, ...] = expected if isinstance(expected, tuple) else (expected,)
        found = 0
        for one in listed:
            found |= self.judge("=", one)[0]
        return (found if operator == "in" else self.known & ~found), self.known

    def _below(self, count: int) -> int:
        """Return the moments with the ``count`` smallest values."""
        kept = count // _STEP
        return self.kept[kept] | _mask(self.order[kept * _STEP : count], self.size)


def _is_sortable(places: Iterable[Value]) -> bool:
    """Whether the values have one order: numbers, or amounts of one currency."""
    if all(isinstance(value, Money) for value in places):
        return len({value.currency for value in places if isinstance(value, Money)}) == 1
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in places)


def _sort(places: Mapping[Value, Sequence[int]], size: int) -> _Sorted:
    pairs = sorted((comparable(value), place) for value, own in places.items() for place in own)
    order = [place for _value, place in pairs]
    kept, so_far = [0], 0
    for start in range(0, len(order) - _STEP + 1, _STEP):
        so_far |= _mask(order[start : start + _STEP], size)
        kept.append(so_far)
    first = next(iter(places))
    currency = first.currency if isinstance(first, Money) else None
    return _Sorted(_mask(order, size), [value for value, _place in pairs], order, kept, size, currency)


def _mask(places: Iterable[int], size: int) -> int:
    """Return the set of these moments."""
    bits = bytearray((size >> 3) + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")
