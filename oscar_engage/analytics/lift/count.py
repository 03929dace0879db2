"""How is a day of the rollup ``lift`` counted? Who came into an experiment on it, and what they did in the days after.

A day stays open until the last order that can count was placed (``ATTRIBUTION_DAYS``) and ``RETURN_DAYS`` more for it to
come back. What is erased meanwhile is counted on under an id of nobody's, so that the day stays what it was.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count

from oscar_engage.analytics.lift.cells import AUTOMATA, CAP, KEYS, STAFF, TEST_ORDERS, VALUES, Entry
from oscar_engage.analytics.lift.entries import begins, read_entries
from oscar_engage.analytics.lift.tally import Order, Rated, tally
from oscar_engage.analytics.lift.units import Units, find_units, read_units
from oscar_engage.analytics.models import Conversion
from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.analytics.stats.caps import find_cap_of_counts
from oscar_engage.conf import get_settings
from oscar_engage.core.chunks import chunks
from oscar_engage.desk.ratings.models import Rating

NAME = "lift"

CAP_FROM_DAYS = 180
"""Revenue of units that were drawn in one month is capped by the orders of so many days before that month began."""

HUNDREDTHS = 100


def count_lift(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Give the cells of one day."""
    entries, units = read_entries(day)
    caps, attribution = find_caps(day), timedelta(days=get_settings().attribution_days)
    shoppers = [entry for entry in entries if units.are_shoppers(entry.unit)]
    counted = {entry.unit for entry in shoppers}
    devices, until = units.devices(counted), day.ends_at + attribution
    yield from tally(
        shoppers,
        read_orders(devices, units, None, until),
        _read_ratings(devices, units, day.starts_at, until),
        attribution=attribution,
        caps=caps,
    )
    yield from _left_out(entries, units)
    yield ("", "", "", TEST_ORDERS, ""), (_count_test_orders(day), 0, 0, 0, 0, 0, 0)
    for currency, at in caps.items():
        yield ("", "", "", CAP, currency), (1, 1, at, at * at, 0, 0, 0)


def find_caps(day: Day) -> dict[str, int]:
    """Return where revenue of units drawn on ``day`` is capped, in hundredths by currency; the same for the whole month.

    By what was placed before the month, returned since or not, so that it does not move while days are open.
    """
    until = day.starts_at.replace(day=1)
    rows = Conversion.objects.filter(placed_at__gte=until - timedelta(days=CAP_FROM_DAYS), placed_at__lt=until, is_test=False)
    counts: defaultdict[str, dict[float, int]] = defaultdict(dict)
    for currency, total, orders in rows.values_list("currency", "total").annotate(orders=Count("pk")).order_by():
        counts[currency][in_hundredths(total)] = orders
    found = ((currency, find_cap_of_counts(own)) for currency, own in sorted(counts.items()))
    return {currency: int(at) for currency, at in found if at is not None}


def in_hundredths(total: Decimal) -> int:
    """Return an amount as whole hundredths of its currency."""
    return int(total * HUNDREDTHS)


def read_orders(devices: Iterable[UUID], units: Units, since: datetime | None, until: datetime) -> dict[UUID, list[Order]]:
    """Return the orders of ``[since, until)`` by unit, those of tests left out; ``since=None``: from the beginning."""
    found: defaultdict[UUID, list[Order]] = defaultdict(list)
    for part in chunks(devices):
        rows = Conversion.objects.filter(visitor_id__in=part, placed_at__lt=until, is_test=False)
        rows = rows if since is None else rows.filter(placed_at__gte=since)
        columns = rows.values_list("visitor_id", "placed_at", "total", "currency", "returned_at")
        for visitor_id, at, total, currency, returned_at in columns.iterator():
            found[units.of[visitor_id]].append(Order(at, in_hundredths(total), currency, returned_at))
    return found


def _read_ratings(devices: Iterable[UUID], units: Units, since: datetime, until: datetime) -> dict[UUID, list[Rated]]:
    found: defaultdict[UUID, list[Rated]] = defaultdict(list)
    for part in chunks(devices):
        rows = Rating.objects.filter(conversation__visitor_id__in=part, at__gte=since, at__lt=until)
        for visitor_id, at, score in rows.values_list("conversation__visitor_id", "at", "score").iterator():
            found[units.of[visitor_id]].append(Rated(at, score))
    return found


def open_days() -> int:
    """Return how long a day on which orders are counted stays open: the window, and the time for goods to come back."""
    return get_settings().attribution_days + get_settings().return_days


def _left_out(entries: Iterable[Entry], units: Units) -> Iterator[tuple[Key, Values]]:
    """Give how many units of each rule were no shoppers."""
    seen = {(entry.rule, entry.unit) for entry in entries}
    for name, group in ((STAFF, units.staff), (AUTOMATA, units.automata)):
        for rule, number in sorted(_by_rule(seen, group).items()):
            yield (rule, "", "", name, ""), (number, 0, 0, 0, 0, 0, 0)


def _by_rule(seen: Iterable[tuple[str, UUID]], group: Collection[UUID]) -> Counter[str]:
    return Counter(rule for rule, unit in seen if unit in group)


def _count_test_orders(day: Day) -> int:
    """Return how many orders of the day were placed by who is no shopper."""
    placed = Conversion.objects.filter(placed_at__gte=day.starts_at, placed_at__lt=day.ends_at)
    rows = list(placed.values_list("visitor_id", "is_test").iterator())
    unit_of = find_units(visitor_id for visitor_id, _is_test in rows)
    units = read_units(unit_of.values())
    return sum(is_test or not units.are_shoppers(unit_of[visitor_id]) for visitor_id, is_test in rows)


LIFT = declare(
    Rollup(
        name=NAME,
        keys=KEYS,
        values=VALUES,
        count=count_lift,
        open_days=open_days,
        reads=("arms", "decisions", "orders", "ratings", "visitors"),
        begins=begins,
    )
)
