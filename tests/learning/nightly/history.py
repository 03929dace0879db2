"""A log of vectors by hand: visits, what was taken of them, and what came of it."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from oscar_engage.analytics.models import Conversion
from oscar_engage.decisions.models import Arm
from oscar_engage.learning.features.schema import NAMES, SCHEMA
from oscar_engage.learning.scoring.ways import CHAT
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from oscar_engage.visitors.models import Visit, Visitor

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
START = datetime(2026, 5, 4, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def visitor(*, is_staff: bool = False, is_automaton: bool = False, unit_of: uuid.UUID | None = None) -> Visitor:
    return Visitor.objects.create(
        is_staff=is_staff, is_automaton=is_automaton, unit_of=unit_of, created_at=START, last_seen_at=START
    )


def visit(of: Visitor, hours: float, *, last: float | None = None) -> Visit:
    return Visit.objects.create(visitor=of, started_at=at(hours), last_at=at(hours if last is None else last))


def values(first: float | None = 0.0) -> list[float | None]:
    return [first, *[0.0] * (len(NAMES) - 1)]


def take(of: Visit, hours: float, **columns: Any) -> ScoredVector:
    known: dict[str, Any] = {
        "visit": of,
        "visitor_id": of.visitor.unit_id,
        "at": at(hours),
        "occasion": Occasion.SIGNAL,
        "schema": SCHEMA,
        "values": values(),
    }
    return ScoredVector.objects.create(**{**known, **columns})


def moment(of: Visit, hours: float, arm: str = Arm.TREATED, **columns: Any) -> ScoredVector:
    drawn = {"occasion": Occasion.MOMENT, "arm": arm, "chance": 0.8, "way": CHAT, "rule_id": 1, "decision_id": uuid.uuid4()}
    return take(of, hours, **{**drawn, **columns})


def order(of: Visitor, hours: float, *, returned: float | None = None, is_test: bool = False) -> Conversion:
    number = Conversion.objects.count() + 1
    return Conversion.objects.create(
        order_id=number,
        order_number=str(number),
        visitor_id=of.pk,
        total=Decimal("10.00"),
        currency="GBP",
        placed_at=at(hours),
        returned_at=None if returned is None else at(returned),
        is_test=is_test,
    )
