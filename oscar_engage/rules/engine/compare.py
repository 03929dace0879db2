"""Does this operator hold between these two values? The one place that says what an operator means."""

import operator as python
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from math import isnan
from typing import Any, TypeAlias

from oscar_engage.rules.engine.logic import Truth
from oscar_engage.rules.engine.values import UNKNOWN, Expected, Money, Value

IS_UNKNOWN, IS_KNOWN = "null", "notNull"


def _is_any_of(actual: Any, expected: Any) -> bool:
    """Whether the value, or for a set any of its elements, is listed."""
    return not actual.isdisjoint(expected) if isinstance(actual, frozenset) else actual in expected


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": python.eq,
    "!=": python.ne,
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
    "between": lambda actual, expected: expected[0] <= actual <= expected[1],
    "in": _is_any_of,
    "notIn": lambda actual, expected: not _is_any_of(actual, expected),
    "contains": lambda actual, expected: expected in actual,
    "beginsWith": lambda actual, expected: actual.startswith(expected),
}

OPERATORS: tuple[str, ...] = (*_COMPARISONS, IS_UNKNOWN, IS_KNOWN)
"""Every operator of the grammar. ``between`` includes both ends; texts are compared without regard to case."""


class Kind(IntEnum):
    """What sort of thing a value is; only values of one kind can be compared."""

    NUMBER = 1
    TEXT = 2
    SET = 3


AnyKind: TypeAlias = Kind | str | None
"""A kind; money of one currency is a kind of its own, known by the currency's code. ``None``: comparable with nothing."""

_KINDS: Mapping[type, Kind] = {int: Kind.NUMBER, bool: Kind.NUMBER, str: Kind.TEXT, frozenset: Kind.SET}
_OF_TEXTS_ONLY = frozenset({"contains", "beginsWith"})
_OF_LISTS = frozenset({"in", "notIn"})
_OF_SEVERAL = _OF_LISTS | {"between"}
_OF_SETS = _OF_LISTS | {"contains"}
_ENDS = 2  # of a range


def kind_of(value: Any) -> AnyKind:
    """Return what sort of thing ``value`` is: a currency's code for money; ``None`` for what is no value of ours.

    A number that is none (``nan``) is as good as unknown, and so is whatever a careless reading returns: a list, ``None``.
    """
    if value.__class__ is float:
        return None if isnan(value) else Kind.NUMBER
    kind = _KINDS.get(value.__class__)
    if kind is not None:
        return kind
    for of_type, kind in _KINDS.items():
        if isinstance(value, of_type):  # a subclass, such as a text that is safe to show
            return kind
    if isinstance(value, float | Decimal):
        return Kind.NUMBER if _is_number(value) else None
    return value.currency if isinstance(value, Money) and _is_number(value.amount) else None


def _is_number(value: float | Decimal) -> bool:
    return not (value.is_nan() if isinstance(value, Decimal) else isnan(value))


def kind_expected(operator: str, expected: Any) -> AnyKind:
    """Return the kind of value that ``operator`` can compare with ``expected``; ``None`` when there is none.

    A text stands for sets, too, with the operators of :func:`suits_sets`.
    """
    if operator not in _COMPARISONS or isinstance(expected, tuple) is not (operator in _OF_SEVERAL):
        return None
    if not isinstance(expected, tuple):
        kind = _KINDS.get(expected.__class__) or kind_of(expected)
        return None if kind is Kind.SET or (operator in _OF_TEXTS_ONLY and kind is not Kind.TEXT) else kind
    kinds = {kind_of(value) for value in expected}
    if len(kinds) != 1 or Kind.SET in kinds or (operator == "between" and len(expected) != _ENDS):
        return None
    return kinds.pop()


def suits_sets(operator: str) -> bool:
    """Whether ``operator`` can compare a set with the text, or the texts, that it expects."""
    return operator in _OF_SETS


def can_compare(operator: str, actual: Any, expected: Any) -> bool:
    """Whether both sides are of one kind: numbers, texts, amounts of one currency, or a set and the texts it may hold."""
    kind = kind_of(actual)
    if kind is None:
        return False
    wanted = kind_expected(operator, expected)
    return kind == wanted or (kind is Kind.SET and wanted is Kind.TEXT and operator in _OF_SETS)


def holds(operator: str, actual: Value, expected: Expected) -> Truth:
    """Return whether ``actual`` stands in the relation ``operator`` to ``expected``.

    Unknown when ``actual`` is unknown, in another currency than ``expected``, or no value that can be compared with it (see
    :func:`can_compare`); only ``null`` and ``notNull`` ("is not known", "is known") are always decided.
    """
    if operator == IS_UNKNOWN:
        return actual is UNKNOWN
    if operator == IS_KNOWN:
        return actual is not UNKNOWN
    if actual is UNKNOWN or not can_compare(operator, actual, expected):
        return None
    return _COMPARISONS[operator](comparable(actual), comparable(expected))


def comparison(operator: str) -> Callable[[Any, Any], bool]:
    """Return the bare relation of ``operator`` between two known, :func:`comparable` values."""
    return _COMPARISONS[operator]


def comparable(value: Any) -> Any:
    """Return ``value`` in the form that is compared: texts folded to one case, money as its bare amount."""
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, tuple):
        return tuple(comparable(one) for one in value)
    return fold_set(value) if isinstance(value, frozenset) else value


@lru_cache(maxsize=256)
def fold_set(texts: frozenset[Any]) -> frozenset[Any]:
    """Return the set with its texts folded; remembered, since the rules ask the same few sets again and again."""
    return frozenset([one.casefold() if isinstance(one, str) else one for one in texts])
