"""Every reason of the closed list, written as it comes about; caps of a rule's own, quiet hours and priorities among them."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from oscar_engage.decisions.advice import Advice
from oscar_engage.decisions.arms import is_in_shop_holdout
from oscar_engage.decisions.decide import decide
from oscar_engage.decisions.judge import find_match
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.decisions.order.models import PriorityFormula
from oscar_engage.decisions.outcomes import record_outcome
from oscar_engage.decisions.weigh import COUNT_RETRY, find_recorded, find_wake, weigh
from oscar_engage.rules.answers import Answers, CustomerFacts
from oscar_engage.rules.engine.values import Money
from oscar_engage.rules.live import live_rules
from oscar_engage.rules.models import RulePurpose
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visit, Visitor
from oscar_engage.visitors.page import PageFacts
from tests.decisions.test_decide import Shopper, held_out_shopper, make_rule, seconds, settings
from tests.decisions.test_gates import OPEN
from tests.rules.moments import NOW, condition, make_basket, make_moment, make_state

pytestmark = pytest.mark.django_db
FREE = {"OFFERS_PER_VISIT": 50, "OFFERS_PER_WEEK": 500, "COOLDOWN_DAYS": 0}
NIGHT = datetime(2026, 3, 3, 3, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nobody_held_out() -> Iterator[None]:
    with settings():
        yield


@pytest.fixture
def shopper() -> Shopper:
    return Shopper()


def again(shopper: Shopper, now: datetime, *, visit: bool = False, **moment: Any) -> list[str]:
    """Let what held become false and true again, in a new visit if ``visit``; return the engagements offered."""
    shopper.holding = ()
    if visit:
        shopper.visit = Visit.objects.create(visitor=shopper.visitor, started_at=now, last_at=now)
    return [offer.engagement for offer in shopper.beat(now=now, **moment).offers]


def _survey_asked_lately(shopper: Shopper) -> None:
    make_rule(raw=None)
    raw = {"do": "ask.survey", "with": {"engagement": "stopped"}}
    document = {"schema": 1, "branches": [{"when": _on_product(), "then": [raw]}]}
    rule = make_rule(priority=1)
    rule.published.__class__.objects.filter(pk=rule.published_id).update(document=document)
    state = make_state(holding=())
    decide(
        visitor=shopper.visitor,
        visit=shopper.visit,
        state=state,
        moment=make_moment(state),
        path="/",
        showing=(),
        now=NOW,
        engagements={"stopped": "survey"},
        may_ask=lambda _slug: False,
    )


def _on_product() -> dict[str, Any]:
    return {"combinator": "and", "rules": [condition("page.kind", "=", "product")]}


def _in_shop_holdout(shopper: Shopper) -> None:
    make_rule()
    with settings(SHOP_HOLDOUT=0.5, SALT="x7"):
        ids = (uuid.UUID(int=number) for number in range(100))
        held = next(one for one in ids if is_in_shop_holdout(one, salt="x7", share=0.5))
        shopper.visitor = Visitor.objects.create(id=held, created_at=NOW, last_seen_at=NOW)
        shopper.beat()


def _twice(shopper: Shopper, **rule: Any) -> None:
    make_rule(**rule)
    with settings(**FREE):
        shopper.beat()
        again(shopper, seconds(10))


def _after_a_no(shopper: Shopper, *, cooldown: int, **rule: Any) -> None:
    make_rule(**rule)
    with settings(**{**FREE, "COOLDOWN_DAYS": cooldown}):
        (offer,) = shopper.beat().offers
        record_outcome(shopper.visitor.pk, offer.pk, "dismissed", now=seconds(5))
        again(shopper, seconds(10))


def _capped_in_week(shopper: Shopper) -> None:
    make_rule()
    with settings(OFFERS_PER_WEEK=1):
        shopper.beat()
        again(shopper, seconds(4000), visit=True)


def _lost(shopper: Shopper) -> None:
    make_rule(priority=1)
    make_rule(priority=2)
    shopper.beat()


def _in_line(shopper: Shopper) -> None:
    make_rule(engagement="checkout-help")
    Shopper().beat(free_agents=lambda: 0)
    shopper.beat(now=seconds(1))


def _quiet(shopper: Shopper) -> None:
    make_rule()
    with settings(QUIET_HOURS="0:00-4:00"):
        shopper.beat(now=NIGHT)


def _after(act: Callable[[Shopper], Any], **rule: Any) -> Callable[[Shopper], Any]:
    def scene(shopper: Shopper) -> None:
        make_rule(**rule)
        act(shopper)

    return scene


def heeded(shopper: Shopper, advice: Advice) -> None:
    with settings(LEARNING_EXPLORES=0):
        shopper.beat(advise=lambda _action: advice)


SCENES: dict[Reason, Callable[[Shopper], Any]] = {
    Reason.OFFERED: _after(lambda shopper: shopper.beat()),
    Reason.NO_CONSENT: _after(lambda shopper: shopper.beat(consent=ConsentLevel.STATISTICS)),
    Reason.EXCLUDED_PAGE: _after(lambda shopper: shopper.beat(path="/dashboard/")),
    Reason.QUIET_HOURS: _quiet,
    Reason.CAPPED_VISIT: _after(lambda shopper: (shopper.beat(), again(shopper, seconds(10)))),
    Reason.CAPPED_WEEK: _capped_in_week,
    Reason.DISMISSED: lambda shopper: _after_a_no(shopper, cooldown=30),
    Reason.CAPPED_RULE: lambda shopper: _twice(shopper, cap_offers=1),
    Reason.DISMISSED_RULE: lambda shopper: _after_a_no(shopper, cooldown=0, cap_pause_days=90),
    Reason.ASKED: _survey_asked_lately,
    Reason.BUSY_SURFACE: _after(lambda shopper: shopper.beat(showing=["other"])),
    Reason.CAPPED_DAY: lambda shopper: _twice(shopper, cap_day=1),
    Reason.NO_AGENT: _after(lambda shopper: shopper.beat(free_agents=lambda: 0), engagement="checkout-help"),
    Reason.ADVISED_AGAINST: _after(lambda shopper: heeded(shopper, Advice(low=-0.2, high=-0.1))),
    Reason.OUTRANKED: _after(
        lambda shopper: heeded(shopper, Advice(low=0.0, high=0.1, gain=1.0, price=2.0)), engagement="checkout-help"
    ),
    Reason.IN_LINE: _in_line,
    Reason.LOST: _lost,
    Reason.SHOP_HOLDOUT: _in_shop_holdout,
    Reason.NO_ENGAGEMENT: _after(lambda shopper: shopper.beat(engagements={})),
}


@pytest.mark.parametrize("reason", SCENES)
def test_decide__each_reason__is_written_as_it_comes_about(reason: Reason, shopper: Shopper) -> None:
    SCENES[reason](shopper)
    assert reason in shopper.reasons()


def test_decide__rule_holdout__is_written(shopper: Shopper) -> None:
    assert held_out_shopper(make_rule(holdout_share=0.2)).beat().offers == ()
    assert Decision.objects.get().reason == Reason.RULE_HOLDOUT


def test_reasons__closed_list__has_no_other() -> None:
    never_written = {Reason.TOO_EARLY}  # a page just opened begins no moment; dry runs and "why?" speak of it
    assert {*SCENES, Reason.RULE_HOLDOUT} | never_written == set(Reason)


def test_decide__quiet_hours__wait_and_have_the_browser_come_back_when_they_end(shopper: Shopper) -> None:
    make_rule()
    with settings(QUIET_HOURS="22:00-4:00"):
        early = shopper.beat(now=NIGHT - timedelta(hours=2))
        assert (early.offers, early.wake_in) == ((), None)
        assert shopper.beat(now=NIGHT).wake_in == 20 * 60
        assert len(shopper.beat(now=NIGHT + timedelta(minutes=20)).offers) == 1
    assert shopper.reasons() == ["quiet_hours", "offered"]


@override_settings(TIME_ZONE="Europe/Berlin")
def test_decide__quiet_hours__are_of_the_shops_clock(shopper: Shopper) -> None:
    make_rule()
    with settings(QUIET_HOURS="4:00-5:00"):
        assert shopper.beat(now=NIGHT).offers == ()  # 3:40 in UTC
    assert shopper.reasons() == ["quiet_hours"]


def test_decide__service_rule_in_quiet_hours__helps(shopper: Shopper) -> None:
    make_rule(condition("login.failures", ">", 1), purpose=RulePurpose.SERVICE)
    with settings(QUIET_HOURS="0:00-4:00"):
        assert len(shopper.beat(make_state(login_failures=2), now=NIGHT).offers) == 1


def test_decide__rules_own_caps__end_with_their_days_and_leave_other_rules_alone(shopper: Shopper) -> None:
    make_rule(priority=1, cap_offers=2, cap_days=10, engagement="ask-us")
    make_rule(priority=2)
    with settings(**FREE):
        found = [again(shopper, NOW + timedelta(days=day), visit=True) for day in (0, 4, 5, 9, 10, 13, 14)]
    ask, deliver = ["ask-us"], ["delivery-times"]
    assert found == [ask, ask, deliver, deliver, ask, deliver, ask]


def test_decide__cap_in_a_visit__counts_on_this_visit_only(shopper: Shopper) -> None:
    make_rule(cap_visit=2)
    with settings(**FREE):
        found = [len(again(shopper, seconds(10 * beat), visit=beat == 4)) for beat in range(7)]
    assert found == [1, 1, 0, 0, 1, 1, 0]


def test_decide__caps_of_a_rule__meet_both_arms_alike(shopper: Shopper) -> None:
    rule = make_rule(cap_offers=2, cap_visit=2, cap_day=1000, holdout_share=0.2)
    held = held_out_shopper(rule)
    Assignment.objects.create(visitor_id=shopper.visitor.pk, rule=rule, arm=Arm.TREATED, probability=0.8, drawn_at=NOW)
    with settings(**FREE):
        for beat in range(5):
            again(shopper, seconds(10 * beat))
            again(held, seconds(10 * beat))
    assert shopper.reasons() == ["offered"] * 2 + ["capped_rule"] * 3
    assert held.reasons() == ["rule_holdout"] * 2 + ["capped_rule"] * 3


def test_decide__offers_of_a_day__are_counted_over_all_shoppers_and_begin_anew_at_midnight() -> None:
    make_rule(cap_day=3)
    shoppers = [Shopper() for _number in range(5)]
    with settings(**FREE):
        assert [len(one.beat().offers) for one in shoppers] == [1, 1, 1, 0, 0]
        assert len(again(shoppers[0], NOW.replace(hour=23, minute=59))) == 0
        assert [len(again(one, NOW + timedelta(hours=12))) for one in shoppers] == [1, 1, 1, 0, 0]


def test_decide__offers_of_a_day__those_of_a_beat_that_began_later_but_was_sooner_count() -> None:
    make_rule(cap_day=1)
    with settings(**FREE):
        assert len(Shopper().beat(now=NOW + timedelta(seconds=2)).offers) == 1
        assert Shopper().beat(now=NOW).offers == ()


def test_decide__capped_rule_with_a_fallback__does_not_slip_past_its_cap(shopper: Shopper) -> None:
    raw = {"schema": 1, "branches": [{"when": _on_product(), "then": [_chat_or("delivery-times")]}]}
    make_rule(raw=raw, cap_day=1)
    with settings(**FREE):
        assert len(shopper.beat(free_agents=lambda: 0).offers) == 1
        assert Shopper().beat(free_agents=lambda: 0).offers == ()


def _chat_or(fallback: str) -> dict[str, Any]:
    return {"do": "invite.chat", "with": {"engagement": "checkout-help", "fallback": fallback}}


def test_decide__rules_without_caps__cost_no_query_for_them(
    shopper: Shopper, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_rule(cap_offers=2, cap_pause_days=9, cap_day=5)
    shopper.beat(page=PageFacts(kind="home"))
    # history; what the shopper met of the rule; its day: lock and count; assignment: 4; the rows
    with django_assert_num_queries(9):
        assert len(shopper.beat().offers) == 1


def spent(amount: str, currency: str = "GBP") -> Answers:
    facts = CustomerFacts(
        orders=3, spent=Money(Decimal(amount), currency), orders_in_currency=3, last_order_at=None, returns=0, open_orders=0
    )
    return Answers(customer=lambda: facts)


def test_decide__merchants_formula__puts_the_worthier_rule_first_and_says_the_points(shopper: Shopper) -> None:
    make_rule(priority=1, engagement="ask-us", goal_value=Decimal("5.00"))
    make_rule(priority=2, goal="basket")
    PriorityFormula.objects.create(pk=1, is_number_first=False, value_weight=1, basket_percent=20)
    small, large = make_state(basket=make_basket(20)), make_state(basket=make_basket(120))
    assert [offer.engagement for offer in shopper.beat(small).offers] == ["ask-us"]
    other = Shopper()
    assert [offer.engagement for offer in other.beat(large).offers] == ["delivery-times"]
    rows = Decision.objects.filter(visitor_id=other.visitor.pk).order_by("version__rule__priority")
    assert [(row.reason, row.points) for row in rows] == [("lost", 5.0), ("offered", 24.0)]


def test_decide__value_of_a_customer__counts_with_consent_and_in_the_shops_currency() -> None:
    make_rule(priority=1, goal_value=Decimal("5.00"), engagement="ask-us")
    make_rule(priority=2, goal="customer")
    PriorityFormula.objects.create(pk=1, is_number_first=False, value_weight=1, customer_percent=1)

    def first(**moment: Any) -> str:
        (offer,) = Shopper().beat(**moment).offers
        return offer.engagement

    assert first(is_customer=True, answers=spent("900")) == "delivery-times"
    assert first(is_customer=True, answers=spent("900", "EUR")) == "ask-us"
    assert first(is_customer=False, answers=spent("900")) == "ask-us"


def test_decide__one_rule_wins__reads_no_formula_and_has_no_points(shopper: Shopper) -> None:
    make_rule(goal_value=Decimal(5))
    PriorityFormula.objects.create(pk=1, value_weight=1)
    shopper.beat()
    assert Decision.objects.get().points is None


def test_weigh__rule_being_counted_by_another_beat__has_not_begun_and_is_tried_a_second_later() -> None:
    rule = make_rule(cap_day=1)
    (live,) = live_rules(NOW)
    facts = replace(OPEN, day_spent=lambda _rule_id: None)
    (match,) = find_match(live, 0)
    weighed = weigh([match], facts, holding=())
    assert (weighed.winner, weighed.holding, find_recorded(weighed, 3)) == (None, (), weighed.verdicts[:0])
    assert find_wake([None, 60.0], weighed.verdicts, facts) == COUNT_RETRY
    assert rule.cap_day == 1
    settled = weigh([match], replace(facts, day_spent=lambda _rule_id: 1), holding=weighed.holding)
    assert [(verdict.reason, verdict.is_new) for verdict in settled.verdicts] == [(Reason.CAPPED_DAY, True)]
