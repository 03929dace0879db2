"""Which vectors are learnt from, and what came of each? A chunk of the log at a time, so that memory does not grow with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from oscar_engage.analytics.lift.count import read_orders
from oscar_engage.analytics.lift.tally import Order
from oscar_engage.analytics.lift.units import Units, find_units, read_units
from oscar_engage.core.chunks import chunks
from oscar_engage.decisions.models import Arm
from oscar_engage.learning.nightly.label import Horizon, label
from oscar_engage.learning.registry.models import Task
from oscar_engage.learning.scoring.ways import with_way
from oscar_engage.learning.vectors.models import Occasion, ScoredVector

CHUNK = 2000
"""Vectors read at once: one megabyte."""

MOST_STANDS_FOR = 20.0
"""As how many one moment counts at most: beyond, one shopper would outvote all that is known of the others."""

_COLUMNS = (
    *("pk", "visitor_id", "visit_id", "at", "values", "rule_id", "arm", "chance", "way", "visit__last_at"),
    *("explored_share", "uplift_high"),
)


class _Logged(NamedTuple):
    pk: int
    visitor_id: UUID
    visit_id: UUID
    at: datetime
    values: list[float | None]
    rule_id: int | None
    arm: str
    chance: float | None
    way: str
    last_at: datetime
    explored_share: float | None
    uplift_high: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """A vector with its answer. ``unit``: whose it is; ``weight``: one over the vectors of its visit; ``treated``: uplift.

    ``chance``: the probability of having been treated, whichever arm was drawn: over the shop's hold-out and the rule's, so
    that of two moments alike the weights of both arms add up to the same. ``values``: what a model of the task reads.
    ``stands_for``: how many moments like it there were. A model that refuses takes away those it does not like; of these only
    the explored share is seen, and each counts as one over that share (inverse probability weights, D. Horvitz and D.
    Thompson, JASA 47 (1952) 663-685), as :data:`MOST_STANDS_FOR` at most. ``refused_at``: of an explored moment, the high end
    of the uplift that spoke against it.
    """

    unit: UUID
    at: datetime
    outcome: float
    weight: float
    treated: float | None
    chance: float | None
    values: Sequence[float | None]
    stands_for: float = 1.0
    refused_at: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Which part of the log: one task, one schema, the vectors of ``[since, now)`` whose answer is known at ``now``."""

    task: str
    schema: str
    since: datetime
    now: datetime
    horizon: Horizon
    begin: float = 0.0
    share: float = 1.0
    """Only people whose id lies in this part of all ids (drawn by chance), from ``begin`` on and around; both in [0, 1]."""

    is_explored: bool = False
    """Only moments that went on though a model was against them."""

    def taken(self) -> QuerySet[ScoredVector]:
        """Return the vectors of the task, whether their answer is known or not.

        Moments are for uplift only: a vector is taken at each where a rule holds, so they would count such visits twice.
        """
        is_moment = Q(occasion=Occasion.MOMENT)
        kind = is_moment & Q(arm__in=[Arm.TREATED, Arm.CONTROL]) if self.task == Task.UPLIFT else ~is_moment
        kind &= Q(is_explored=True) if self.is_explored else Q()
        return ScoredVector.objects.filter(
            kind, _of_part(self.begin, self.share), schema=self.schema, at__gte=self.since, at__lt=self.now
        )

    def vectors(self) -> QuerySet[ScoredVector]:
        """Return those whose answer may be known."""
        return self.taken().filter(at__lt=self.horizon.latest(self.task, self.now))


def _of_part(begin: float, share: float) -> Q:
    if share >= 1:
        return Q()
    low, high = _id_at(begin % 1), _id_at((begin + share) % 1)
    return Q(visitor_id__gte=low, visitor_id__lt=high) if low < high else Q(visitor_id__gte=low) | Q(visitor_id__lt=high)


def _id_at(place: float) -> UUID:
    return UUID(int=int(place * (1 << 32)) << 96)  # the first 32 bits: they are chance in any UUID of version 4


def read_rows(source: Source, *, width: int) -> Iterator[Row]:
    """Give the vectors of ``width`` values with their answers, oldest first; staff, automata and orders of tests are left out.

    For uplift a person counts once a rule, with the first moment: after it, what is seen is what the arm made of the visit.
    """
    begun: set[bytes] = set()  # eight bytes a person and rule
    last = 0
    while logged := [
        _Logged(*row) for row in source.vectors().filter(pk__gt=last).order_by("pk").values_list(*_COLUMNS)[:CHUNK]
    ]:
        last = logged[-1].pk
        whole = [one for one in logged if len(one.values) == width]
        yield from _answer(source, whole, begun)


def _answer(source: Source, logged: Sequence[_Logged], begun: set[bytes]) -> Iterator[Row]:
    unit_of = find_units(one.visitor_id for one in logged)
    units = read_units(unit_of.values())
    counted = [one for one in logged if units.are_shoppers(unit_of[one.visitor_id])]
    weights = _count_by_visit(source, {one.visit_id for one in counted})
    orders = _read_orders(source, units, {unit_of[one.visitor_id] for one in counted}, counted)
    for one in counted:
        unit = unit_of[one.visitor_id]
        if source.task == Task.UPLIFT and not _is_first(one, unit, begun):
            continue
        outcome = label(source.task, one.at, one.last_at, orders.get(unit, ()), horizon=source.horizon, now=source.now)
        if outcome is not None:
            weight = 1 / weights[one.visit_id]
            treated, chance, values = _drawn(one) if source.task == Task.UPLIFT else (None, None, one.values)
            explored = _explored(one.explored_share, one.uplift_high)
            yield Row(unit, one.at, outcome, weight, treated, chance, values, *explored)


def _drawn(one: _Logged) -> tuple[float | None, float | None, Sequence[float | None]]:
    """Return whether it was treated, the chance of that, and the vector with the way in which its rule helps."""
    return float(one.arm == Arm.TREATED), one.chance, with_way(one.values, one.way)


def _explored(share: float | None, high: float | None) -> tuple[float, float | None]:
    """Return how many a moment stands for, and the bound that spoke against it; a moment that was not explored is one."""
    return (1.0, None) if share is None else (1 / max(share, 1 / MOST_STANDS_FOR), high)


def _is_first(one: _Logged, unit: UUID, begun: set[bytes]) -> bool:
    """Whether this is the person's first moment of the rule, and both arms were possible.

    Of moments from before their chance was kept nobody knows: whom the shop held out looks like whom the rule did.
    """
    of_rule = sha256(f"{unit}:{one.rule_id}".encode()).digest()[:8]
    if of_rule in begun:
        return False
    begun.add(of_rule)
    return one.chance is not None and 0 < one.chance < 1


def _count_by_visit(source: Source, visit_ids: set[UUID]) -> dict[UUID, int]:
    """Return over how many vectors the weight of each visit is spread: of moments, one a rule."""
    number = Count("rule_id", distinct=True) if source.task == Task.UPLIFT else Count("pk")
    found: dict[UUID, int] = {}
    for part in chunks(visit_ids):
        rows = source.vectors().filter(visit__in=part).order_by().values_list("visit_id").annotate(number=number)
        found.update((visit_id, max(1, count)) for visit_id, count in rows)
    return found


def _read_orders(source: Source, units: Units, wanted: set[UUID], logged: Sequence[_Logged]) -> dict[UUID, list[Order]]:
    if not logged:
        return {}
    return read_orders(units.devices(wanted), units, min(one.at for one in logged), source.now)
