"""Sixty days of a made-up shop: visits with a few vectors each, some orders, and moments in which an arm was drawn."""

import random
import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from oscar_engage.analytics.models import Conversion
from oscar_engage.decisions.models import Arm
from oscar_engage.learning.features.schema import NAMES, PLACES, SCHEMA
from oscar_engage.learning.scoring.ways import CHAT
from oscar_engage.learning.vectors.models import Occasion, ScoredVector
from oscar_engage.visitors.models import Visit, Visitor

DAYS = 60
HALF = 0.5
PART = 2000
"""Visits written at once."""


def fill(visits: int, *, now: datetime, seed: int) -> int:
    """Write so many visits that ended before ``now`` and return how many vectors were taken of them."""
    chance = random.Random(seed)  # noqa: S311 - a made-up shop, no secret
    written = 0
    for begin in range(0, visits, PART):
        share = begin / visits
        written += _fill_part(min(PART, visits - begin), now - timedelta(days=DAYS * (1 - share)), now, chance)
    return written


def _fill_part(visits: int, since: datetime, now: datetime, chance: random.Random) -> int:
    people, stays, vectors, orders = [], [], [], []
    for _each in range(visits):
        begins_at = min(since + timedelta(hours=chance.uniform(0, 24)), now - timedelta(hours=3))
        one = Visitor(created_at=begins_at, last_seen_at=begins_at)
        taste, moments = chance.gauss(0, 1), chance.choice((1, 2, 3, 3, 4, 5, 6, 8))
        stay = Visit(visitor=one, started_at=begins_at, last_at=begins_at + timedelta(minutes=2 * moments - 2))
        arm = Arm.TREATED if chance.random() < HALF else Arm.CONTROL
        gain = 0.05 if arm == Arm.TREATED and taste > 0 else 0.0
        for number in range(moments):
            at = begins_at + timedelta(minutes=2 * number)
            vectors.append(_vector(stay, one, at, _values(chance, taste, number)))
        if chance.random() < HALF:
            vectors.append(_moment(stay, one, begins_at + timedelta(minutes=1), _values(chance, taste, 1), arm))
        if chance.random() < max(0.0, 0.03 + 0.02 * taste) + gain:
            at = stay.last_at + timedelta(minutes=1)
            orders.append(Conversion(visitor_id=one.pk, total=Decimal(40), currency="GBP", placed_at=at))
        people.append(one)
        stays.append(stay)
    Visitor.objects.bulk_create(people)
    Visit.objects.bulk_create(stays)
    ScoredVector.objects.bulk_create(vectors)
    Conversion.objects.bulk_create(orders)
    return len(vectors)


def _values(chance: random.Random, taste: float, number: int) -> list[float | None]:
    values: list[float | None] = [round(abs(chance.gauss(taste, 1.5)), 2) for _each in NAMES]
    values[PLACES["pages"]] = float(number + 1)
    for name in ("basket_total", "basket_lines", "days_since_visit"):
        if chance.random() < HALF:
            values[PLACES[name]] = None
    return values


def _vector(stay: Visit, one: Visitor, at: datetime, values: list[float | None]) -> ScoredVector:
    return ScoredVector(visit=stay, visitor_id=one.pk, at=at, occasion=Occasion.SIGNAL, schema=SCHEMA, values=values)


def _moment(stay: Visit, one: Visitor, at: datetime, values: list[float | None], arm: Arm) -> ScoredVector:
    drawn = {"arm": arm, "probability": HALF, "chance": HALF, "way": CHAT, "rule_id": 1, "decision_id": uuid.uuid4()}
    return ScoredVector(visit=stay, visitor_id=one.pk, at=at, occasion=Occasion.MOMENT, schema=SCHEMA, values=values, **drawn)
