"""What a model says last of all: whom it keeps a rule from, and who goes on all the same."""

import uuid
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from oscar_engage.decisions.advice import Advice
from oscar_engage.decisions.arms import find_arm, is_explorer
from oscar_engage.decisions.gates import find_advice, refuse
from oscar_engage.decisions.models import Arm, Assignment, Decision, Reason
from oscar_engage.rules.answers import Answers, CustomerFacts
from oscar_engage.rules.engine.values import Money
from oscar_engage.rules.models import RulePurpose
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor
from tests.decisions.test_decide import ON_PRODUCT, Shopper, make_rule, seconds
from tests.decisions.test_gates import CHAT, OPEN
from tests.decisions.test_places import Desk
from tests.rules.moments import condition, make_basket, make_state, rule_json

HARM = Advice(low=-0.2, high=-0.1)
DEAR = Advice(low=-0.01, high=0.02, cost=0.03, gain=5.0)
LATE = Advice(low=0.01, high=0.2, cost=0.001, gain=1.0, price=2.0)
GOOD = Advice(low=0.01, high=0.2, cost=0.001, gain=3.0, price=2.0)
BALLOON = CHAT._replace(do="show.balloon", engagement="delivery-times")
NUMBERS = st.floats(-1, 1)


def settings(**more: Any) -> Any:
    return override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0, "LEARNING_EXPLORES": 0.0, **more})


@pytest.fixture(autouse=True)
def _heeded() -> Any:
    with settings():
        yield


def make_invitation(**options: str) -> Any:
    raw = rule_json(ON_PRODUCT)
    raw["branches"][0]["then"] = [{"do": "invite.chat", "with": {"engagement": "checkout-help", **options}}]
    return make_rule(raw=raw)


@given(low=NUMBERS, high=NUMBERS, cost=st.floats(-1, 1), gain=NUMBERS, price=st.none() | NUMBERS)
def test_find_advice__any_numbers__refuse_only_by_the_high_end_or_by_the_price(
    low: float, high: float, cost: float, gain: float, price: float | None
) -> None:
    advice = Advice(low=low, high=high, cost=cost, gain=gain, price=price)
    facts = replace(OPEN, advice=lambda _action: advice)
    shown, invited = find_advice(BALLOON, facts), find_advice(CHAT, facts)
    assert (shown is not None) == (high < 0)
    assert shown in (None, Reason.ADVISED_AGAINST)
    assert shown is None or invited is Reason.ADVISED_AGAINST, "whoever had better not be shown a thing is not invited either"
    assert invited is not Reason.OUTRANKED or (price is not None and gain < price)
    if high >= max(cost, 0) and price is None:
        assert invited is None
    for still in (replace(facts, explores=lambda _rule: True), replace(facts, consent=ConsentLevel.STATISTICS)):
        assert refuse(BALLOON._replace(is_service=True), still) is None
    assert refuse(CHAT, replace(facts, explores=lambda _rule: True)) is None


@pytest.mark.parametrize("advice", [HARM, DEAR, LATE])
def test_find_advice__service_rule_or_less_consent__asks_no_model(advice: Advice) -> None:
    def fail(_action: str) -> Advice:
        raise AssertionError("asked")

    assert find_advice(CHAT._replace(is_service=True), replace(OPEN, advice=fail)) is None
    assert find_advice(CHAT, replace(OPEN, advice=fail, consent=ConsentLevel.STATISTICS)) is None
    assert find_advice(CHAT, replace(OPEN, advice=lambda _action: advice)) is not None


def test_find_advice__place_kept_for_this_shopper__outranks_but_does_no_harm() -> None:
    kept = replace(OPEN, is_reserved=lambda: True)
    assert find_advice(CHAT, replace(kept, advice=lambda _action: LATE)) is None
    assert find_advice(CHAT, replace(kept, advice=lambda _action: HARM)) is Reason.ADVISED_AGAINST


def test_is_explorer__many_visitors__are_so_by_share_apart_from_the_arm_and_for_good() -> None:
    units = [uuid.UUID(int=number) for number in range(4000)]
    drawn = {"rule_id": 7, "salt": "x"}
    some = {unit for unit in units if is_explorer(unit, share=0.1, **drawn)}
    assert 0.08 < len(some) / len(units) < 0.12
    assert some <= {unit for unit in units if is_explorer(unit, share=0.2, **drawn)}
    assert not any(is_explorer(unit, share=0, **drawn) for unit in units)
    assert all(is_explorer(unit, share=1, **drawn) for unit in units)
    arms = Counter(find_arm(unit, shop_share=0, rule_share=0.5, **drawn).arm for unit in some)
    assert 0.4 < arms[Arm.CONTROL] / len(some) < 0.6
    assert some != {unit for unit in units if is_explorer(unit, rule_id=8, salt="x", share=0.1)}


@pytest.mark.django_db
def test_decide__advised_against__waits_without_an_arm_and_goes_on_when_the_model_thinks_better_of_it() -> None:
    make_rule()
    shopper = Shopper()
    assert shopper.beat(advise=lambda _action: HARM).offers == ()
    assert shopper.beat(now=seconds(5), advise=lambda _action: HARM).offers == ()
    assert shopper.reasons() == ["advised_against"], "a moment that waits has one row"
    assert not Assignment.objects.exists()
    assert len(shopper.beat(now=seconds(9), advise=lambda _action: GOOD).offers) == 1
    assert shopper.reasons() == ["advised_against", "offered"]


