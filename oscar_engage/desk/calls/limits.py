"""May this number be called again? It may be a third party's: few calls to one number, fewer without a word from a mailbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.models import ACCEPTED, CallState, PhoneCall
from oscar_engage.desk.flood import BusyError, TooManyError

CALLS_TO_NUMBER = 3
"""Calls to one number in a day, whoever asks."""

CALLS_OF_PERSON = 3
"""Calls that one visitor, or one customer on all devices, asks for in a day."""

REFUSED_FOR = timedelta(days=30)
"""How long a number is left alone whose owner told an agent that they had asked for no call."""

_DAY = timedelta(days=1)
_UNASKED = (CallState.UNCONFIRMED, CallState.EXPIRED)


class NumberRefusedError(ValueError):
    """This number is not called just now. Who asks is not told why: it may be about somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks for a call: a visitor, and the customer who is logged in."""

    visitor_id: UUID
    customer_id: int | None = None


def check_caller(caller: Caller, *, now: datetime) -> None:
    """Raise ``TooManyError`` if visitor or customer asked for many calls today, ``BusyError`` if all of the shop did.

    The visitor's row is locked by the caller of this function, so that cap is exact.
    """
    whose = Q(conversation__visitor_id=caller.visitor_id)
    if caller.customer_id is not None:
        whose |= Q(conversation__customer=caller.customer_id)
    if PhoneCall.objects.filter(whose, asked_at__gt=now - _DAY).count() >= CALLS_OF_PERSON:
        raise TooManyError("Too many calls for one shopper in a day.")
    if PhoneCall.objects.filter(asked_at__gt=now - timedelta(hours=1)).count() >= get_settings().calls_per_hour:
        raise BusyError("Too many calls for the shop in one hour.")


def check_number(digest: str, *, now: datetime, but: int = 0) -> None:
    """Raise :class:`NumberRefusedError` for one with a call to come, called often today, or that wants none.

    ``but``: the call that asks, which does not count. That there is one call to come, the database sees to, too.
    """
    named = PhoneCall.objects.filter(digest=digest).exclude(pk=but)
    is_refused = named.filter(state=CallState.WRONG, asked_at__gt=now - REFUSED_FOR).exists()
    has_one = named.filter(state__in=ACCEPTED).exists()
    if is_refused or has_one or _today(named, now).count() >= CALLS_TO_NUMBER:
        raise NumberRefusedError("This number is not called just now.")


def needs_confirmation(digest: str, caller: Caller, *, now: datetime) -> bool:
    """Whether a mailbox has to say that this call is meant: it is the number's second within a day, and nobody is logged in."""
    return caller.customer_id is None and _today(PhoneCall.objects.filter(digest=digest), now).exists()


def _today(calls: QuerySet[PhoneCall], now: datetime) -> QuerySet[PhoneCall]:
    return calls.filter(asked_at__gt=now - _DAY).exclude(state__in=_UNASKED)
