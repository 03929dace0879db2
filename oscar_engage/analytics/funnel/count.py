"""How is a day of the rollup ``funnel`` counted? Every moment of it in which a rule held, and what came of it.

An exposure is a display that the browser confirmed (``seen``); what was sent and never shown is offered and no more. Moments of
who is no shopper are left out. Who was erased is counted on, on a device that nobody knows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Min

from oscar_engage.analytics.funnel import steps
from oscar_engage.analytics.lift.count import open_days, read_orders
from oscar_engage.analytics.lift.tally import Order
from oscar_engage.analytics.lift.units import Units, find_units, read_units
from oscar_engage.analytics.rollups.declare import Day, Key, Rollup, Values
from oscar_engage.analytics.rollups.fill import declare
from oscar_engage.conf import get_settings
from oscar_engage.core.chunks import chunks
from oscar_engage.decisions.models import Decision, Reason
from oscar_engage.desk.models import Conversation, WrapOutcome
from oscar_engage.widgets.models import Engagement

NAME = "funnel"
KEYS = ("rule", "engagement", "variant", "channel", "device", "step", "currency")
VALUES = ("number", "amount")
BY_SEGMENT = "funnel_segments"
"""The rollup of the same moments by segment; a moment may be in several, so that these do not add up to the whole."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One row of the log of decisions; ``about`` is where it is counted: rule, engagement, variant, channel and device.

    ``segments``: those that the shopper was in at that moment.
    """

    pk: UUID
    unit: UUID
    visit: UUID | None
    about: tuple[str, ...]
    reason: str
    at: datetime
    is_offered: bool
    is_seen: bool
    is_accepted: bool
    is_dismissed: bool
    seconds: int
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """What became of a conversation that began with an offer."""

    is_connected: bool
    is_resolved: bool


def count_funnel(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Give the cells of one day."""
    yield from _count(day, lambda moment: (moment,))


def count_segments(day: Day, *, now: datetime) -> Iterator[tuple[Key, Values]]:
    """Give the cells of one day by segment; a moment counts in each that the shopper was in, and under no name in none."""
    yield from _count(day, _by_segment)


def _by_segment(moment: Moment) -> Iterator[Moment]:
    return (replace(moment, about=(slug,)) for slug in moment.segments or ("",))


def _count(day: Day, parts_of: Callable[[Moment], Iterable[Moment]]) -> list[tuple[Key, Values]]:
    moments, units = _read_moments(day)
    moments = [moment for moment in moments if units.are_shoppers(moment.unit)]
    attribution = timedelta(days=get_settings().attribution_days)
    devices = units.devices({moment.unit for moment in moments})
    orders = read_orders(devices, units, day.starts_at, day.ends_at + attribution)
    talks = _read_talks(moment.pk for moment in moments if moment.is_accepted)
    parts = [part for moment in moments for part in parts_of(moment)]
    return tally_moments(parts, talks, orders, attribution=attribution)


def tally_moments(
    moments: Iterable[Moment],
    talks: Mapping[UUID | None, Talk],
    orders: Mapping[UUID, Sequence[Order]],
    *,
    attribution: timedelta,
) -> list[tuple[Key, Values]]:
    """Return the cells of ``moments``; an order counts behind each moment in whose window it was placed."""
    sums: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
    timed: set[tuple[Any, ...]] = set()
    for moment in moments:
        for step in _steps(moment, talks.get(moment.pk)):
            sums[*moment.about, step, ""][0] += 1
        is_held = moment.reason == Reason.RULE_HOLDOUT
        if not (moment.is_offered or is_held):
            continue
        if moment.visit and (moment.visit, moment.about, is_held) not in timed:
            timed.add((moment.visit, moment.about, is_held))
            cell = sums[*moment.about, steps.TIME_HELD if is_held else steps.TIME, ""]
            cell[0], cell[1] = cell[0] + 1, cell[1] + moment.seconds
        placed = _placed(orders.get(moment.unit, ()), moment.at, attribution)
        if placed:
            sums[*moment.about, steps.ORDERED_HELD if is_held else steps.ORDERED, ""][0] += 1
        for order in placed:
            cell = sums[*moment.about, steps.VALUE_HELD if is_held else steps.VALUE, order.currency]
            cell[0], cell[1] = cell[0] + 1, cell[1] + order.total
    return [(key, tuple(cell)) for key, cell in sums.items()]


