"""What became of an offer, whatever the browser says."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from oscar_engage.decisions.models import Arm, Decision, Reason
from oscar_engage.decisions.outcomes import OUTCOMES, record_outcome
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visit, Visitor
from tests.rules.moments import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(seconds=9)


def make_decision(**fields: Any) -> Decision:
    visitor = Visitor.objects.create(created_at=NOW, last_seen_at=NOW)
    visit = Visit.objects.create(visitor=visitor, started_at=NOW, last_at=NOW)
    rule = Rule.objects.create(name="Help")
    version = RuleVersion.objects.create(rule=rule, number=1, document={})
    values = {"arm": Arm.TREATED, "reason": Reason.OFFERED, "offered_at": NOW, **fields}
    return Decision.objects.create(
        visitor_id=visitor.pk, visit=visit, version=version, branch=0, action="show.balloon", eligible_at=NOW, **values
    )


@pytest.mark.parametrize("what", OUTCOMES)
def test_record_outcome__own_offer__is_recorded_once(what: Any) -> None:
    decision = make_decision()
    assert record_outcome(decision.visitor_id, str(decision.pk), what, now=NOW) is True
    assert record_outcome(decision.visitor_id, decision.pk, what, now=LATER) is False
    decision.refresh_from_db()
    assert getattr(decision, f"{what}_at") == NOW
    assert decision.seen_at == (None if what == "ignored" else NOW)


def test_record_outcome__accepted_after_it_was_ignored__counts() -> None:
    decision = make_decision()
    record_outcome(decision.visitor_id, decision.pk, "ignored", now=NOW)
    assert record_outcome(decision.visitor_id, decision.pk, "accepted", now=LATER) is True
    assert record_outcome(decision.visitor_id, decision.pk, "ignored", now=LATER) is False


def test_record_outcome__seen_before_accepted__keeps_the_time_it_was_seen() -> None:
    decision = make_decision()
    record_outcome(decision.visitor_id, str(decision.pk), "seen", now=NOW)
    record_outcome(decision.visitor_id, str(decision.pk), "accepted", now=LATER)
    decision.refresh_from_db()
    assert (decision.seen_at, decision.accepted_at) == (NOW, LATER)


def test_record_outcome__closed_after_accepting__is_no_refusal() -> None:
    decision = make_decision()
    record_outcome(decision.visitor_id, str(decision.pk), "accepted", now=NOW)
    assert record_outcome(decision.visitor_id, str(decision.pk), "dismissed", now=LATER) is False


@pytest.mark.parametrize("what", OUTCOMES)
def test_record_outcome__not_an_offer_of_this_visitor__changes_nothing(what: Any) -> None:
    offered = make_decision()
    held_out = make_decision(arm=Arm.CONTROL, reason=Reason.RULE_HOLDOUT, offered_at=None)
    assert record_outcome(uuid.uuid4(), str(offered.pk), what, now=NOW) is False
    assert record_outcome(held_out.visitor_id, str(held_out.pk), what, now=NOW) is False
    assert record_outcome(offered.visitor_id, "'; DROP TABLE", what, now=NOW) is False
    assert not Decision.objects.filter(seen_at__isnull=False).exists()
