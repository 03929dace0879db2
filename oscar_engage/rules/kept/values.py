"""What was a slow variable worth when it was asked last? A beat reads what is kept; a worker asks anew.

A system that may hang (a CRM) is never asked in a beat, because nothing can stop a Python function that waits. The beat takes
the last known value, with one query for all of them, and has a job ask again once it is older than the variable's ``ttl``. A
value is used for :data:`STALE` times its ``ttl`` at most: then it is unknown until the worker has been there.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from oscar_engage.rules.engine.values import UNKNOWN, Value

if TYPE_CHECKING:
    from oscar_engage.rules.variables import Variable

STALE = 2
"""How many times its ``ttl`` a value may be old while a newer one is on its way."""

ASK_AGAIN = timedelta(minutes=1)
"""How long nobody asks again for what was just asked for: the worker may be late, or the other system down."""


@dataclass(frozen=True, slots=True)
class Whom:
    """About whom a variable with a ``ttl`` is asked: a visitor, and the customer that it is, where that is known."""

    visitor_id: uuid.UUID
    customer_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """One value as it was written: JSON (``None``: the source did not know), when it was told, and when it was last asked for.

    ``told_at`` is ``None`` before the first answer.
    """

    value: Any = None
    told_at: datetime | None = None
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The values kept of one visitor, by key; ``refresh(key)`` has one asked anew by a worker."""

    get: Callable[[str], KeptRow | None]
    refresh: Callable[[str], None]

    def read(self, variable: "Variable", key: str, *, awaited: set[str], now: datetime) -> Value:
        """Return what ``key`` was worth last; unknown when that is too long ago.

        A key that is asked for now and has no usable value is added to ``awaited``.
        """
        row = self.get(key)
        age = None if row is None or row.told_at is None else now - row.told_at
        ttl = timedelta(seconds=variable.ttl)
        is_usable = age is not None and age < STALE * ttl
        if (age is None or age >= ttl) and (row is None or now - row.asked_at >= ASK_AGAIN):
            self.refresh(key)
            if not is_usable:
                awaited.add(key)
        return decode(variable, row.value) if row is not None and is_usable else UNKNOWN


def _nothing(key: str) -> None:
    """Without a visitor there is nothing kept, and nobody to ask about."""


NOTHING_KEPT = Kept(get=_nothing, refresh=_nothing)
"""For moments at which nobody is asked about: everything is unknown."""


def encode(variable: "Variable", value: Value) -> Any:
    """Return what a source said of ``variable`` as JSON, checked as if it had been typed; ``None`` for what it does not know.

    Raises ``WrongValueError`` for a value that is not of the variable's type.
    """
    if value is UNKNOWN:
        return None
    if isinstance(value, frozenset):
        return [variable.type.to_json(variable.type.clean_one(one)) for one in sorted(value)]
    written = variable.type.to_json(value)
    return variable.type.to_json(variable.type.clean_one(written))


def decode(variable: "Variable", written: Any) -> Value:
    """Return the value that :func:`encode` wrote."""
    if written is None:
        return UNKNOWN
    if isinstance(written, list):
        return frozenset(str(variable.type.clean_one(one)) for one in written)
    return variable.type.clean_one(written)
