"""The gates: pure questions in a fixed order."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.decisions.edge import Held, pack, unpack
from oscar_engage.decisions.gates import GATES, PASSING, Facts, History, Limits, Wish, may_consent, refuse, refuse_again
from oscar_engage.decisions.models import Reason
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
CHAT = Wish(is_service=False, do="invite.chat", engagement="checkout-help")
SHUT: dict[Reason, dict[str, Any]] = {
    Reason.NO_CONSENT: {"consent": ConsentLevel.STATISTICS},
    Reason.EXCLUDED_PAGE: {"path": "/dashboard/orders/"},
    Reason.TOO_EARLY: {"open_seconds": 1.9},
    Reason.CAPPED_VISIT: {"history": lambda: History(offers_in_visit=1)},
    Reason.CAPPED_WEEK: {"history": lambda: History(offers_in_week=3)},
    Reason.DISMISSED: {"history": lambda: History(dismissed_at=NOW - timedelta(days=29))},
    Reason.BUSY_SURFACE: {"showing": ("something",)},
    Reason.NO_AGENT: {"places": lambda _queue: 0},
    Reason.NO_ENGAGEMENT: {"engagements": {"checkout-help": "balloon"}},
}


def test_refuse__everything_open__lets_pass() -> None:
    assert refuse(CHAT, OPEN) is None
    assert refuse_again(CHAT, OPEN) is None


@pytest.mark.parametrize("reason", SHUT)
def test_refuse__one_gate_shut__names_it(reason: Reason) -> None:
    assert refuse(CHAT, replace(OPEN, **SHUT[reason])) == reason


def test_refuse__two_gates_shut__names_the_earlier_in_the_order_of_the_reasons() -> None:
    order = [reason for reason, _refuses in GATES]
    assert order == [*SHUT]
    for earlier, later in itertools.pairwise(order):
        both = {**SHUT[later], **SHUT[earlier]}
        assert refuse(CHAT, replace(OPEN, **both)) == earlier


def test_refuse__payment_page__is_excluded_even_for_service() -> None:
    facts = replace(OPEN, page=PageFacts(kind="checkout", step="preview"))
    assert refuse(replace(CHAT, is_service=True), facts) == Reason.EXCLUDED_PAGE


def test_refuse__cooldown_over__lets_pass() -> None:
    assert refuse(CHAT, replace(OPEN, history=lambda: History(dismissed_at=NOW - timedelta(days=30)))) is None


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
