"""What is summed up of those who entered? Plain values in, sufficient statistics out.

By intention to treat: whoever was drawn counts, shown or not. Of each unit counts what happened in ``[entered, entered +
window)``, in both arms alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from oscar_engage.analytics.lift.cells import Entry, write_share
from oscar_engage.analytics.stats.moments import Moments

Fact = tuple[datetime, int, int]
"""When it happened, what it adds to y and to x: of an order whether it came back, and 1; of a page its ms, and 1."""

Key = tuple[str, str, str, str]


class Measure(StrEnum):
    """What must not get worse."""

    RETURNS = "returns"
    """y: orders that came back, in whole or in part; x: orders."""

    CANCELLATIONS = "cancellations"
    """y: orders that were cancelled, in whole or in part; x: orders."""

    COMPLAINTS = "complaints"
    """y: whether the unit complained or rated badly, once or more; no x: of all units."""

    SPEED = "speed"
    """y: ms until pages were loaded; x: pages."""


def sum_up(
    measure: Measure, entries: Iterable[Entry], facts: Mapping[UUID, Sequence[Fact]], *, window: timedelta
) -> list[tuple[Key, tuple[float, ...]]]:
    """Return the moments of both arms of each experiment, keyed ``(measure, rule, arm, share)``."""
    pairs: defaultdict[Key, list[tuple[int, int]]] = defaultdict(list)
    for entry in entries:
        own = [fact for fact in facts.get(entry.unit, ()) if entry.at <= fact[0] < entry.at + window]
        y, x = sum(fact[1] for fact in own), sum(fact[2] for fact in own)
        if measure is Measure.COMPLAINTS:
            y, x = int(y > 0), 0
        pairs[measure.value, entry.rule, entry.arm, write_share(entry.share)].append((y, x))
    return [(key, Moments.of(own).as_numbers()) for key, own in pairs.items()]
