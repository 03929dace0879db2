"""How do shipped variables say that there is nothing to say? Small steps that several of them take."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from oscar_engage.rules.answers import CategoryFacts
from oscar_engage.rules.engine.values import UNKNOWN, Money, Value
from oscar_engage.rules.moment import Moment


def seconds_since(start: datetime | None, moment: Moment) -> Value:
    """Return the seconds from ``start`` to ``moment``, never negative; unknown without a start."""
    return UNKNOWN if start is None else max(0.0, (moment.now - start).total_seconds())


def unless_empty(text: str) -> Value:
    """Return ``text``; an empty one is not known."""
    return text or UNKNOWN


def days_between(start: datetime, end: datetime) -> int:
    """Return the whole days that passed, never fewer than none."""
    return max(0, (end - start).days)


def money_of(amount: float, currency: str) -> Value:
    """Return an amount of a basket; not known without a currency."""
    return Money(Decimal(str(amount)), currency) if currency else UNKNOWN


def names_of(categories: Iterable[CategoryFacts]) -> Value:
    """Return the categories' names and paths as one set; not known where there are none."""
    found = frozenset(text for category in categories for text in (category.name, category.path))
    return found or UNKNOWN


def ids_of(ids: Iterable[int]) -> Value:
    """Return ids as a set of texts; not known where there are none."""
    return frozenset(str(one) for one in ids) or UNKNOWN
