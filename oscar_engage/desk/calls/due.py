"""Whose time has come? A sweep opens the agents' task of each call that is due: it waits like any other from then on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.confirm import expire_unconfirmed
from oscar_engage.desk.calls.models import CallState, PhoneCall
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.promises.course import FIELDS, begin, promise_answer
from oscar_engage.desk.promises.terms import terms_of
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.take import take
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

KIND = "desk.calls.due"
SWEEP_SECONDS = 60

CHUNK = 200
"""Calls opened in one sweep, those first that have been due longest."""


@handler(KIND)
def open_due(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Open what is due, each call once however many sweeps there are, and give up what nobody confirmed."""
    expire_unconfirmed(now=now, most=CHUNK)
    due = PhoneCall.objects.filter(state=CallState.PLANNED, call_at__lte=now).order_by("call_at", "pk")
    for pk, conversation_id in list(due.values_list("pk", "conversation_id")[:CHUNK]):
        _open(pk, conversation_id, now)


def _open(pk: int, conversation_id: int, now: datetime) -> None:
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(Conversation(pk=conversation_id))
        mine = PhoneCall.objects.filter(pk=pk, state=CallState.PLANNED, call_at__lte=now)
        if locked.status != ConversationStatus.PLANNED or not mine.update(state=CallState.DUE):
            return
        call = PhoneCall.objects.select_related("kept_for").get(pk=pk)
        _promise(locked, call, now)
        if call.opened_at is None:
            call.opened_at = now
            call.save(update_fields=["opened_at"])
        say(locked, lambda: _("It is time for your call."), now=now)
        _give_to_chosen(locked, call, now)


def _promise(locked: Conversation, call: PhoneCall, now: datetime) -> None:
    """Promise the call by the end of its slot, and another try, or one as soon as possible, by the policy."""
    terms = terms_of(locked.policy)
    if call.opened_at is None:
        begin(locked, terms, now=now)
    else:
        promise_answer(locked, terms, now=now)
    if call.ends_at is not None and call.starts_at is not None and call.starts_at <= call.call_at < call.ends_at:
        locked.due_at = max(call.ends_at, now)
        locked.watch_at = now + (locked.due_at - now) / 2
    locked.status = ConversationStatus.WAITING
    locked.save(update_fields=["status", "policy", *FIELDS])


def _give_to_chosen(locked: Conversation, call: PhoneCall, now: datetime) -> None:
    """Give it to the agent whom a supervisor chose, if that agent is there with room; else it waits for anybody."""
    if call.kept_for is None:
        return
    try:
        with transaction.atomic(using=get_settings().database):
            take(locked, call.kept_for, now=now)
    except NoFreeSlotError:
        pass


every(KIND, SWEEP_SECONDS)
