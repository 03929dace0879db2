"""Is money saved for those who did not ask, at the price of those who do, with the share's own doubt?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.costs.rates import Channel, Rates
from oscar_engage.analytics.deflection.savings import DayHelp, avoided_cost, savings_of
from oscar_engage.analytics.interval import wilson

DAY = date(2026, 6, 1)
RATES = Rates(
    starts_on=DAY,
    currency="EUR",
    agent_hour=Decimal(60),
    minutes={Channel.NOTE: Decimal(2), Channel.CHAT: Decimal(5)},
    self_served=Decimal("0.50"),
)
CALLS = Rates(starts_on=DAY + timedelta(days=1), currency="EUR", agent_hour=Decimal(60), before=Decimal(6))


def test_avoided_cost__said__is_that_and_else_that_of_the_mix() -> None:
    assert avoided_cost(CALLS, {}) == 600
    assert avoided_cost(RATES, {Channel.NOTE: 2, Channel.CHAT: 1, Channel.MAIL: 9}) == 300
    assert avoided_cost(RATES, {Channel.MAIL: 9}) is None
    assert avoided_cost(RATES, {}) is None


def test_savings_of__days_of_two_prices__each_at_its_own() -> None:
    days = [
        DayHelp(day=DAY - timedelta(days=1), shown=50, deflected=50, contacts={}),  # nobody said what it cost
        DayHelp(day=DAY, shown=60, deflected=12, contacts={Channel.NOTE: 1}),
        DayHelp(day=CALLS.starts_on, shown=40, deflected=8, contacts={Channel.NOTE: 1}),
    ]
    saved = savings_of(days, [RATES, CALLS])["EUR"]
    rate = wilson(20, 100)
    assert saved.money.value == 12 * 150 + 8 * 600
    assert saved.each == saved.money.value / 20
    assert saved.money.low == pytest.approx(rate.low * 100 * saved.each)
    assert saved.money.high == pytest.approx(rate.high * 100 * saved.each)
    assert (saved.shown, saved.deflected) == (100, 20)


def test_savings_of__nobody_shown_help_or_no_price__says_nothing() -> None:
    assert savings_of([DayHelp(day=CALLS.starts_on, shown=0, deflected=0, contacts={})], [CALLS]) == {}
    assert savings_of([DayHelp(day=DAY, shown=9, deflected=3, contacts={})], [RATES]) == {}


def test_savings_of__nobody_deflected__is_nothing_with_doubt() -> None:
    saved = savings_of([DayHelp(day=CALLS.starts_on, shown=10, deflected=0, contacts={})], [CALLS])["EUR"]
    assert saved.money.value == saved.money.low == 0
    assert saved.money.high == pytest.approx(wilson(0, 10).high * 10 * 600)


@given(
    shown=st.integers(1, 500),
    share=st.floats(0, 1),
    before=st.decimals(0, 50, places=2),
    here=st.decimals(0, 50, places=2),
)
def test_savings_of__any_prices__lie_within_their_interval(shown: int, share: float, before: Decimal, here: Decimal) -> None:
    deflected = int(shown * share)
    rates = Rates(starts_on=DAY, currency="EUR", agent_hour=Decimal(0), before=before, self_served=here)
    saved = savings_of([DayHelp(day=DAY, shown=shown, deflected=deflected, contacts={})], [rates])["EUR"]
    assert saved.money.value == float((before - here) * 100 * deflected)
    assert saved.money.low - 1e-6 <= saved.money.value <= saved.money.high + 1e-6
