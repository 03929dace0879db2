"""A shop's raw rows, made by hand or by chance: visitors with several devices, draws, hold-outs, orders, ratings."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from oscar_engage.analytics.models import Conversion
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.ratings.models import Rating
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visit, Visitor

START = datetime(2026, 3, 10, tzinfo=UTC)
"""The beginning of the day that is counted, where ``TIME_ZONE`` is UTC."""


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def make_rule(name: str = "Help in the checkout") -> RuleVersion:
    rule = Rule.objects.create(name=name)
    return RuleVersion.objects.create(rule=rule, number=1, document={})


def make_visitor(*, unit_of: UUID | None = None, is_staff: bool = False, is_automaton: bool = False) -> Visitor:
    return Visitor.objects.create(
        unit_of=unit_of, is_staff=is_staff, is_automaton=is_automaton, created_at=START, last_seen_at=START
    )


def draw(version: RuleVersion, visitor: Visitor, arm: str, hours: float, *, probability: float = 0.8) -> Assignment:
    return Assignment.objects.create(
        visitor_id=visitor.unit_id, rule=version.rule, arm=arm, probability=probability, shop_share=0.1, drawn_at=at(hours)
    )


def leave_alone(version: RuleVersion, visitor: Visitor, hours: float) -> Decision:
    return Decision.objects.create(
        visitor_id=visitor.pk,
        visit=Visit.objects.create(visitor=visitor, started_at=START, last_at=START),
        version=version,
        branch=0,
        action="show.balloon",
        arm=Arm.CONTROL,
        probability=0.1,
        reason=Reason.SHOP_HOLDOUT,
        eligible_at=at(hours),
    )


def place(
    visitor: Visitor,
    hours: float,
    total: str = "10.00",
    currency: str = "GBP",
    *,
    returned: float | None = None,
    is_test: bool = False,
) -> Conversion:
    number = Conversion.objects.count() + 1
    return Conversion.objects.create(
        order_id=number,
        order_number=str(number),
        visitor_id=visitor.pk,
        total=Decimal(total),
        currency=currency,
        placed_at=at(hours),
        returned_at=None if returned is None else at(returned),
        is_test=is_test,
    )


def rate(visitor: Visitor, hours: float, score: int) -> Rating:
    conversation = Conversation.objects.create(
        kind="note", visitor_id=visitor.pk, created_at=at(hours), due_at=at(hours), page_path="/"
    )
    return Rating.objects.create(conversation=conversation, score=score, at=at(hours))
