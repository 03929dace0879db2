"""What a day comes to: with nothing, with one row, and with a hundred thousand; and who reads it."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from oscar_engage.analytics.costs.models import CostPeriod
from oscar_engage.analytics.models import Conversion
from oscar_engage.decisions.models import Decision
from oscar_engage.decisions.order.models import PriorityFormula
from oscar_engage.desk.dialer.forecast import PRIOR_ACCEPTANCE, Rates
from oscar_engage.desk.models import Agent
from oscar_engage.desk.staffing.models import AgentHour
from oscar_engage.jobs.periodic import plan
from oscar_engage.jobs.run import run_due
from oscar_engage.learning.features.schema import NAMES, PLACES, SCHEMA
from oscar_engage.learning.leads import measure
from oscar_engage.learning.leads.bars import MARGIN, NOTHING_MEASURED, Why
from oscar_engage.learning.leads.live import BACKGROUND, drop_live_bars, live_bars, read_bars
from oscar_engage.learning.leads.measure import follow, look, places_in
from oscar_engage.learning.leads.models import LeadBars
from oscar_engage.learning.vectors.models import ScoredVector
from oscar_engage.models import Visit, Visitor
from tests.decisions.test_decide import make_rule
from tests.rules.moments import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bars_at_once() -> Iterator[None]:
    before, BACKGROUND.is_inline = BACKGROUND.is_inline, True
    drop_live_bars()
    yield
    BACKGROUND.is_inline = before
    drop_live_bars()


def make_day(visits: int, *, looks: int = 1, reason: str = "offered", action: str = "invite.chat") -> None:
    """Have so many visits of today want an agent, the n-th with an uplift of n in a thousand, in baskets of 100."""
    rule = make_rule(engagement="checkout-help")
    values: list[float | None] = [None] * len(NAMES)
    values[PLACES["basket_total"]] = 100.0
    at = NOW - timedelta(hours=3)
    visitors = [Visitor(created_at=at, last_seen_at=at, key=uuid.uuid4().hex) for _number in range(visits)]
    Visitor.objects.bulk_create(visitors)
    stays = [Visit(visitor=one, started_at=at, last_at=at) for one in visitors]
    Visit.objects.bulk_create(stays)
    Decision.objects.bulk_create(
        Decision(
            visitor_id=one.visitor_id,
            visit=one,
            version_id=rule.published_id,
            branch=0,
            action=action,
            reason=reason,
            arm="treated" if reason == "offered" else "none",
            eligible_at=at,
        )
        for one in stays
    )
    common = {"occasion": "signal", "schema": SCHEMA, "values": values}
    ScoredVector.objects.bulk_create(
        (
            ScoredVector(
                visit=one,
                visitor_id=one.visitor_id,
                at=at + timedelta(seconds=step),
                propensity=0.3,
                uplift=number / 1000,
                **common,
            )
            for number, one in enumerate(stays, 1)
            for step in range(looks)
        ),
        batch_size=2000,
    )


def test_look__empty_shop__says_what_holds_anyway(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(9):
        found = look({}, now=NOW)
    assert found is not None
    assert (found.why, found.bars.price, found.bars.cost, found.bars.margin) == (Why.NO_AGENTS, None, 0.0, MARGIN)
    with override_settings(OSCAR_ENGAGE={"MODULES_OFF": ["learning"]}):
        assert look({}, now=NOW) is None
    follow(None, now=NOW)
    assert not LeadBars.objects.exists()


def test_look__costs_orders_and_margin__are_the_shops_own() -> None:
    period = {"starts_on": NOW.date(), "currency": "GBP", "agent_hour": Decimal(30), "chat_minutes": Decimal(6)}
    CostPeriod.objects.create(**period)
    PriorityFormula.objects.create(pk=1, basket_percent=25)
    for number, (total, currency) in enumerate(((100, "GBP"), (140, "GBP"), (9000, "EUR"))):
        Conversion.objects.create(
            order_id=number, visitor_id=uuid.uuid4(), total=total, currency=currency, placed_at=NOW - timedelta(days=2)
        )
    found = look({}, now=NOW)
    assert found is not None
    assert (found.bars.order, found.bars.margin) == (120.0, 0.25)
    assert found.bars.cost == pytest.approx(PRIOR_ACCEPTANCE * 3.0 / 30.0)
    CostPeriod.objects.update(currency="EUR")
    other = look({}, now=NOW)
    assert other is not None
    assert other.bars.cost == 0.0, "what a conversation costs in another currency is not known"


@pytest.mark.parametrize("looks", [1, 3])
def test_look__agents_for_a_quarter__prices_a_place_above_three_quarters(
    looks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_day(80, looks=looks)
    with django_assert_num_queries(8):  # the desk's hours are told
        found = look({}, now=NOW, places_of=lambda _since: 20.0)
    assert found is not None
    assert found.why is Why.SCARCE
    assert found.bars.price == pytest.approx(0.060 * 100 * MARGIN)
    assert found.numbers["wanted"] == 80
    assert found.bars.propensity == 0.3


@pytest.mark.parametrize("reason", ["rule_holdout", "advised_against", "capped_day"])
def test_look__moments_that_took_no_agent__are_not_wanted(reason: str) -> None:
    make_day(40, reason=reason)
    found = look({}, now=NOW, places_of=lambda _since: 20.0)
    assert found is not None
    assert (found.why, found.numbers["wanted"]) == (Why.ENOUGH, 0)


def test_look__shown_things__want_no_agent() -> None:
    make_day(40, action="show.balloon")
    found = look({}, now=NOW, places_of=lambda _since: 20.0)
    assert found is not None
    assert found.numbers["wanted"] == 0


def test_look__more_vectors_than_are_read__takes_some_from_all_over_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "MOST", 100)
    make_day(400, looks=2)
    found = look({}, now=NOW, places_of=lambda _since: 100.0)
    assert found is not None
    assert 50 <= found.numbers["gains"] <= 100
    assert found.bars.price == pytest.approx(0.300 * 100 * MARGIN, rel=0.1)


@pytest.mark.everything_recurs
def test_job__each_hour__keeps_one_row_with_what_the_desks_hours_say() -> None:
    make_day(40)
    agent = Agent.objects.create(user=User.objects.create(username="ada"), display_name="Ada")
    AgentHour.objects.create(agent=agent, hour=NOW - timedelta(hours=4), online=3600, room=3600 * 20)
    for hour in range(2):
        now = NOW + timedelta(hours=hour)
        plan(now=now)
        assert not run_due(now=now).failed
        row = LeadBars.objects.get()
        assert row.measured_at == now
    assert row.numbers["places"] == pytest.approx(places_in(7200, Rates()))
    assert row.why == Why.SCARCE
    assert read_bars(now).price == row.price


def test_live_bars__measured_anew__count_within_a_minute_and_cost_a_beat_no_query(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert live_bars(NOW) == NOTHING_MEASURED
    make_day(80)
    follow(look({}, now=NOW, places_of=lambda _since: 20.0), now=NOW)
    assert live_bars(NOW + timedelta(seconds=59)) == NOTHING_MEASURED
    assert live_bars(NOW + timedelta(seconds=60)).price
    monkeypatch.setattr(BACKGROUND, "ask", lambda now: None)
    with django_assert_num_queries(0):
        assert live_bars(NOW + timedelta(hours=5)).price
        stale = live_bars(NOW + timedelta(hours=25))
    assert (stale.price, stale.uplift) == (None, stale.cost), "yesterday's scarcity refuses nobody"


def test_live_bars__process_that_has_read_nothing__has_those_of_a_new_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BACKGROUND, "ask", lambda now: None)
    assert live_bars(NOW) == NOTHING_MEASURED
