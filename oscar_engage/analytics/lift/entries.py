"""Who came into an experiment on this day? Into each rule's, and into the whole shop's, each unit once and for good.

A rule's draw is stored. The shop's hold-out is a hash, and what tells of it is the moment in which a rule would have helped.
Into the experiment of the whole shop a unit comes at the *first* moment in which any rule passed all its gates: before that
nobody was treated differently, so those who never get there would only be noise, the same in both arms.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from oscar_engage.analytics.lift.cells import LEFT_ALONE, WHOLE_SHOP, Entry
from oscar_engage.analytics.lift.units import Units, find_units, read_units
from oscar_engage.analytics.rollups.declare import Day
from oscar_engage.core.chunks import chunks
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason


@dataclass(frozen=True, slots=True)
class _Drawn(Entry):
    shop_share: float


def read_entries(day: Day) -> tuple[list[Entry], Units]:
    """Return who came into which experiment on ``day``, and the units that they are."""
    drawn = _read_drawn(day)
    left = _read_left_alone(day)
    units = read_units({entry.unit for entry in (*drawn, *left)})
    before = _left_alone_before({entry.unit for entry in left}, units, day)
    fresh = [entry for entry in left if (entry.unit, entry.rule) not in before]
    return [*(_plain(entry) for entry in drawn), *fresh, *_into_the_shop(drawn, left, before, units, day)], units


def begins() -> datetime | None:
    """Return since when a unit may have come into an experiment: the first draw or decision, whichever index says it sooner."""
    drawn = Assignment.objects.aggregate(at=Min("drawn_at"))["at"]
    decided = Decision.objects.aggregate(at=Min("eligible_at"))["at"]  # any decision: one of the hold-out is in no index
    return min((at for at in (drawn, decided) if at is not None), default=None)


def _read_drawn(day: Day) -> list[_Drawn]:
    rows = Assignment.objects.filter(drawn_at__gte=day.starts_at, drawn_at__lt=day.ends_at)
    columns = rows.values_list("visitor_id", "rule_id", "arm", "probability", "shop_share", "drawn_at")
    return [
        _Drawn(unit, str(rule_id), arm, probability if arm == Arm.TREATED else 1 - probability, at, shop_share)
        for unit, rule_id, arm, probability, shop_share, at in columns.iterator()
    ]


def _read_left_alone(day: Day) -> list[Entry]:
    """Return the first moment of the day of each unit and rule in which the shop's hold-out said no."""
    rows = Decision.objects.filter(reason=Reason.SHOP_HOLDOUT, eligible_at__gte=day.starts_at, eligible_at__lt=day.ends_at)
    columns = list(rows.values_list("visitor_id", "version__rule_id", "probability", "eligible_at").iterator())
    unit_of = find_units(visitor_id for visitor_id, *_rest in columns)
    firsts: dict[tuple[UUID, str], Entry] = {}
    for visitor_id, rule_id, probability, at in sorted(columns, key=lambda row: row[3]):
        unit = unit_of[visitor_id]
        firsts.setdefault((unit, str(rule_id)), Entry(unit, str(rule_id), LEFT_ALONE, 1 - (probability or 0), at))
    return list(firsts.values())


def _left_alone_before(candidates: Collection[UUID], units: Units, day: Day) -> set[tuple[UUID, str]]:
    found: set[tuple[UUID, str]] = set()
    for part in chunks(units.devices(candidates)):
        rows = Decision.objects.filter(visitor_id__in=part, reason=Reason.SHOP_HOLDOUT, eligible_at__lt=day.starts_at)
        pairs = rows.order_by().values_list("visitor_id", "version__rule_id").distinct()
        found.update((units.of[visitor_id], str(rule_id)) for visitor_id, rule_id in pairs)
    return found


def _into_the_shop(
    drawn: Iterable[_Drawn], left: Iterable[Entry], before: Iterable[tuple[UUID, str]], units: Units, day: Day
) -> list[Entry]:
    firsts: dict[UUID, Entry] = {}
    moments = [
        *(Entry(one.unit, WHOLE_SHOP, Arm.TREATED.value, 1 - one.shop_share, one.at) for one in drawn),
        *(Entry(one.unit, WHOLE_SHOP, Arm.CONTROL.value, one.share, one.at) for one in left),
    ]
    for entry in sorted(moments, key=lambda one: one.at):
        firsts.setdefault(entry.unit, entry)
    known = {unit for unit, _rule in before}
    for part in chunks(firsts):
        earlier = Assignment.objects.filter(visitor_id__in=part, drawn_at__lt=day.starts_at)
        known.update(earlier.values_list("visitor_id", flat=True))
    known.update(unit for unit, _rule in _left_alone_before(firsts.keys() - known, units, day))
    return [entry for unit, entry in firsts.items() if unit not in known]


def _plain(entry: _Drawn) -> Entry:
    return Entry(entry.unit, entry.rule, entry.arm, entry.share, entry.at)
