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


def names_of(categories: Iterable[CategoryFacts] | None) -> Value:
    """Return the categories' names and paths as one set."""
    return UNKNOWN if categories is None else frozenset(text for one in categories for text in (one.name, one.path))


def numbers_of(categories: Iterable[CategoryFacts] | None) -> Value:
    """Return the categories' ids as a set of texts."""
    return UNKNOWN if categories is None else frozenset(str(one.category_id) for one in categories)
