"""What did some days cost, channel by channel? Counts and rates in, sums out: no clock, no database.

Each day is priced by the rates that held on it, so a cost that changes later leaves the days before as they were.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oscar_engage.analytics.costs.rates import Channel, Rates, contact_cost, hundredths, rates_on, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounts:
    """What happened on a day: contacts by channel that somebody had to answer, questions that nobody had to, vouchers given.

    ``discounts``: what was taken off orders by those vouchers, in hundredths by currency.
    """

    day: date
    contacts: Mapping[Channel, int]
    self_served: int = 0
    vouchers: int = 0
    discounts: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCost:
    """One channel: ``contacts`` that could be priced, what they cost in hundredths, and how many are ``unpriced``."""

    contacts: int = 0
    cost: int = 0
    unpriced: int = 0

    @property
    def each(self) -> float | None:
        """Hundredths for one contact, ``None`` without any that could be priced."""
        return self.cost / self.contacts if self.contacts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What some days cost in one currency, money in hundredths. ``vouchers`` were given, ``voucher_cost`` is their handling."""

    currency: str
    channels: Mapping[Channel, ChannelCost]
    self_served: int
    self_served_cost: int
    vouchers: int
    voucher_cost: int
    discounts: int

    @property
    def contacts(self) -> ChannelCost:
        """All channels together."""
        rows = self.channels.values()
        return ChannelCost(
            contacts=sum(row.contacts for row in rows),
            cost=sum(row.cost for row in rows),
            unpriced=sum(row.unpriced for row in rows),
        )

    @property
    def total(self) -> int:
        """All that it cost, in hundredths."""
        return self.contacts.cost + self.self_served_cost + self.voucher_cost + self.discounts

    @property
    def interactions(self) -> int:
        """Contacts with a price and questions that nobody had to answer."""
        return self.contacts.contacts + self.self_served

    @property
    def per_interaction(self) -> float | None:
        """Hundredths for one of them, vouchers and discounts left out; ``None``: there was none."""
        return (self.contacts.cost + self.self_served_cost) / self.interactions if self.interactions else None

    @property
    def is_complete(self) -> bool:
        """Whether every contact could be priced; if not, it cost more than this."""
        return self.contacts.unpriced == 0


@dataclass(slots=True)
class _Sum:
    contacts: dict[Channel, int]
    unpriced: dict[Channel, int]
    cost: dict[Channel, Decimal]
    self_served: int = 0
    self_served_cost: Decimal = Decimal(0)
    vouchers: int = 0
    voucher_cost: Decimal = Decimal(0)
    discounts: int = 0


def cost_of(days: Iterable[DayCounts], periods: Sequence[Rates], *, measured: Decimal | None = None) -> dict[str, Cost]:
    """Return what ``days`` cost, by currency: sums of several are never made one.

    ``measured``: minutes of a chat, for rates that do not say. Days before the first rates have no price and are left out,
    but for discounts, which are known without.
    """
    sums: dict[str, _Sum] = {}

    def sum_of(currency: str) -> _Sum:
        return sums.setdefault(currency, _Sum({}, {}, {}))

    for counted in days:
        for currency, discount in (counted.discounts or {}).items():
            sum_of(currency).discounts += discount
        rates = rates_on(counted.day, periods)
        if rates is not None:
            _add(sum_of(rates.currency), counted, rates, measured)
    return {currency: _close(currency, summed) for currency, summed in sorted(sums.items())}


def _add(to: _Sum, counted: DayCounts, rates: Rates, measured: Decimal | None) -> None:
    for channel, number in counted.contacts.items():
        each = contact_cost(rates, channel, measured=measured)
        if each is None:
            to.unpriced[channel] = to.unpriced.get(channel, 0) + number
            continue
        to.contacts[channel] = to.contacts.get(channel, 0) + number
        to.cost[channel] = to.cost.get(channel, Decimal(0)) + number * each
    to.self_served += counted.self_served
    to.self_served_cost += counted.self_served * hundredths(rates.self_served)
    to.vouchers += counted.vouchers
    to.voucher_cost += counted.vouchers * hundredths(rates.voucher)


def _close(currency: str, summed: _Sum) -> Cost:
    known = [channel for channel in Channel if channel in summed.contacts or channel in summed.unpriced]
    return Cost(
        currency=currency,
        channels={
            channel: ChannelCost(
                contacts=summed.contacts.get(channel, 0),
                cost=whole(summed.cost.get(channel, Decimal(0))),
                unpriced=summed.unpriced.get(channel, 0),
            )
            for channel in known
        },
        self_served=summed.self_served,
        self_served_cost=whole(summed.self_served_cost),
        vouchers=summed.vouchers,
        voucher_cost=whole(summed.voucher_cost),
        discounts=summed.discounts,
    )
