"""What do the arms come to? One pass over the units of a day, in whole numbers; no database.

By intention to treat: a unit belongs to the arm that was drawn, shown or not. What it did in the half-open time
``[entered, entered + attribution)`` is measured (y); what it had done before is known beforehand (x). Money in hundredths.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from oscar_engage.analytics.lift.cells import (
    BUYERS,
    ORDER_VALUE,
    ORDERS,
    REVENUE,
    SATISFIED,
    TAKINGS,
    VALUES,
    Entry,
    write_share,
)
from oscar_engage.analytics.rollups.declare import Key, Values
from oscar_engage.analytics.stats.caps import cap

GOOD_FROM = 4
"""A rating of 4 or 5 of 5 is a good one: the usual "top two boxes"."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order: ``total`` in hundredths of ``currency``; ``returned_at`` when we saw that it came back or was cancelled."""

    at: datetime
    total: int
    currency: str
    returned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """A shopper's word on a conversation, from 1 to 5."""

    at: datetime
    score: int


Pairs = Mapping[tuple[str, str], tuple[int, int]]


def measure(
    entry: Entry, orders: Sequence[Order], ratings: Sequence[Rated], *, attribution: timedelta, caps: Mapping[str, int]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return y and x of one unit by measure and currency (``""`` where there is none); pairs of zeros are left out.

    An order that came back or was cancelled is as none; before the entry only if that was known then.
    """
    ends_at = entry.at + attribution
    after = [one for one in orders if entry.at <= one.at < ends_at and one.returned_at is None]
    before = [one for one in orders if one.at < entry.at and not (one.returned_at and one.returned_at < entry.at)]
    rated = [one for one in ratings if entry.at <= one.at < ends_at]
    pairs = {
        (BUYERS, ""): (int(bool(after)), int(bool(before))),
        (ORDERS, ""): (len(after), len(before)),
        (SATISFIED, ""): (sum(one.score >= GOOD_FROM for one in rated), len(rated)),
    }
    for currency in {one.currency for one in (*after, *before)}:
        taken, taken_before = (sum(one.total for one in part if one.currency == currency) for part in (after, before))
        at = caps.get(currency)
        capped = int(cap(taken, at))
        pairs[REVENUE, currency] = (capped, int(cap(taken_before, at)))
        pairs[TAKINGS, currency] = (taken, 0)
        pairs[ORDER_VALUE, currency] = (capped, sum(one.currency == currency for one in after))
    return {of: pair for of, pair in pairs.items() if pair != (0, 0) or of == (BUYERS, "")}


def tally(
    entries: Iterable[Entry],
    orders: Mapping[UUID, Sequence[Order]],
    ratings: Mapping[UUID, Sequence[Rated]],
    *,
    attribution: timedelta,
    caps: Mapping[str, int],
) -> list[tuple[Key, Values]]:
    """Return the cells of ``entries``, all of them shoppers.

    Only the cell of buyers counts every unit. The ``units`` of the others are those of whom there is anything to add up: to
    those who did nothing belongs a zero in every measure and currency, which ``read`` puts back.
    """
    sums: defaultdict[Key, list[int]] = defaultdict(lambda: [0] * len(VALUES))
    for entry in entries:
        share = write_share(entry.share)
        done = measure(entry, orders.get(entry.unit, ()), ratings.get(entry.unit, ()), attribution=attribution, caps=caps)
        for (name, currency), (y, x) in done.items():
            cell = sums[entry.rule, entry.arm, share, name, currency]
            for place, number in enumerate((1, int(y != 0), y, y * y, x, x * x, x * y)):
                cell[place] += number
    return [(key, tuple(cell)) for key, cell in sums.items()]
