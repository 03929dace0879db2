"""What did it save that people found help without an agent? Shares and prices in, money with its interval out.

Savings = (what the contact would have cost - what it cost here) x contacts that did not come. How many did not come is a share
of those who were shown help, with its interval; prices are known. Source of the interval of the share:
:func:`oscar_engage.analytics.interval.wilson`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oscar_engage.analytics.costs.rates import Channel, Rates, contact_cost, hundredths, rates_on
from oscar_engage.analytics.interval import wilson
from oscar_engage.analytics.stats.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHelp:
    """A day: how many were shown help, and how many of them were deflected; ``contacts`` that came all the same, by channel."""

    day: date
    shown: int
    deflected: int
    contacts: Mapping[Channel, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """What was saved in one currency, in hundredths, with its interval; for how many deflected of how many shown.

    ``each``: hundredths saved by one of them, on average.
    """

    currency: str
    money: Estimate
    shown: int
    deflected: int
    each: float


def avoided_cost(rates: Rates, mix: Mapping[Channel, int], *, measured: Decimal | None = None) -> Decimal | None:
    """Return what a contact that did not come would have cost, in hundredths; ``None``: it is not known.

    What a contact cost before, if the shop says so; else what those cost that came, in the mix of channels in which they came.
    """
    if rates.before is not None:
        return hundredths(rates.before)
    priced = {channel: contact_cost(rates, channel, measured=measured) for channel, number in mix.items() if number}
    known = {channel: cost for channel, cost in priced.items() if cost is not None}
    number = sum(mix[channel] for channel in known)
    return sum((mix[channel] * cost for channel, cost in known.items()), Decimal(0)) / number if number else None


def savings_of(days: Iterable[DayHelp], periods: Sequence[Rates], *, measured: Decimal | None = None) -> dict[str, Savings]:
    """Return what was saved, by currency; days without a price are left out.

    The mix of channels is that of all ``days`` together, for a single day has few contacts. The share's interval is that of all
    days of a currency together; its ends are priced as the deflected were.
    """
    rows = list(days)
    mix = {channel: sum(row.contacts.get(channel, 0) for row in rows) for channel in Channel}
    sums: dict[str, tuple[int, int, Decimal, Decimal]] = {}
    for row in rows:
        rates = rates_on(row.day, periods)
        avoided = None if rates is None else avoided_cost(rates, mix, measured=measured)
        if rates is None or avoided is None:
            continue
        each = avoided - hundredths(rates.self_served)
        shown, deflected, saved, shown_price = sums.get(rates.currency, (0, 0, Decimal(0), Decimal(0)))
        sums[rates.currency] = (
            shown + row.shown,
            deflected + row.deflected,
            saved + row.deflected * each,
            shown_price + row.shown * each,
        )
    return {currency: _close(currency, *summed) for currency, summed in sorted(sums.items()) if summed[0]}


def _close(currency: str, shown: int, deflected: int, saved: Decimal, shown_price: Decimal) -> Savings:
    each = float(saved / deflected) if deflected else float(shown_price / shown)
    rate = wilson(deflected, shown)
    ends = sorted((rate.low * shown * each, rate.high * shown * each))
    return Savings(
        currency=currency,
        money=Estimate(float(saved), *ends),
        shown=shown,
        deflected=deflected,
        each=each,
    )
