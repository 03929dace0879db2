"""Which calls are to come? For supervisors: the list, giving one to an agent, moving it to another queue, calling it off."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.mail import About, enqueue_mail
from oscar_engage.desk.calls.models import CallState, PhoneCall
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus
from oscar_engage.desk.post import lock_conversation
from oscar_engage.desk.take import close

User = AbstractBaseUser | AnonymousUser | None

_TO_COME = (CallState.UNCONFIRMED, CallState.PLANNED, CallState.DUE)


def planned_calls() -> QuerySet[PhoneCall]:
    """Return the calls to come, the next one first, with what a list shows of them."""
    calls = PhoneCall.objects.filter(state__in=_TO_COME)
    return calls.select_related("conversation__agent", "queue", "kept_for").order_by("call_at", "pk")


def keep_for(call: PhoneCall, agent: Agent | None, *, user: User, now: datetime) -> bool:
    """Have ``call`` go to ``agent`` when its time comes (``None``: to anybody); return whether it is still to come.

    An agent who is not there then, or has no room, does not hold it up: it waits for anybody.
    """
    with transaction.atomic(using=get_settings().database):
        kept = PhoneCall.objects.filter(pk=call.pk, state__in=(CallState.UNCONFIRMED, CallState.PLANNED))
        if not kept.update(kept_for=agent):
            return False
        _record(call, "call.kept", {"agent": agent.pk if agent else None}, user, now)
    return True


def call_off(call: PhoneCall, *, now: datetime, user: User = None, is_staff: bool = False) -> bool:
    """End ``call`` before it is made, tell the shopper, and return whether it was to come; a second time changes nothing.

    One that an agent has taken already stays the agent's, unless a member of staff calls it off.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(Conversation(pk=call.conversation_id))
        fresh = PhoneCall.objects.select_related("conversation").get(pk=call.pk)
        is_with_agent = locked.status == ConversationStatus.OPEN and not is_staff
        if fresh.state not in _TO_COME or is_with_agent:
            return False
        fresh.conversation = locked
        fresh.state, fresh.seat = CallState.CANCELLED, None
        fresh.save(update_fields=["state", "seat"])
        enqueue_mail(fresh, About.CANCELLED, now=now)
        close(locked, now=now, farewell=lambda: _("The call was called off."))
        if is_staff:
            _record(fresh, "call.cancelled", {}, user, now)
    return True


def _record(call: PhoneCall, action: str, detail: dict[str, int | None], user: User, now: datetime) -> None:
    record_action(actor=user, action=action, object_kind="conversation", object_id=call.conversation_id, now=now, detail=detail)
