"""Which browsers are one person, and who is no shopper? Read for the people of one day, never for all there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from oscar_engage.core.chunks import chunks
from oscar_engage.visitors.models import Visitor


@dataclass(frozen=True, slots=True)
class Units:
    """Some units: ``of`` gives the unit of each of their browsers; who is no shopper is in ``staff`` or ``automata``."""

    of: Mapping[UUID, UUID]
    staff: frozenset[UUID]
    automata: frozenset[UUID]

    def devices(self, units: Collection[UUID]) -> list[UUID]:
        """Return the browsers of ``units``."""
        return [device for device, unit in self.of.items() if unit in units]

    def are_shoppers(self, unit: UUID) -> bool:
        """Whether what the unit did is counted."""
        return unit not in self.staff and unit not in self.automata


def find_units(visitor_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the unit of each visitor; one whose row is gone is a unit of its own."""
    wanted = set(visitor_ids)
    unit_of = {visitor_id: visitor_id for visitor_id in wanted}
    for part in chunks(wanted):
        for pk, unit in Visitor.objects.filter(pk__in=part).values_list("pk", "unit_of"):
            unit_of[pk] = unit or pk
    return unit_of


def read_units(unit_ids: Iterable[UUID]) -> Units:
    """Return all browsers of these units, and which of the units are no shoppers."""
    wanted = set(unit_ids)
    of = {unit: unit for unit in wanted}
    marks: defaultdict[str, set[UUID]] = defaultdict(set)
    for part in chunks(wanted):
        rows = Visitor.objects.filter(Q(pk__in=part, unit_of__isnull=True) | Q(unit_of__in=part))
        for pk, unit_of, is_staff, is_automaton in rows.values_list("pk", "unit_of", "is_staff", "is_automaton").iterator():
            unit = of[pk] = unit_of or pk
            if is_staff:
                marks["staff"].add(unit)
            elif is_automaton:
                marks["automata"].add(unit)
    return Units(of, frozenset(marks["staff"]), frozenset(marks["automata"] - marks["staff"]))
