"""Are a rule's figures what a recount by hand finds, whatever happened?"""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from oscar_engage.analytics.models import Conversion
from oscar_engage.analytics.report import RuleReport, report_rule, report_rules
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visit, Visitor

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=30)
DAYS = 7


def make_rule(name: str = "Help in the checkout") -> tuple[Rule, RuleVersion]:
    rule = Rule.objects.create(name=name)
    return rule, RuleVersion.objects.create(rule=rule, number=1, document={})


def make_visit(at: datetime = SINCE) -> Visit:
    visitor = Visitor.objects.create(created_at=at, last_seen_at=at)
    return Visit.objects.create(visitor=visitor, started_at=at, last_at=at)


def draw(version: RuleVersion, visit: Visit, arm: str, at: datetime, **steps: datetime) -> None:
    Assignment.objects.create(visitor_id=visit.visitor_id, rule=version.rule, arm=arm, probability=0.8, drawn_at=at)
    reason = Reason.OFFERED if arm == Arm.TREATED else Reason.RULE_HOLDOUT
    offered = {"offered_at": at} if arm == Arm.TREATED else {}
    Decision.objects.create(
        visitor_id=visit.visitor_id,
        visit=visit,
        version=version,
        branch=0,
        action="show.balloon",
        arm=arm,
        probability=0.8,
        reason=reason,
        eligible_at=at,
        **offered,
        **steps,
    )


def place(visit: Visit, at: datetime, total: str = "10.00", currency: str = "GBP") -> None:
    order_id = Conversion.objects.count() + 1
    Conversion.objects.create(
        order_id=order_id,
        order_number=str(order_id),
        visitor_id=visit.visitor_id,
        total=Decimal(total),
        currency=currency,
        placed_at=at,
    )


def report(rule: Rule) -> RuleReport:
    return report_rule(rule, since=SINCE, until=UNTIL, attribution_days=DAYS)


@pytest.mark.django_db
def test_report__order_of_a_held_out_visitor__counts_for_the_control() -> None:
    rule, version = make_rule()
    visit = make_visit()
    draw(version, visit, Arm.CONTROL, SINCE)
    place(visit, SINCE + timedelta(days=1), "25.00")
    built = report(rule)
    assert (built.control.visitors, built.control.buyers, built.control.orders) == (1, 1, 1)
    assert built.control.revenue == (("GBP", Decimal("25.00")),)
    assert built.treated.visitors == 0
    assert built.reasons == ((Reason.RULE_HOLDOUT.value, 1),)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("after", "counts"),
    [
        (timedelta(microseconds=-1), 0),
        (timedelta(0), 1),
        (timedelta(days=DAYS) - timedelta(microseconds=1), 1),
        (timedelta(days=DAYS), 0),
    ],
)
def test_report__order_at_the_edge_of_the_window__is_half_open(after: timedelta, counts: int) -> None:
    rule, version = make_rule()
    visit = make_visit()
    drawn_at = UNTIL - timedelta(hours=1)
    draw(version, visit, Arm.TREATED, drawn_at)
    place(visit, drawn_at + after)
    assert report(rule).treated.orders == counts


@pytest.mark.django_db
def test_report__two_currencies__are_not_added_up() -> None:
    rule, version = make_rule()
    visit = make_visit()
    draw(version, visit, Arm.TREATED, SINCE)
    place(visit, SINCE, "10.00", "GBP")
    place(visit, SINCE, "7.00", "EUR")
    assert report(rule).treated.revenue == (("EUR", Decimal("7.00")), ("GBP", Decimal("10.00")))
    assert report(rule).treated.buyers == 1


@pytest.mark.django_db
def test_report__visitor_of_the_shops_holdout__stands_apart_from_the_rules_own() -> None:
    rule, version = make_rule()
    visit = make_visit()
    for hours in (3, 1):
        Decision.objects.create(
            visitor_id=visit.visitor_id,
            visit=visit,
            version=version,
            branch=0,
            action="show.balloon",
            arm=Arm.CONTROL,
            probability=0.1,
            reason=Reason.SHOP_HOLDOUT,
            eligible_at=SINCE + timedelta(hours=hours),
        )
    place(visit, SINCE + timedelta(hours=2), "25.00")
    built = report(rule)
    assert (built.left_alone.visitors, built.left_alone.orders) == (1, 1)
    assert (built.treated.visitors, built.control.visitors) == (0, 0)


@pytest.mark.django_db
@pytest.mark.attack("O01")
@pytest.mark.parametrize("mark", ["is_staff", "is_automaton"])
@pytest.mark.parametrize("arm", [Arm.TREATED, Arm.CONTROL])
def test_report__who_is_no_shopper__is_in_no_figure_but_its_own(arm: Arm, mark: str) -> None:
    rule, version = make_rule()
    shopper, colleague = make_visit(), make_visit()
    Visitor.objects.filter(pk=colleague.visitor_id).update(**{mark: True})
    for visit in (shopper, colleague):
        draw(version, visit, arm, SINCE, seen_at=SINCE)
        place(visit, SINCE + timedelta(days=1), "25.00")
    built = report(rule)
    counted = built.treated if arm == Arm.TREATED else built.control
    assert (counted.visitors, counted.seen, counted.buyers, counted.orders) == (1, 1, 1, 1)
    assert counted.revenue == (("GBP", Decimal("25.00")),)
    assert (built.moments, built.staff, built.automata) == (1, int(mark == "is_staff"), int(mark == "is_automaton"))


