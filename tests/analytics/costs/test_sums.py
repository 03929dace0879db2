"""Is each day priced by what held on it, exactly, and is nothing made up where a price is not known?"""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.costs.rates import Channel, Rates, contact_cost, minutes_of, rates_on
from oscar_engage.analytics.costs.total import ChannelCost, DayCounts, cost_of

JUNE = date(2026, 6, 1)
RATES = Rates(
    starts_on=JUNE,
    currency="EUR",
    agent_hour=Decimal(30),
    minutes={Channel.NOTE: Decimal(4)},
    fees={Channel.NOTE: Decimal("0.10"), Channel.CHAT: Decimal("0.05")},
    chats_at_once=Decimal(2),
    voucher=Decimal("0.20"),
    self_served=Decimal("0.03"),
)
_MONEY = st.decimals(0, 200, places=2)
_RATES = st.builds(
    Rates,
    starts_on=st.dates(JUNE, JUNE + timedelta(days=20)),
    currency=st.sampled_from(["EUR", "GBP"]),
    agent_hour=_MONEY,
    minutes=st.dictionaries(st.sampled_from(list(Channel)), st.decimals(0, 90, places=2)),
    fees=st.dictionaries(st.sampled_from(list(Channel)), _MONEY),
    chats_at_once=st.decimals(1, 5, places=1),
    voucher=_MONEY,
    self_served=_MONEY,
)
_COUNTS = st.builds(
    DayCounts,
    day=st.dates(JUNE - timedelta(days=5), JUNE + timedelta(days=25)),
    contacts=st.dictionaries(st.sampled_from(list(Channel)), st.integers(0, 50)),
    self_served=st.integers(0, 50),
    vouchers=st.integers(0, 9),
    discounts=st.dictionaries(st.sampled_from(["EUR", "GBP"]), st.integers(0, 9_999)),
)


def test_contact_cost__minutes_and_fee__in_hundredths() -> None:
    assert contact_cost(RATES, Channel.NOTE) == 210


def test_contact_cost__minutes_not_known__is_not_known() -> None:
    assert contact_cost(RATES, Channel.MAIL) is None
    assert contact_cost(RATES, Channel.MAIL, measured=Decimal(9)) is None
    assert contact_cost(RATES, Channel.CHAT) is None


def test_minutes_of__chat_that_is_measured__is_shared_by_the_chats_at_once() -> None:
    assert minutes_of(RATES, Channel.CHAT, measured=Decimal(9)) == Decimal("4.5")


def test_rates_on__each_day__has_the_latest_that_has_begun() -> None:
    later = Rates(starts_on=JUNE + timedelta(days=9), currency="EUR", agent_hour=Decimal(40))
    assert rates_on(JUNE - timedelta(days=1), [later, RATES]) is None
    assert rates_on(JUNE, [later, RATES]) == RATES
    assert rates_on(later.starts_on, [later, RATES]) == later


def test_cost_of__costs_that_rise__leave_the_days_before_as_they_were() -> None:
    days = [DayCounts(day=JUNE, contacts={Channel.NOTE: 10}), DayCounts(day=JUNE + timedelta(days=9), contacts={})]
    dearer = Rates(starts_on=JUNE + timedelta(days=9), currency="EUR", agent_hour=Decimal(99))
    assert cost_of(days, [RATES])["EUR"].total == cost_of(days, [RATES, dearer])["EUR"].total == 2_100


def test_cost_of__contacts_without_a_price__are_told_and_not_priced() -> None:
    cost = cost_of([DayCounts(day=JUNE, contacts={Channel.MAIL: 3, Channel.NOTE: 2})], [RATES])["EUR"]
    assert cost.channels[Channel.MAIL] == ChannelCost(contacts=0, cost=0, unpriced=3)
    assert cost.channels[Channel.MAIL].each is None
    assert cost.channels[Channel.NOTE].each == 210
    assert not cost.is_complete
    assert cost.total == 420


def test_cost_of__all_parts__add_up() -> None:
    counted = DayCounts(
        day=JUNE, contacts={Channel.NOTE: 2, Channel.CHAT: 1}, self_served=10, vouchers=3, discounts={"EUR": 1_500}
    )
    cost = cost_of([counted], [RATES], measured=Decimal(8))["EUR"]
    assert (cost.contacts.cost, cost.self_served_cost, cost.voucher_cost, cost.discounts) == (420 + 205, 30, 60, 1_500)
    assert cost.total == 625 + 30 + 60 + 1_500
    assert cost.interactions == 13
    assert cost.per_interaction == 655 / 13
    assert cost.is_complete


def test_cost_of__no_rates__only_discounts_are_known() -> None:
    costs = cost_of([DayCounts(day=JUNE, contacts={Channel.NOTE: 2}, discounts={"GBP": 900})], [])
    assert costs["GBP"].total == 900
    assert costs["GBP"].per_interaction is None


@given(st.lists(_COUNTS, max_size=12), st.lists(_RATES, max_size=4, unique_by=lambda rates: rates.starts_on))
def test_cost_of__any_days_and_rates__equals_the_sum_of_single_contacts(days: list[DayCounts], periods: list[Rates]) -> None:
    """An oracle that prices one contact after the other, and rounds as late."""
    measured = Decimal("7.25")
    expected: dict[tuple[str, str], Decimal] = {}

    def add(currency: str, what: str, amount: Decimal) -> None:
        expected[currency, what] = expected.get((currency, what), Decimal(0)) + amount

    for counted in days:
        for currency, amount in (counted.discounts or {}).items():
            add(currency, "discounts", Decimal(amount))
        held = None
        for rates in sorted(periods, key=lambda rates: rates.starts_on):
            if rates.starts_on <= counted.day:
                held = rates
        if held is None:
            continue
        for channel, number in counted.contacts.items():
            minutes = held.minutes.get(channel)
            if minutes is None and channel == "chat":
                minutes = measured / held.chats_at_once
            for _contact in range(number):
                if minutes is None:
                    add(held.currency, f"{channel} unpriced", Decimal(1))
                else:
                    add(held.currency, channel, (minutes / 60 * held.agent_hour + held.fees.get(channel, Decimal(0))) * 100)
        add(held.currency, "self", held.self_served * 100 * counted.self_served)
        add(held.currency, "voucher", held.voucher * 100 * counted.vouchers)

    costs = cost_of(days, periods, measured=measured)
    assert {currency for currency, _what in expected} <= set(costs)
    for currency, cost in costs.items():

        def known(what: str, currency: str = currency) -> Decimal:
            return expected.get((currency, what), Decimal(0))

        for channel, row in cost.channels.items():
            assert abs(row.cost - known(channel)) <= Decimal("0.51")
            assert row.unpriced == known(f"{channel} unpriced")
        assert cost.self_served_cost == known("self")
        assert cost.voucher_cost == known("voucher")
        assert cost.discounts == known("discounts")
        parts = sum(row.cost for row in cost.channels.values())
        assert cost.total == parts + cost.self_served_cost + cost.voucher_cost + cost.discounts
