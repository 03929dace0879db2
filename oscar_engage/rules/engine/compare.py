"""Does this operator hold between these two values? The one place that says what an operator means."""

import operator as python
from collections.abc import Callable, Mapping
from typing import Any

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


def holds(operator: str, actual: Value, expected: Expected) -> Truth:
    """Return whether ``actual`` stands in the relation ``operator`` to ``expected``.

    Unknown when ``actual`` is unknown or in another currency than ``expected``; only ``null`` and ``notNull`` ("is not
    known", "is known") are always decided. The types are those that the grammar checked when the rule was saved.
    """
    if operator == IS_UNKNOWN:
        return actual is UNKNOWN
    if operator == IS_KNOWN:
        return actual is not UNKNOWN
    if actual is UNKNOWN:
        return None
    if isinstance(actual, Money) and any(money.currency != actual.currency for money in _moneys(expected)):
        return None
    return _COMPARISONS[operator](comparable(actual), comparable(expected))


def comparison(operator: str) -> Callable[[Any, Any], bool]:
    """Return the bare relation of ``operator`` between two known, :func:`comparable` values."""
    return _COMPARISONS[operator]


def _moneys(expected: Any) -> tuple[Money, ...]:
    return expected if isinstance(expected, tuple) else (expected,)


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
