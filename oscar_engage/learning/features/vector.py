"""What is a visit in numbers now? One vector in the schema's order: the same signals give the same one, in any order."""

from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from typing import TypeAlias

from oscar_engage.learning.features.instant import Instant
from oscar_engage.learning.features.schema import FEATURES, NAMES, PLACES
from oscar_engage.visitors.state import VisitState

Vector: TypeAlias = tuple[float | None, ...]
"""A value for each of ``NAMES``; ``None`` is missing. Never NaN, never infinite, within the bounds of its unit."""

_PLAN = tuple((feature.read, feature.unit.bound) for feature in FEATURES)
_PAGES = {"on_product": "product", "on_basket": "basket", "on_checkout": "checkout"}


def take_vector(instant: Instant) -> Vector:
    """Return the instant in numbers, in the order of ``NAMES``. Costs some 20 µs, however long the visit is."""
    return tuple([bound(read(instant)) for read, bound in _PLAN])


def read_vector(values: object) -> Vector | None:
    """Return what the log or anybody else gives as a vector; ``None`` if it is none of today's schema."""
    if not isinstance(values, Sequence) or isinstance(values, str) or len(values) != len(NAMES):
        return None
    if not all(_is_value(value) for value in values):
        return None
    return tuple([None if value is None else float(value) for value in values])


def _is_value(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value))


def count_signals(vector: Vector) -> int:
    """Return how many signals of the visit were in it: the first so many of its log lead to the same state."""
    return int(vector[PLACES["signals"]] or 0)


def retake(vector: Vector, state: VisitState, now: datetime) -> Vector:
    """Take the vector of ``state`` at ``now`` anew; only what the beat itself told is read from ``vector``.

    That is how long the browser was idle and in view, on which page, and whether history might be read: no signal says it.
    """
    told = {name: vector[PLACES[name]] or 0.0 for name in ("idle_seconds", "visible_seconds")}
    page = next((page for name, page in _PAGES.items() if vector[PLACES[name]]), "other")
    return take_vector(Instant(state, page, now, **told, is_known=vector[PLACES["visit_number"]] is not None))
