"""Is what began with a rule's offers counted for that rule, and is a rule's cost the sum of its days?"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from oscar.core.loading import get_model
from oscar.test.factories import create_order

from oscar_engage.analytics.costs.rates import Channel, Rates
from oscar_engage.analytics.costs.rule_counts import RULE_COSTS, count_rule_costs
from oscar_engage.analytics.costs.rule_totals import costs_of_rules
from oscar_engage.analytics.rollups.days import make_day
from oscar_engage.analytics.rollups.document import read_cells, write_cells
from oscar_engage.decisions.models import Decision
from oscar_engage.desk.models import Conversation
from oscar_engage.rules.models import RuleVersion
from oscar_engage.visitors.models import Visitor
from oscar_engage.widgets.models import GivenVoucher
from tests.analytics.lift.history import START, at, leave_alone, make_rule, make_visitor
from tests.examples import examples

DAY = make_day(START.date(), ZoneInfo("UTC"))


def cells() -> dict[tuple[str, ...], tuple[float, ...]]:
    return dict(read_cells(RULE_COSTS, write_cells(RULE_COSTS, count_rule_costs(DAY, now=at(24 * 40)))))


def decide(version: RuleVersion, visitor: Visitor) -> Decision:
    return leave_alone(version, visitor, 1)  # which arm it was makes no difference to what began with it


def ask(visitor: Visitor, kind: str, hours: float, decision: Decision | None) -> None:
    Conversation.objects.create(
        kind=kind, visitor_id=visitor.pk, decision_id=decision and decision.pk, created_at=at(hours), due_at=at(hours + 1)
    )


def give(decision: Decision, voucher_id: int, hours: float) -> None:
    GivenVoucher.objects.create(
        decision_id=decision.pk,
        visitor_id=decision.visitor_id,
        voucher_id=voucher_id,
        given_at=at(hours),
        ends_at=at(hours + 24),
    )


asked = st.tuples(
    st.sampled_from([0, 1, None]), st.sampled_from(["note", "chat"]), st.sampled_from([-1, 0, 23, 24]), st.booleans()
)

given_voucher = st.tuples(st.integers(0, 1), st.sampled_from([0, 24]))


class AnyDay(TestCase):
    """Whatever was asked and given, the day is the recount."""

    @pytest.mark.attack("O06")
    @settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        asked=st.lists(asked, max_size=8), vouchers=st.lists(st.tuples(st.integers(0, 1), st.sampled_from([0, 24])), max_size=4)
    )
    def test_count__any_day__equals_the_recount(self, asked: list[Any], vouchers: list[Any]) -> None:
        versions = [make_rule("One"), make_rule("Other")]
        shopper, staff = make_visitor(), make_visitor(is_staff=True)
        wanted: Counter[tuple[str, str]] = Counter()
        for rule, kind, hours, is_staff in asked:
            visitor = staff if is_staff else shopper
            ask(visitor, kind, hours, None if rule is None else decide(versions[rule], visitor))
            if rule is not None and 0 <= hours < 24 and not is_staff:
                wanted[str(versions[rule].rule_id), kind] += 1
        for number, (rule, hours) in enumerate(vouchers):
            give(decide(versions[rule], shopper), 1_000 + number, hours)
            if hours == 0:
                wanted[str(versions[rule].rule_id), "voucher"] += 1
        assert {key[:2]: values[0] for key, values in cells().items() if values[0]} == dict(wanted)


@pytest.mark.django_db
def test_count__voucher_used_later__takes_off_for_the_rule_that_gave_it() -> None:
    version, visitor = make_rule(), make_visitor()
    give(decide(version, visitor), 7, 2)
    order = create_order()
    get_model("order", "OrderDiscount").objects.create(order=order, voucher_id=7, amount=Decimal("5.25"))
    assert cells()[str(version.rule_id), "discount", order.currency] == (0, 525)


@pytest.mark.django_db
def test_count__decision_that_was_purged__belongs_to_no_rule() -> None:
    ask(make_visitor(), "chat", 1, Decision(pk=uuid4()))
    assert cells() == {}


def test_costs_of_rules__days_before_and_after_a_price__are_priced_each_by_its_own() -> None:
    first, second = START.date(), START.date() + timedelta(days=1)
    rates = (
        Rates(starts_on=first, currency="GBP", agent_hour=Decimal(30), minutes={Channel.CHAT: Decimal(6)}),
        Rates(
            starts_on=second,
            currency="GBP",
            agent_hour=Decimal(60),
            minutes={Channel.CHAT: Decimal(6)},
            voucher=Decimal("0.50"),
        ),
    )
    days = {
        first: {("7", "chat", ""): (2, 0), ("8", "note", ""): (1, 0)},
        first + timedelta(days=1): {
            ("7", "chat", ""): (1, 0),
            ("7", "voucher", ""): (4, 0),
            ("7", "discount", "GBP"): (0, 150),
        },
    }
    found = costs_of_rules(days, rates, measured=None)
    assert found[7]["GBP"].total == 2 * 300 + 600 + 4 * 50 + 150
    assert (found[8]["GBP"].is_complete, found[8]["GBP"].contacts.unpriced) == (False, 1)
