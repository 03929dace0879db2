"""Does a day keep how many visits of each kind there were, each by its last look of which a model spoke?"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from oscar_engage.analytics.rollups.days import make_day
from oscar_engage.learning.features.schema import SCHEMA
from oscar_engage.learning.leads.counted import count_leads
from oscar_engage.learning.leads.models import ONLY, LeadBars
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.visitors.models import Visit, Visitor

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY = make_day(date(2026, 3, 4), UTC)


def look(visit: Visit | None = None, *, minutes: float = 0, **columns: Any) -> Visit:
    at = NOON + timedelta(minutes=minutes)
    if visit is None:
        visitor = Visitor.objects.create(created_at=at, last_seen_at=at, consent=3)
        visit = Visit.objects.create(visitor=visitor, started_at=at, last_at=at)
    ScoredVector.objects.create(visit=visit, visitor_id=visit.visitor_id, at=at, schema=SCHEMA, values=[], **columns)
    return visit


def counted(*, hours: float = 6) -> dict[tuple[str, ...], tuple[float, ...]]:
    return dict(count_leads(DAY, now=NOON + timedelta(hours=hours)))


def test_count_leads__last_look_that_a_model_spoke_of__counts() -> None:
    first = look(propensity=0.9)
    look(first, minutes=5, propensity=0.1)
    look(first, minutes=9)  # nobody spoke any more
    look(minutes=2)
    look(look(propensity=0.9, uplift=-0.2, uplift_low=-0.3, uplift_high=-0.1), occasion="moment", way="note", uplift=0.5)
    look(minutes=24 * 60, propensity=0.9)
    assert counted() == {("cold",): (1,), ("do_not_disturb",): (1,), ("none",): (1,)}


def test_count_leads__bars_of_the_day__tell_kinds_apart() -> None:
    look(propensity=0.4, uplift=0.1, uplift_low=0.05, uplift_high=0.2)
    assert counted() == {("hot",): (1,)}
    bars = {"uplift": 0.08, "propensity": 0.3, "cost": 0.0, "price": 1.0, "order": 50.0, "margin": 0.2}
    LeadBars.objects.create(pk=ONLY, measured_at=NOON, why="scarce", **bars)
    assert counted() == {("self_server",): (1,)}


def test_count_leads__nobody_came__has_no_cell() -> None:
    assert counted() == {}
