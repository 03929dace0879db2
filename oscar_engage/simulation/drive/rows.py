"""What is to be written of a simulated day? Rows gathered in memory, written at its end in one transaction."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Model

from oscar_engage.analytics.models import Conversion
from oscar_engage.conf import get_settings
from oscar_engage.decisions.models import Assignment, Decision
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.signals.models import SignalRecord
from oscar_engage.signals.signal import Signal
from oscar_engage.simulation.drive.person import Person
from oscar_engage.simulation.world.visit import CURRENCY
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.state import VisitState, to_json

BATCH = 500
KEY = "sim-"
"""How the keys of simulated visitors begin."""

ORDER = "SIM-"
"""Numbers of simulated orders. They have no row in the shop's tables: nothing there is to be sent or returned."""


class Rows:
    """The rows of one day, and how many arrived and ordered, seen or not; ``known`` are visitors that have a row already."""

    def __init__(self, *, is_logged: bool, known: set[UUID]) -> None:
        self._known = known
        self.visitors: dict[UUID, tuple[Person, datetime]] = {}
        self.visits: list[Visit] = []
        self.decisions: list[Decision] = []
        self.assignments: list[Assignment] = []
        self.vectors: list[ScoredVector] = []
        self.records: list[SignalRecord] = []
        self.conversions: list[Conversion] = []
        self.arrived = 0
        self.orders = 0
        self._is_logged = is_logged

    def visit(self, person: Person, visit_id: UUID, state: VisitState, began: datetime, ended: datetime) -> None:
        """Keep a visit that is over, and its visitor."""
        self.visitors.setdefault(person.id, (person, began))
        row = Visit(id=visit_id, visitor_id=person.id, started_at=began, last_at=ended, stage=state.stage, state=to_json(state))
        self.visits.append(row)

    def order(self, person: Person, visit_id: UUID, now: datetime) -> None:
        """Keep an order; of a visitor who agreed to statistics it is joined to the visitor."""
        self.orders += 1
        if person.shopper.consent >= ConsentLevel.STATISTICS:
            number = f"{ORDER}{person.id.hex[:12]}"
            total = Decimal(str(person.shopper.worth))
            row = Conversion(order_number=number, visitor_id=person.id, total=total, currency=CURRENCY, placed_at=now)
            self.conversions.append(row)

    def signals(self, person: Person, visit_id: UUID, signals: Iterable[Signal]) -> None:
        """Keep the log of a visitor who agreed to statistics, where the run was asked for it."""
        if not self._is_logged or person.shopper.consent < ConsentLevel.STATISTICS:
            return
        for one in signals:
            row = SignalRecord(
                event_id=one.event_id,
                visitor_id=person.id,
                visit_id=visit_id,
                kind=one.kind,
                source=one.source,
                payload=msgspec.to_builtins(one.payload),
                at=one.at,
                received_at=one.at,
            )
            self.records.append(row)

    def write(self) -> int:
        """Write all of it in one transaction and return how many rows that were."""
        with transaction.atomic(using=get_settings().database):
            self._write_visitors()
            kinds: tuple[tuple[type[Model], list[Model]], ...] = (
                (Visit, [*self.visits]),
                (Decision, [*self.decisions]),
                (Assignment, [*self.assignments]),
                (ScoredVector, [*self.vectors]),
                (SignalRecord, [*self.records]),
                (Conversion, [*self.conversions]),
            )
            for model, rows in kinds:
                model._default_manager.bulk_create(rows, batch_size=BATCH)
        return len(self.visitors) + sum(len(rows) for _model, rows in kinds)

    def _write_visitors(self) -> None:
        new: list[Visitor] = []
        known: list[Visitor] = []
        for person, began in self.visitors.values():
            seen_at = person.seen_at or began
            row = Visitor(
                id=person.id,
                key=f"{KEY}{person.id.hex[:24]}",
                consent=person.shopper.consent,
                is_automaton=person.is_automaton,
                created_at=began,
                last_seen_at=seen_at,
            )
            (known if person.id in self._known else new).append(row)
        Visitor.objects.bulk_create(new, batch_size=BATCH)
        self._known.update(self.visitors)
        Visitor.objects.bulk_update(known, ["last_seen_at", "is_automaton"], batch_size=BATCH)
