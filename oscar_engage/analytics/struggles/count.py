"""Which visits ended on this day, what did they struggle with, and did they order? The rollup ``struggles``.

A visit belongs to the day on which it ended. One that still goes on is not counted yet; nor is one without a log, as of
shoppers who did not agree to statistics: of those we would know the order and not the struggle.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Q

from oscar_engage.analytics.models import Conversion
from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.analytics.struggles.spots import READERS
from oscar_engage.analytics.struggles.visit import ANY, Ended, Tally, read_story
from oscar_engage.conf import get_settings
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit, Visitor

ORDERED_WITHIN = timedelta(days=1)
"""How long after its end an order still speaks for a visit: whoever comes back in the evening was not lost."""

OPEN_DAYS = 2
"""For that order, and for the sweep that finds it."""

LEFT_OUT = "left out"
STAFF, AUTOMATA = "staff", "automata"

_CHUNK = 2000


def count_struggles(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Yield the cells of the visits that ended on ``day``; see ``struggles.visit``."""
    over = now - timedelta(minutes=get_settings().visit_minutes)
    ended = Visit.objects.filter(last_at__gte=day.starts_at, last_at__lt=min(day.ends_at, over))
    yield from _left_out(ended)
    shoppers = ended.filter(visitor__is_staff=False, visitor__is_automaton=False)
    visits = _read_visits(shoppers)
    orders = _orders(day, {visit.unit_id for visit in visits.values()})
    tally = Tally()
    for visit_id, rows in groupby(_log(shoppers), key=itemgetter(0)):
        if visit_id and (visit := visits.get(visit_id)) is not None:  # else it went on since it was read
            tally.add(read_story(row[1:] for row in rows), visit.end(orders))
    yield from tally.cells()


class _Visit:
    """What is kept of a visit while its day is counted: few values, for there may be many visits."""

    __slots__ = ("_currency", "_hundredths", "_last_at", "_started_at", "unit_id")

    def __init__(self, unit_id: UUID, started_at: datetime, last_at: datetime, basket: object) -> None:
        self.unit_id = unit_id
        self._started_at, self._last_at = started_at, last_at
        self._hundredths, self._currency = read_basket(basket)

    def end(self, orders: Mapping[UUID, list[datetime]]) -> Ended:
        """Return how it ended."""
        until = self._last_at + ORDERED_WITHIN
        ordered = any(self._started_at <= at < until for at in orders.get(self.unit_id, ()))
        return Ended(ordered=ordered, hundredths=self._hundredths, currency=self._currency)


def read_basket(stored: object) -> tuple[int, str]:
    """Return ``(hundredths, currency)`` of the basket in a visit's stored state; ``(0, "")`` of an empty or damaged one."""
    basket = stored if isinstance(stored, Mapping) else {}
    total, currency = basket.get("total"), basket.get("currency")
    if not basket.get("lines") or not isinstance(total, int | float) or not isinstance(currency, str) or total <= 0:
        return 0, ""
    return round(total * 100), currency


def _left_out(ended: Any) -> Iterable[tuple[Key, Values]]:
    automata = Q(visitor__is_automaton=True, visitor__is_staff=False)
    for name, who in ((STAFF, Q(visitor__is_staff=True)), (AUTOMATA, automata)):
        number = ended.filter(who).count()
        if number:
            yield (LEFT_OUT, name, ANY, ""), (0, number, 0, 0, 0)


def _read_visits(visits: Any) -> dict[UUID, _Visit]:
    rows = visits.values_list("pk", "visitor_id", "visitor__unit_of", "started_at", "last_at", "state__basket")
    return {
        pk: _Visit(unit_of or visitor_id, started_at, last_at, basket)
        for pk, visitor_id, unit_of, started_at, last_at, basket in rows.iterator(chunk_size=_CHUNK)
    }


def _orders(day: Day, units: set[UUID]) -> dict[UUID, list[datetime]]:
    """Return when the units ordered, by unit: with whatever device.

    A visit of the day may have begun on the day before.
    """
    since, until = day.starts_at - timedelta(days=1), day.ends_at + ORDERED_WITHIN
    placed = Conversion.objects.filter(placed_at__gte=since, placed_at__lt=until)
    buyers = Visitor.objects.filter(pk__in=placed.values("visitor_id"), unit_of__isnull=False)
    joined: dict[UUID, UUID | None] = dict(buyers.values_list("pk", "unit_of"))
    orders: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for visitor_id, at in placed.values_list("visitor_id", "placed_at").iterator(chunk_size=_CHUNK):
        unit = joined.get(visitor_id) or visitor_id
        if unit in units:
            orders[unit].append(at)
    return orders


def _log(visits: Any) -> Iterator[tuple[UUID | None, str, Any]]:
    """Yield the signals that tell of struggles, visit by visit and in the order in which they happened."""
    log = SignalRecord.objects.filter(visit_id__in=visits.values("pk"), kind__in=list(READERS))
    return log.order_by("visit_id", "at", "pk").values_list("visit_id", "kind", "payload").iterator(chunk_size=_CHUNK)


def _begins() -> datetime | None:
    return Visit.objects.order_by("last_at").values_list("last_at", flat=True).first()


STRUGGLES = declare(
    Rollup(
        name="struggles",
        keys=("kind", "name", "struggle", "currency"),
        values=("times", "visits", "ordered", "baskets", "at_stake"),
        count=count_struggles,
        open_days=lambda: OPEN_DAYS,
        reads=("visits", "signals", "orders"),
        begins=_begins,
    )
)
