"""The gates: pure questions in a fixed order."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.decisions.advice import Advice
from oscar_engage.decisions.caps import Spent
from oscar_engage.decisions.edge import Held, pack, unpack
from oscar_engage.decisions.gates import (
    GATES,
    PASSING,
    Facts,
    History,
    Limits,
    ShopAnswers,
    Wish,
    may_consent,
    refuse,
    refuse_again,
)
from oscar_engage.decisions.line.order import Asked
from oscar_engage.decisions.models import Reason
from oscar_engage.rules.caps import NO_CAPS, Caps
from oscar_engage.rules.engine.tree import ELSE
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.page import PageFacts
from tests.rules.moments import ENGAGEMENTS, NOW

LIMITS = Limits(
    offers_per_visit=1, offers_per_week=3, cooldown=timedelta(days=30), quiet_seconds=2, excluded_paths=("/dashboard/",)
)
OPEN = Facts(
    consent=ConsentLevel.PERSONALISATION,
    page=PageFacts(kind="product"),
    path="/catalogue/",
    open_seconds=10,
    showing=(),
    engagements=ENGAGEMENTS,
    limits=LIMITS,
    now=NOW,
    history=History,
    places=lambda _queue: 1,
)
CAPS = Caps(offers=1, days=30, pause_days=60, day=5)
CHAT = Wish(is_service=False, do="invite.chat", engagement="checkout-help", rule_id=7, caps=CAPS)
SURVEY = CHAT._replace(do="ask.survey", engagement="stopped")
SHUT: dict[Reason, dict[str, Any]] = {
    Reason.NO_CONSENT: {"consent": ConsentLevel.STATISTICS},
    Reason.EXCLUDED_PAGE: {"path": "/dashboard/orders/"},
    Reason.TOO_EARLY: {"open_seconds": 1.9},
    Reason.QUIET_HOURS: {"is_quiet": True},
    Reason.CAPPED_VISIT: {"history": lambda: History(offers_in_visit=1)},
    Reason.CAPPED_WEEK: {"history": lambda: History(offers_in_week=3)},
    Reason.DISMISSED: {"history": lambda: History(dismissed_at=NOW - timedelta(days=29))},
    Reason.CAPPED_RULE: {"spent": lambda: {7: [Spent(7, None, NOW - timedelta(days=1))]}},
    Reason.DISMISSED_RULE: {
        "spent": lambda: {7: [Spent(7, None, NOW - timedelta(days=50), dismissed_at=NOW - timedelta(days=49))]}
    },
    Reason.ASKED: {"may_ask": lambda _survey: False},
    Reason.BUSY_SURFACE: {"showing": ("something",)},
    Reason.CAPPED_DAY: {"day_spent": lambda _rule: 5},
    Reason.NO_AGENT: {"places": lambda _queue: 0},
    Reason.NO_ENGAGEMENT: {"engagements": {"checkout-help": "balloon"}},
    Reason.ADVISED_AGAINST: {"advice": lambda _action: Advice(low=-0.2, high=-0.1)},
    Reason.OUTRANKED: {"advice": lambda _action: Advice(low=0.0, high=0.1, gain=1.0, price=2.0)},
    Reason.IN_LINE: {"ahead": lambda _queue, _yields: (Asked(),), "places_behind": lambda _queue, _ahead: 0},
}


def wish_for(*reasons: Reason) -> Wish:
    """Return what the gates of these ``reasons`` have something to say of."""
    return SURVEY if Reason.ASKED in reasons else CHAT


def test_refuse__everything_open__lets_pass() -> None:
    assert refuse(CHAT, OPEN) is None
    assert refuse_again(CHAT, OPEN) is None


@pytest.mark.parametrize("reason", SHUT)
def test_refuse__one_gate_shut__names_it(reason: Reason) -> None:
    assert refuse(wish_for(reason), replace(OPEN, **SHUT[reason])) == reason


def test_refuse__two_gates_shut__names_the_earlier_in_the_order_of_the_reasons() -> None:
    order = [reason for reason, _refuses in GATES]
    assert order == [*SHUT]
    for earlier, later in itertools.pairwise(order):
        both = {**SHUT[later], **SHUT[earlier]}
        if {earlier, later} == {Reason.CAPPED_RULE, Reason.DISMISSED_RULE}:
            both = {"spent": lambda: {7: [*SHUT[Reason.CAPPED_RULE]["spent"]()[7], *SHUT[Reason.DISMISSED_RULE]["spent"]()[7]]}}
        assert refuse(wish_for(earlier, later), replace(OPEN, **both)) == earlier


def test_refuse__harm_and_rank__one_advice_for_both() -> None:
    advice = Advice(low=-0.2, high=-0.1, gain=-1.0, price=2.0)
    assert refuse(CHAT, replace(OPEN, advice=lambda _action: advice)) == Reason.ADVISED_AGAINST


def test_refuse__payment_page__is_excluded_even_for_service() -> None:
    facts = replace(OPEN, page=PageFacts(kind="checkout", step="preview"))
    assert refuse(CHAT._replace(is_service=True), facts) == Reason.EXCLUDED_PAGE


def test_refuse__cooldown_over__lets_pass() -> None:
    assert refuse(CHAT, replace(OPEN, history=lambda: History(dismissed_at=NOW - timedelta(days=30)))) is None


def test_refuse__quiet_hours__let_a_service_rule_pass() -> None:
    assert refuse(CHAT._replace(is_service=True), replace(OPEN, is_quiet=True)) is None


def test_refuse__rule_without_caps_of_its_own__asks_nothing_of_them() -> None:
    def fail(*_asked: object) -> Any:
        raise AssertionError("asked")

    assert refuse(CHAT._replace(caps=NO_CAPS), replace(OPEN, spent=fail, day_spent=fail)) is None


def test_refuse__action_without_agent__does_not_ask_the_desk() -> None:
    def fail() -> int:
        raise AssertionError("asked")

    balloon = Wish(is_service=False, do="show.balloon", engagement="delivery-times")
    assert refuse(balloon, replace(OPEN, places=fail)) is None


def test_refuse_again__lasting_gate_shut__asks_no_history() -> None:
    def fail() -> History:
        raise AssertionError("asked")

    assert refuse_again(CHAT, replace(OPEN, history=fail)) is None
    assert refuse_again(CHAT, replace(OPEN, history=fail, showing=("x",))) == Reason.BUSY_SURFACE
    assert set(PASSING) < {reason for reason, _refuses in GATES}


@pytest.mark.attack("J04")
@pytest.mark.parametrize(
    ("level", "sales", "service"),
    [
        (ConsentLevel.NONE, False, False),
        (ConsentLevel.FUNCTIONAL, False, True),
        (ConsentLevel.STATISTICS, False, True),
        (ConsentLevel.PERSONALISATION, True, True),
    ],
)
def test_may_consent__each_level__is_the_table_of_consent(level: ConsentLevel, sales: bool, service: bool) -> None:
    assert may_consent(level, is_service=False) is sales
    assert may_consent(level, is_service=True) is service


HELD = st.builds(Held, st.integers(1, 2**40), st.integers(ELSE, 20))


@given(st.frozensets(HELD), st.frozensets(HELD))
def test_edge__packed__unpacks_to_the_same(settled: frozenset[Held], waiting: frozenset[Held]) -> None:
    assert unpack(pack(settled, waiting)) == (settled, waiting)


def test_shop_answers__many_rules_of_two_purposes__ask_the_shops_gates_once_each() -> None:
    asked: list[int] = []

    def history() -> History:
        asked.append(1)
        return History(offers_in_visit=1)

    facts = replace(OPEN, history=history)
    shop, service = ShopAnswers(facts), CHAT._replace(is_service=True)
    assert [refuse(wish, facts, shop) for wish in (CHAT, SURVEY, service, service)] == [Reason.CAPPED_VISIT] * 4
    assert len(asked) == 2
    assert [refuse_again(wish, facts, shop) for wish in (CHAT, CHAT, service)] == [None] * 3
    assert len(asked) == 2


@pytest.mark.parametrize(("do", "widget"), [("invite.voice", "voice"), ("invite.page", "page")])
def test_invitation_to_more_than_words__needs_an_agent_and_the_shops_own_switch(do: str, widget: str) -> None:
    wish = CHAT._replace(do=do, engagement="more")
    there = replace(OPEN, engagements={"more": widget})
    assert refuse(wish, there) is None
    assert refuse(wish, replace(there, has_feature=lambda _name: False)) is Reason.NO_AGENT
    assert refuse(wish, replace(there, places=lambda _queue: 0)) is Reason.NO_AGENT


def test_refuse_again__several_wishes_of_one_moment__find_their_gates_once() -> None:
    shop = ShopAnswers(OPEN)
    first = shop.gates_again_of(CHAT)
    assert shop.gates_again_of(CHAT._replace(rule_id=7)) is first
    assert not {reason for reason, _gate in first} & {
        Reason.ASKED,
        Reason.CAPPED_RULE,
        Reason.DISMISSED_RULE,
        Reason.CAPPED_DAY,
    }
    assert {Reason.BUSY_SURFACE, Reason.NO_AGENT} <= {reason for reason, _gate in first}
