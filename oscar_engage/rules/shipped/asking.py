"""How do shipped variables say that there is nothing to say? Small steps that several of them take."""

from datetime import datetime

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment


def seconds_since(start: datetime | None, moment: Moment) -> Value:
    """Return the seconds from ``start`` to ``moment``, never negative; unknown without a start."""
    return UNKNOWN if start is None else max(0.0, (moment.now - start).total_seconds())


def unless_empty(text: str) -> Value:
    """Return ``text``; an empty one is not known."""
    return text or UNKNOWN
