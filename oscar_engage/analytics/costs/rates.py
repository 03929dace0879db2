"""What does one contact cost? Rates of a day in, hundredths of the currency out: no clock, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

_HUNDRED, _HOUR = Decimal(100), Decimal(60)
_CENT = Decimal(1)


class Channel(StrEnum):
    """How a shopper comes to somebody who answers. A call is only in what is imported: nothing here takes one yet."""

    NOTE = "note"
    CHAT = "chat"
    MAIL = "mail"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What things cost from ``starts_on`` on, money in units of ``currency``.

    ``minutes``: an agent's time for one contact of a channel; a channel that is not in it is not known, but for chats, whose
    handle time is measured. ``fees``: what a contact costs beside that time. ``chats_at_once``: by how many the agent's time
    is shared while chatting, 1 or more; it divides measured time only, for typed minutes are already an agent's own.
    ``before``: what a contact cost where shoppers asked before, ``None``: the same as here. ``self_served``: one question
    that nobody had to answer.
    """

    starts_on: date
    currency: str
    agent_hour: Decimal
    minutes: Mapping[Channel, Decimal] = field(default_factory=dict)
    fees: Mapping[Channel, Decimal] = field(default_factory=dict)
    chats_at_once: Decimal = Decimal(1)
    voucher: Decimal = Decimal(0)
    self_served: Decimal = Decimal(0)
    before: Decimal | None = None


def rates_on(day: date, periods: Sequence[Rates]) -> Rates | None:
    """Return the rates of ``day``: of those that have begun, the latest; ``None`` before the first."""
    begun = [rates for rates in periods if rates.starts_on <= day]
    return max(begun, key=lambda rates: rates.starts_on) if begun else None


def minutes_of(rates: Rates, channel: Channel, *, measured: Decimal | None = None) -> Decimal | None:
    """Return an agent's minutes for one contact: typed ones, else ``measured`` ones of a chat; ``None``: not known."""
    typed = rates.minutes.get(channel)
    if typed is not None:
        return typed
    if channel is not Channel.CHAT or measured is None:
        return None
    return measured / max(rates.chats_at_once, Decimal(1))


def contact_cost(rates: Rates, channel: Channel, *, measured: Decimal | None = None) -> Decimal | None:
    """Return what one contact costs, in hundredths and not rounded; ``None``: nobody said how long it takes."""
    minutes = minutes_of(rates, channel, measured=measured)
    if minutes is None:
        return None
    return (minutes * rates.agent_hour / _HOUR + rates.fees.get(channel, Decimal(0))) * _HUNDRED


def hundredths(amount: Decimal) -> Decimal:
    """Return units of a currency as hundredths, not rounded."""
    return amount * _HUNDRED


def whole(amount: Decimal) -> int:
    """Return hundredths as a whole number, halves away from zero: once, at the end of a sum."""
    return int(amount.quantize(_CENT, rounding=ROUND_HALF_UP))