@pytest.mark.django_db
@pytest.mark.parametrize("advice", [HARM, DEAR, LATE])
def test_decide__explores__goes_on_in_both_arms_and_says_so(advice: Advice) -> None:
    rule = make_invitation()
    Assignment.objects.create(visitor_id=uuid.UUID(int=1), rule=rule, arm=Arm.CONTROL, probability=0.2, drawn_at=seconds(0))
    Assignment.objects.create(visitor_id=uuid.UUID(int=2), rule=rule, arm=Arm.TREATED, probability=0.8, drawn_at=seconds(0))
    with settings(LEARNING_EXPLORES=1.0):
        for number, reason in ((1, Reason.RULE_HOLDOUT), (2, Reason.OFFERED)):
            shopper = Shopper()
            shopper.visitor = Visitor.objects.create(id=uuid.UUID(int=number), created_at=seconds(0), last_seen_at=seconds(0))
            decided = shopper.beat(advise=lambda _action: advice)
            assert shopper.reasons() == [reason]
            assert decided.explored == {rule.pk}
        assert Shopper().beat(advise=lambda _action: GOOD).explored == frozenset()
        assert Shopper().beat().explored == frozenset()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("advice", "places", "found"),
    [
        (GOOD, 1, [("offered", "invite.chat")]),
        (HARM, 1, [("advised_against", "invite.chat")]),
        (DEAR, 1, [("advised_against", "invite.chat"), ("offered", "show.balloon")]),
        (LATE, 1, [("offered", "show.balloon"), ("outranked", "invite.chat")]),
        (HARM, 0, [("advised_against", "invite.chat")]),
        (DEAR, 0, [("no_agent", "invite.chat"), ("offered", "show.balloon")]),
        (LATE, 0, [("no_agent", "invite.chat"), ("offered", "show.balloon")]),
        (None, 0, [("no_agent", "invite.chat"), ("offered", "show.balloon")]),
    ],
)
def test_decide__invitation_with_a_fallback__is_given_where_that_disturbs_nobody(
    advice: Advice | None, places: int, found: list[tuple[str, str]]
) -> None:
    make_invitation(fallback="delivery-times")
    shopper = Shopper()
    shopper.beat(advise=lambda _action: advice, free_agents=lambda: places)
    shopper.beat(now=seconds(5), advise=lambda _action: advice, free_agents=lambda: places)
    assert sorted(Decision.objects.values_list("reason", "action")) == found


@pytest.mark.django_db
def test_decide__nobody_free_and_advice_changes_while_it_waits__gives_the_fallback_once() -> None:
    make_invitation(fallback="delivery-times")
    shopper = Shopper()
    said = iter([HARM, DEAR, DEAR])
    for beat in range(3):
        advice = next(said)
        shopper.beat(now=seconds(5 * beat), advise=lambda _action: advice, free_agents=lambda: 0)  # noqa: B023 - called at once
    assert sorted(Decision.objects.values_list("reason", "action")) == [
        ("advised_against", "invite.chat"),
        ("offered", "show.balloon"),
    ]


@pytest.mark.django_db
def test_decide__place_taken_by_somebody_quicker__asks_the_model_of_the_fallback_too() -> None:
    make_invitation(fallback="delivery-times")
    desk = Desk(1, kept=0)
    Shopper().beat(advise=lambda _action: GOOD, places=desk.places, hold=desk.hold)
    assert sorted(Decision.objects.values_list("reason", "action")) == [
        ("no_agent", "invite.chat"),
        ("offered", "show.balloon"),
    ]


@pytest.mark.django_db
def test_decide__higher_rule_outranked__the_lower_one_takes_the_moment() -> None:
    make_rule(priority=1, engagement="checkout-help")
    make_rule(priority=2)
    shopper = Shopper()
    shopper.beat(advise=lambda _action: LATE)
    assert shopper.reasons() == ["outranked", "offered"]


@pytest.mark.parametrize(("places", "reason"), [(0, Reason.NO_AGENT), (1, Reason.OUTRANKED), (2, None), (9, None)])
def test_refuse__more_than_the_last_place_is_free__outranks_nobody(places: int, reason: Reason | None) -> None:
    assert refuse(CHAT, replace(OPEN, advice=lambda _action: LATE, places=lambda _queue: places)) is reason


@pytest.mark.django_db
def test_decide__service_rule__helps_whatever_the_model_says() -> None:
    make_rule(condition("login.failures", ">", 1), purpose=RulePurpose.SERVICE)
    assert len(Shopper().beat(make_state(login_failures=2), advise=lambda _action: HARM).offers) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("basket", "spent", "reserve", "offers"),
    [(600, None, 500, 1), (499, None, 500, 0), (600, None, 0, 0), (20, "500", 500, 1), (20, "499.99", 500, 0)],
)
def test_decide__much_in_the_basket_or_spent__is_never_outranked(
    basket: float, spent: str | None, reserve: float, offers: int
) -> None:
    make_rule(engagement="checkout-help")
    facts = spent and CustomerFacts(
        orders=3, spent=Money(Decimal(spent), "GBP"), orders_in_currency=3, last_order_at=None, returns=0, open_orders=0
    )
    known = {"is_customer": True, "answers": Answers(customer=lambda: facts)} if facts else {}
    with settings(LEARNING_RESERVE=reserve):
        decided = Shopper().beat(make_state(basket=make_basket(basket)), advise=lambda _action: LATE, **known)
    assert len(decided.offers) == offers


@pytest.mark.django_db
def test_decide__advice__costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for priority in range(3):
        make_rule(priority=priority)
    shopper = Shopper()
    shopper.beat(make_state(page_since=seconds(-1)))
    with django_assert_num_queries(2):  # history; the rows of all three
        assert shopper.beat(advise=lambda _action: HARM).offers == ()
    with django_assert_num_queries(0):
        shopper.beat(now=seconds(0.5), advise=lambda _action: HARM)
