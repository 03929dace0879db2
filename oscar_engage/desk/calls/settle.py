"""What became of a try? Reached, and the agent goes on; else it is tried again by the queue's terms, or it is over."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.calls.ask import shelve
from oscar_engage.desk.calls.mail import About, enqueue_mail, enqueue_reminder
from oscar_engage.desk.calls.models import CallOutcome, CallState, CallTry, PhoneCall, usual_retries
from oscar_engage.desk.calls.offered import find_slot, offered_at, opening_for, terms_of_queue
from oscar_engage.desk.calls.ring import NotMineError
from oscar_engage.desk.calls.seat import SlotTakenError, take_seat
from oscar_engage.desk.calls.slots import Slot, retry_at
from oscar_engage.desk.calls.words import say_when
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.promises.course import FIELDS
from oscar_engage.desk.slots import give_back
from oscar_engage.desk.take import close


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the agent says of the try; ``later``: when the slot begins that the shopper wants instead."""

    outcome: CallOutcome
    later: datetime | None = None


def settle_try(conversation: Conversation, agent: Agent, told: Told, *, now: datetime) -> PhoneCall:
    """Note what became of the try that goes on, with what follows from it, and return the call.

    Raises ``NotMineError`` without such a try of ``agent``, or ``SlotTakenError`` if the slot for later is full.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        call = PhoneCall.objects.select_related("conversation").filter(conversation=locked, state=CallState.DUE).first()
        running = CallTry.objects.filter(call=call, outcome="", agent=agent)
        is_mine = call is not None and locked.agent_id == agent.pk
        if not is_mine or not running.update(outcome=told.outcome, settled_at=now):
            raise NotMineError(f"{agent} does not call in {locked}.")
        assert call is not None  # said by is_mine  # noqa: S101 - for the type checker
        call.conversation = locked
        _FOLLOWS[told.outcome](locked, call, agent, told, now)
    return call


def _reached(locked: Conversation, call: PhoneCall, agent: Agent, told: Told, now: datetime) -> None:
    _end(call, CallState.REACHED)
    say(locked, lambda: _("%(agent)s called and reached you.") % {"agent": agent.display_name}, now=now)


def _not_reached(locked: Conversation, call: PhoneCall, agent: Agent, told: Told, now: datetime) -> None:
    terms = terms_of_queue(call.queue_id)
    pauses = terms.retry_minutes if terms else usual_retries()
    tries = call.tries.filter(outcome=CallOutcome.NO_ANSWER).count()
    again = retry_at(opening_for(terms), tries=tries, pauses=pauses, now=now)
    say(locked, lambda: _("%(agent)s called; nobody answered.") % {"agent": agent.display_name}, now=now)
    if again is None:
        _end(call, CallState.MISSED)
        enqueue_mail(call, About.MISSED, now=now)
        close(locked, now=now, farewell=lambda: _("We could not reach you, and call no more. You are welcome to ask again."))
        return
    call.call_at = again
    _plan_again(locked, call, now=now)


def _wrong(locked: Conversation, call: PhoneCall, agent: Agent, told: Told, now: datetime) -> None:
    _end(call, CallState.WRONG)
    enqueue_mail(call, About.WRONG, now=now)
    close(locked, now=now, farewell=lambda: _("Under this number nobody wanted a call; we call it no more."))


def _later(locked: Conversation, call: PhoneCall, agent: Agent, told: Told, now: datetime) -> None:
    terms = terms_of_queue(call.queue_id)
    slot: Slot | None = find_slot(offered_at(terms, now=now), told.later) if terms and told.later else None
    if terms is None or slot is None:
        raise SlotTakenError("There is no such slot, or it is full.")
    take_seat(call, terms, slot)
    call.call_at = slot.starts_at
    say(locked, lambda: _("%(agent)s called; you would rather speak later.") % {"agent": agent.display_name}, now=now)
    _plan_again(locked, call, now=now)
    enqueue_reminder(call, now=now)


_FOLLOWS = {
    CallOutcome.REACHED: _reached,
    CallOutcome.NO_ANSWER: _not_reached,
    CallOutcome.WRONG_NUMBER: _wrong,
    CallOutcome.LATER: _later,
}


def _end(call: PhoneCall, state: CallState) -> None:
    call.state, call.seat = state, None
    call.save(update_fields=["state", "seat"])


def _plan_again(locked: Conversation, call: PhoneCall, *, now: datetime) -> None:
    """Take the call from its agent until ``call.call_at``, and tell the shopper."""
    if locked.agent_id is not None and locked.weight:
        give_back(locked.agent_id, locked.weight, now=now)
    if call.starts_at is None or call.call_at > call.starts_at:  # the slot that was promised is over
        call.seat = None
    call.state = CallState.PLANNED
    call.save(update_fields=["state", "seat", "call_at"])
    shelve(locked, due_at=call.call_at)
    locked.agent, locked.weight = None, 0
    locked.save(update_fields=["status", "agent", "weight", *FIELDS])
    enqueue_mail(call, About.AGAIN, now=now)
    say(locked, lambda: _("We call again: %(when)s.") % {"when": say_when(call)}, now=now)
