"""Do the caps asked of rows in memory say what they say when the database is asked?"""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from oscar_engage.decisions.history import read_history
from oscar_engage.decisions.models import Arm, Decision, Reason
from oscar_engage.decisions.past.history import count_history, read_spent
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visit, Visitor
from tests.rules.moments import NOW

pytestmark = pytest.mark.django_db
COOLDOWN = timedelta(days=30)


@pytest.fixture
def version(db: None) -> RuleVersion:
    return RuleVersion.objects.create(rule=Rule.objects.create(name="Help"), number=1, document={})


def decide(visit: Visit, version: RuleVersion, days: float, arm: str = Arm.TREATED, **times: datetime) -> Decision:
    at = NOW - timedelta(days=days)
    reason = {Arm.TREATED: Reason.OFFERED, Arm.CONTROL: Reason.RULE_HOLDOUT, Arm.NONE: Reason.LOST}[Arm(arm)]
    values: dict[str, Any] = {"offered_at": at if arm == Arm.TREATED else None, "eligible_at": at, "branch": 0, **times}
    return Decision.objects.create(
        visitor_id=visit.visitor_id, visit=visit, version=version, action="show.balloon", arm=arm, reason=reason, **values
    )


def test_count_history__any_rows__agrees_with_the_database(version: RuleVersion) -> None:
    unit = Visitor.objects.create(created_at=NOW, last_seen_at=NOW)
    phone = Visitor.objects.create(created_at=NOW, last_seen_at=NOW, unit_of=unit.pk)
    visits = [Visit.objects.create(visitor=visitor, started_at=NOW, last_at=NOW) for visitor in (unit, phone)]
    for days, arm in ((0, "treated"), (0.1, "control"), (3, "none"), (6.9, "treated"), (7.1, "treated"), (29, "control")):
        decide(visits[0], version, days, arm)
    decide(visits[1], version, 20, dismissed_at=NOW - timedelta(days=20))
    decide(visits[1], version, 40, dismissed_at=NOW - timedelta(days=39))
    for visit in visits:
        asked: dict[str, Any] = {"visit_id": visit.pk, "cooldown": COOLDOWN, "now": NOW}
        spent = read_spent(unit.pk, since=NOW - timedelta(days=60), until=NOW + timedelta(seconds=1))
        assert count_history(spent, **asked) == read_history(unit_id=unit.pk, **asked)


def test_count_history__later_than_asked__is_not_known_yet(version: RuleVersion) -> None:
    visitor = Visitor.objects.create(created_at=NOW, last_seen_at=NOW)
    visit = Visit.objects.create(visitor=visitor, started_at=NOW, last_at=NOW)
    decide(visit, version, 1, dismissed_at=NOW)
    spent = read_spent(visitor.pk, since=NOW - timedelta(days=60), until=NOW)
    hour_ago = count_history(spent, visit_id=uuid.uuid4(), cooldown=COOLDOWN, now=NOW - timedelta(hours=1))
    assert (hour_ago.offers_in_visit, hour_ago.offers_in_week, hour_ago.dismissed_at) == (0, 1, None)