def _steps(moment: Moment, talk: Talk | None) -> Iterator[str]:
    yield steps.ELIGIBLE
    yield f"{steps.REASON}{moment.reason}"
    if not moment.is_offered:
        yield steps.group_of(moment.reason)
        return
    yield steps.OFFERED
    reached = (
        (moment.is_seen, steps.SEEN),
        (moment.is_accepted, steps.ACCEPTED),
        (moment.is_dismissed, steps.DISMISSED),
        (talk is not None and talk.is_connected, steps.CONNECTED),
        (talk is not None and talk.is_resolved, steps.RESOLVED),
    )
    yield from (step for happened, step in reached if happened)


def _placed(orders: Sequence[Order], at: datetime, attribution: timedelta) -> list[Order]:
    return [order for order in orders if at <= order.at < at + attribution and order.returned_at is None]


def _read_moments(day: Day) -> tuple[list[Moment], Units]:
    channels = dict(Engagement.objects.values_list("slug", "widget"))
    rows = Decision.objects.filter(eligible_at__gte=day.starts_at, eligible_at__lt=day.ends_at)
    columns = list(
        rows.annotate(device=F("visit__state__arrival__5"))
        .values_list(
            *("pk", "visitor_id", "visit_id", "version__rule_id", "engagement", "variant", "action", "device", "reason"),
            *("eligible_at", "offered_at", "seen_at", "accepted_at", "dismissed_at"),
            *("visit__started_at", "visit__last_at", "segments"),
        )
        .iterator()
    )
    unit_of = find_units(row[1] for row in columns)
    moments = [_read_moment(row, unit_of[row[1]], channels) for row in columns]
    return moments, read_units(unit_of.values())


def _read_moment(row: tuple[Any, ...], unit: UUID, channels: Mapping[str, str]) -> Moment:
    pk, _visitor_id, visit_id, rule_id, engagement, variant, action, device, reason, at = row[:10]
    offered, seen, accepted, dismissed, started, last, segments = row[10:]
    return Moment(
        pk=pk,
        unit=unit,
        visit=visit_id,
        about=(str(rule_id), engagement, variant, channels.get(engagement) or action, str(device or "")),
        reason=reason,
        at=at,
        is_offered=offered is not None,
        is_seen=seen is not None,
        is_accepted=accepted is not None,
        is_dismissed=dismissed is not None,
        seconds=int((last - started).total_seconds()) if started and last else 0,
        segments=tuple(segments),
    )


def _read_talks(decision_ids: Iterable[UUID]) -> Mapping[UUID | None, Talk]:
    found: dict[UUID | None, Talk] = {}
    for part in chunks(decision_ids):
        rows = Conversation.objects.filter(decision_id__in=part)
        for pk, replied, closed, outcome in rows.values_list("decision_id", "first_reply_at", "closed_at", "outcome"):
            is_connected = replied is not None
            is_over = is_connected and closed is not None
            found[pk] = Talk(is_connected, is_over and outcome != WrapOutcome.UNSOLVED)
    return found


def _begins() -> datetime | None:
    begins: datetime | None = Decision.objects.aggregate(at=Min("eligible_at"))["at"]
    return begins


def _declare(name: str, keys: tuple[str, ...], count: Callable[..., Iterable[tuple[Key, Values]]]) -> Rollup:
    return declare(
        Rollup(
            name=name,
            keys=keys,
            values=VALUES,
            count=count,
            open_days=open_days,
            reads=("decisions", "orders", "conversations", "visits"),
            begins=_begins,
        )
    )


FUNNEL = _declare(NAME, KEYS, count_funnel)
SEGMENTS = _declare(BY_SEGMENT, ("segment", "step", "currency"), count_segments)
