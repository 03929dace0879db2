"""Does this operator hold between these two values? The one place that says what an operator means."""

import operator as python
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
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


class Kind(Enum):
    """What sort of thing a value is; only values of one kind can be compared."""

    NUMBER = "number"
    TEXT = "text"
    SET = "set"
    MONEY = "money"


AnyKind: TypeAlias = Kind | str | None
"""A kind; money of one currency is a kind of its own, known by the currency's code. ``None``: comparable with nothing."""

_OF_TEXTS_ONLY = frozenset({"contains", "beginsWith"})
_OF_LISTS = frozenset({"in", "notIn"})
_OF_SETS = _OF_LISTS | {"contains"}
_ENDS = 2  # of a range


def kind_of(value: Any) -> AnyKind:
    """Return what sort of thing ``value`` is: a currency's code for money; ``None`` for what is no value of ours.

    A number that is none (``nan``) is as good as unknown, and so is whatever a careless reading returns: a list, ``None``.
    """
    if isinstance(value, int):
        return Kind.NUMBER
    if isinstance(value, float):
        return Kind.NUMBER if value == value else None  # noqa: PLR0124 - only nan differs from itself
    if isinstance(value, str):
        return Kind.TEXT
    if isinstance(value, frozenset):
        return Kind.SET
    if isinstance(value, Decimal):
        return None if value.is_nan() else Kind.NUMBER
    if isinstance(value, Money):
        return value.currency if kind_of(value.amount) is Kind.NUMBER else None
    return None


def kind_expected(operator: str, expected: Any) -> AnyKind:
    """Return the kind of value that ``operator`` can compare with ``expected``; ``None`` when there is none.

    A text stands for sets, too, with the operators of :func:`suits_sets`.
    """
    if operator not in _COMPARISONS or isinstance(expected, tuple) is not (operator == "between" or operator in _OF_LISTS):
        return None
    values = expected if isinstance(expected, tuple) else (expected,)
    kinds = {kind_of(value) for value in values}
    if len(kinds) != 1 or (operator == "between" and len(values) != _ENDS):
        return None
    kind = kinds.pop()
    return None if kind is Kind.SET or (operator in _OF_TEXTS_ONLY and kind is not Kind.TEXT) else kind


def suits_sets(operator: str) -> bool:
    """Whether ``operator`` can compare a set with the text, or the texts, that it expects."""
    return operator in _OF_SETS


def can_compare(operator: str, actual: Any, expected: Any) -> bool:
    """Whether both sides are of one kind: numbers, texts, amounts of one currency, or a set and the texts it may hold."""
    kind = kind_of(actual)
    wanted = kind_expected(operator, expected)
    if kind is None or wanted is None:
        return False
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
    if isinstance(value, str):
        return value.casefold()
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, tuple):
        return tuple(comparable(one) for one in value)
    if isinstance(value, frozenset):
        return frozenset(comparable(one) for one in value)
    return value
