"""Is the call meant? The owner of a mailbox says so; whoever says nothing in time is not called, and the slot is free again."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.ask import tell_of_plan
from oscar_engage.desk.calls.limits import NumberRefusedError, check_number
from oscar_engage.desk.calls.link import CONFIRM_WITHIN
from oscar_engage.desk.calls.models import CallState, PhoneCall
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.post import lock_conversation
from oscar_engage.desk.take import close


class GoneError(ValueError):
    """The call was called off, or its time is over."""


def confirm_call(call: PhoneCall, *, now: datetime) -> PhoneCall:
    """Have ``call`` made as it was asked for, and return it; confirming it again changes nothing.

    One without a slot waits for an agent when the sweep comes next. Raises :class:`GoneError`, or ``NumberRefusedError`` if
    the number has another call to come by now.
    """
    with transaction.atomic(using=get_settings().database):
        lock_conversation(call.conversation)
        fresh = PhoneCall.objects.select_related("conversation").get(pk=call.pk)
        if fresh.state in {CallState.PLANNED, CallState.DUE}:
            return fresh
        if fresh.state != CallState.UNCONFIRMED or (fresh.ends_at is not None and fresh.ends_at <= now):
            raise GoneError("This call is over.")
        check_number(fresh.digest, now=now, but=fresh.pk)
        fresh.state, fresh.call_at = CallState.PLANNED, fresh.starts_at or now
        try:
            with transaction.atomic(using=get_settings().database):
                fresh.save(update_fields=["state", "call_at"])
        except IntegrityError:  # another call to the number was accepted in the same instant
            raise NumberRefusedError("This number is not called just now.") from None
        tell_of_plan(fresh, now=now)
    return fresh


def expire_unconfirmed(*, now: datetime, most: int) -> int:
    """Close the calls that nobody has confirmed in time, and free their slots; return how many. Safe to call at once."""
    late = PhoneCall.objects.filter(state=CallState.UNCONFIRMED, asked_at__lte=now - CONFIRM_WITHIN)
    found = list(late.order_by("asked_at", "pk").values_list("pk", "conversation_id")[:most])
    return sum(_expire(pk, conversation_id, now) for pk, conversation_id in found)


def _expire(pk: int, conversation_id: int, now: datetime) -> bool:
    with transaction.atomic(using=get_settings().database):
        if not PhoneCall.objects.filter(pk=pk, state=CallState.UNCONFIRMED).update(state=CallState.EXPIRED):
            return False
        words = lambda: _("Nobody confirmed the call in time; it was not made.")  # noqa: E731 - said in the shopper's language
        close(Conversation(pk=conversation_id), now=now, farewell=words)
    return True
