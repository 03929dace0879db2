"""How did it go on for those who entered an experiment on this day? Three rollups, each open as long as its facts come in."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from oscar_engage.analytics.guardrails.measure import Fact, Measure, sum_up
from oscar_engage.analytics.lift.cells import LEFT_ALONE, Entry
from oscar_engage.analytics.lift.count import open_days
from oscar_engage.analytics.lift.entries import begins, read_entries
from oscar_engage.analytics.models import Conversion
from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.conf import get_settings
from oscar_engage.core.chunks import chunks
from oscar_engage.desk.models import Conversation
from oscar_engage.signals.models import SignalRecord

LOW_RATING = 2
"""Up to this score, of five, a rating is a complaint: "not at all" and "a little"."""

SPEED_WINDOW = timedelta(days=1)
"""Pages count within a day of the draw: the log is read whole for it, and speed does not build up."""

SETTLING_DAYS = 3
"""Days for a rating after the last conversation that counts: a rating may be changed for a day."""

LEFT_OUT = "left out"
_KEYS = ("measure", "rule", "arm", "share")
_VALUES = ("units", "positives", "sum_y", "sum_yy", "sum_x", "sum_xx", "sum_xy")

_Facts = dict[UUID, list[Fact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The shoppers who entered on a day, their browsers (browser to unit), and how many units were left out."""

    entries: tuple[Entry, ...]
    devices: Mapping[UUID, UUID]
    staff: int
    automata: int


def _read_entered(day: Day) -> Entered:
    """Return who came into an experiment that has two arms: who was drawn for certain has nobody to be compared with."""
    found, units = read_entries(day)
    entries = [entry for entry in found if 0 < entry.share < 1 and entry.arm != LEFT_ALONE]
    own = {entry.unit for entry in entries}
    return Entered(
        entries=tuple(entry for entry in entries if units.are_shoppers(entry.unit)),
        devices={device: unit for device, unit in units.of.items() if unit in own and units.are_shoppers(unit)},
        staff=len(own & units.staff),
        automata=len(own & units.automata),
    )


def count_orders(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Yield the cells of returns and cancellations, of orders that were no tests."""
    entered, window = _read_entered(day), _attribution()
    returned: _Facts = defaultdict(list)
    cancelled: _Facts = defaultdict(list)
    placed = Conversion.objects.filter(placed_at__gte=day.starts_at, placed_at__lt=day.ends_at + window, is_test=False)
    columns = placed.values_list("visitor_id", "placed_at", "has_return", "has_cancellation")
    for visitor_id, at, has_return, has_cancellation in columns.iterator(chunk_size=2000):
        if (unit := entered.devices.get(visitor_id)) is not None:
            returned[unit].append((at, int(has_return), 1))
            cancelled[unit].append((at, int(has_cancellation), 1))
    yield from sum_up(Measure.RETURNS, entered.entries, returned, window=window)
    yield from sum_up(Measure.CANCELLATIONS, entered.entries, cancelled, window=window)
    for name, number in (("staff", entered.staff), ("automata", entered.automata)):
        if number:
            yield (LEFT_OUT, "", name, ""), (number, 0, 0, 0, 0, 0, 0)


def count_complaints(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Yield the cells of complaints: conversations with a topic of ``COMPLAINT_TOPICS`` or a rating up to 2."""
    entered, window = _read_entered(day), _attribution()
    bad = Q(topic__slug__in=get_settings().complaint_topics) | Q(rating__score__lte=LOW_RATING)
    rows = Conversation.objects.filter(bad, created_at__gte=day.starts_at, created_at__lt=day.ends_at + window)
    facts: _Facts = defaultdict(list)
    for visitor_id, at in rows.order_by().values_list("visitor_id", "created_at").iterator(chunk_size=2000):
        if (unit := entered.devices.get(visitor_id)) is not None:
            facts[unit].append((at, 1, 0))
    yield from sum_up(Measure.COMPLAINTS, entered.entries, facts, window=window)


def count_speed(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Yield the cells of page speed, from ``page.timed``."""
    entered = _read_entered(day)
    yield from sum_up(Measure.SPEED, entered.entries, _read_loads(entered, day), window=SPEED_WINDOW)


def _read_loads(entered: Entered, day: Day) -> _Facts:
    facts: _Facts = defaultdict(list)
    for some in chunks(entered.devices):
        rows = SignalRecord.objects.filter(
            visitor_id__in=some, at__gte=day.starts_at, at__lt=day.ends_at + SPEED_WINDOW, kind="page.timed"
        )
        for visitor_id, payload, at in rows.values_list("visitor_id", "payload", "at"):
            load = payload.get("load")
            if isinstance(load, int):
                facts[entered.devices[visitor_id]].append((at, load, 1))
    return facts


def _attribution() -> timedelta:
    return timedelta(days=get_settings().attribution_days)


def _declare(name: str, count: Callable[..., Iterator[tuple[Key, Values]]], open_for: Callable[[], int], *reads: str) -> Rollup:
    reads = ("arms", "decisions", "visitors", *reads)
    return declare(Rollup(name=name, keys=_KEYS, values=_VALUES, count=count, open_days=open_for, reads=reads, begins=begins))


ORDERS = _declare("guardrails", count_orders, open_days, "orders")
"""Returns and cancellations: open until the last order that counts can no longer come back (``RETURN_DAYS``)."""

COMPLAINTS = _declare(
    "guardrail_complaints",
    count_complaints,
    lambda: get_settings().attribution_days + SETTLING_DAYS,
    "conversations",
    "ratings",
)
SPEED = _declare("guardrail_speed", count_speed, lambda: 2, "signals")