@pytest.mark.django_db
def test_report__few_visitors__claims_no_rate() -> None:
    rule, version = make_rule()
    for _index in range(49):
        draw(version, make_visit(), Arm.TREATED, SINCE)
    assert report(rule).treated.buying_rate is None
    draw(version, make_visit(), Arm.TREATED, SINCE)
    rate = report(rule).treated.buying_rate
    assert rate is not None
    assert rate.value == 0


@pytest.mark.django_db
@pytest.mark.parametrize("rules", [1, 3])
def test_report__any_number_of_rules__takes_five_queries(rules: int, django_assert_num_queries: Callable[[int], Any]) -> None:
    made = [make_rule(str(number)) for number in range(rules)]
    for _rule, version in made:
        draw(version, make_visit(), Arm.TREATED, SINCE)
    with django_assert_num_queries(5):
        report_rules([rule for rule, _version in made], since=SINCE, until=UNTIL, attribution_days=DAYS)


History = list[tuple[str, int, dict[str, bool], list[tuple[int, int, str]]]]
hours = st.integers(-48, 24 * 40)
histories: st.SearchStrategy[History] = st.lists(
    st.tuples(
        st.sampled_from([Arm.TREATED.value, Arm.CONTROL.value]),
        hours,
        st.fixed_dictionaries({step: st.booleans() for step in ("seen", "accepted", "dismissed")}),
        st.lists(st.tuples(hours, st.integers(1, 500), st.sampled_from(["GBP", "EUR"])), max_size=4),
    ),
    max_size=8,
)


class AnyHistory(TestCase):
    """Whatever happened, the report is the recount."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(history=histories)
    def test_report__any_history__equals_the_recount(self, history: History) -> None:
        rule, version = make_rule()
        for arm, hour, steps, orders in history:
            visit = make_visit()
            at = SINCE + timedelta(hours=hour)
            taken = {f"{step}_at": at for step, happened in steps.items() if happened and arm == Arm.TREATED}
            draw(version, visit, arm, at, **taken)
            for order_hour, total, currency in orders:
                place(visit, SINCE + timedelta(hours=order_hour), str(total), currency)
        built = report(rule)
        for arm_report in built.arms:
            assert recount(arm_report.arm, history) == {
                "visitors": arm_report.visitors,
                "offered": arm_report.offered,
                "seen": arm_report.seen,
                "accepted": arm_report.accepted,
                "dismissed": arm_report.dismissed,
                "buyers": arm_report.buyers,
                "orders": arm_report.orders,
                "revenue": {code: int(total) for code, total in arm_report.revenue},
            }


def recount(arm: str, history: Sequence[tuple[str, int, dict[str, bool], list[tuple[int, int, str]]]]) -> dict[str, Any]:
    """Count in whole hours, one visitor after the other, as one would on paper."""
    counted: dict[str, Any] = dict.fromkeys(("visitors", "offered", "seen", "accepted", "dismissed", "buyers", "orders"), 0)
    revenue: dict[str, int] = {}
    for own_arm, hour, steps, orders in history:
        if own_arm != arm or not 0 <= hour < 24 * 30:
            continue
        counted["visitors"] += 1
        if arm == Arm.TREATED:
            counted["offered"] += 1
            for step, happened in steps.items():
                counted[step] += happened
        inside = [(total, currency) for at, total, currency in orders if hour <= at < hour + 24 * DAYS]
        counted["buyers"] += bool(inside)
        counted["orders"] += len(inside)
        for total, currency in inside:
            revenue[currency] = revenue.get(currency, 0) + total
    return {**counted, "revenue": revenue}


@pytest.mark.django_db
def test_report__visitor_drawn_before_the_period__belongs_to_the_earlier_one() -> None:
    rule, version = make_rule()
    visit = make_visit()
    draw(version, visit, Arm.TREATED, SINCE - timedelta(seconds=1))
    place(visit, SINCE + timedelta(hours=1))
    assert report(rule).treated.visitors == 0
    assert report(rule).treated.orders == 0


@pytest.mark.django_db
def test_report__moments_of_undrawn_visitors__appear_among_the_reasons_only() -> None:
    rule, version = make_rule()
    visit = make_visit()
    Decision.objects.create(
        id=uuid.uuid4(),
        visitor_id=visit.visitor_id,
        visit=visit,
        version=version,
        branch=0,
        action="invite.chat",
        arm=Arm.NONE,
        reason=Reason.NO_AGENT,
        eligible_at=SINCE,
    )
    built = report(rule)
    assert built.moments == 1
    assert [(reason, count, share) for reason, count, share in built.reason_rows()] == [("no agent is free", 1, 1.0)]
    assert built.treated.visitors == built.control.visitors == 0
