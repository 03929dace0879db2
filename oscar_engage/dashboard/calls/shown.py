"""What does a call look like to this member of staff? Its number for who may see it, its tries, what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oscar_engage.desk.calls.models import CallState, CallTry, PhoneCall
from oscar_engage.desk.calls.number import masked, spaced
from oscar_engage.desk.calls.offered import offered_at, opening_for, terms_of_queue
from oscar_engage.desk.calls.provider import get_provider
from oscar_engage.desk.calls.words import say_slot, say_when
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.storefront.forms_call import value_of

SEE_PERMISSION = "oscar_engage.see_number"

MOST_LATER = 40
"""Slots offered for "later": the next ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallShown:
    """A call beside its transcript. ``link``: what dials, if the provider has one and the number may be seen."""

    call: PhoneCall
    number: str
    link: str
    when: str
    tries: Sequence[CallTry]
    running: CallTry | None
    can_call: bool
    later: Sequence[tuple[str, str]]

    @property
    def is_reached(self) -> bool:
        """Whether somebody has spoken."""
        return self.call.state == CallState.REACHED


def show_call(conversation: Conversation, user: Any, *, now: datetime) -> CallShown | None:
    """Return what ``user`` is shown; ``None``: it is no call. Two queries, some more for the agent who has it."""
    call = PhoneCall.objects.filter(conversation=conversation).first()
    if call is None:
        return None
    tries = list(call.tries.select_related("agent").order_by("begun_at", "pk"))
    running = next((one for one in tries if not one.outcome), None)
    has_it = conversation.agent is not None and conversation.agent.user_id == user.pk
    is_mine = has_it and conversation.status == ConversationStatus.OPEN and call.state == CallState.DUE
    return CallShown(
        call=call,
        number=show_number(call.number, user),
        link=get_provider().link(call.number) if is_mine and may_see(user) else "",
        when=say_when(call),
        tries=[one for one in tries if one.outcome],
        running=running if is_mine else None,
        can_call=is_mine,
        later=_later(call, now) if is_mine and running else (),
    )


def may_see(user: Any) -> bool:
    """Whether ``user`` may see whole numbers."""
    return bool(user.has_perm(SEE_PERMISSION))


def show_number(number: str, user: Any) -> str:
    """Return ``number`` as ``user`` may see it."""
    return spaced(number) if may_see(user) else masked(number)


def _later(call: PhoneCall, now: datetime) -> list[tuple[str, str]]:
    terms = terms_of_queue(call.queue_id)
    if terms is None:
        return []
    zone, slots = opening_for(terms).zone, offered_at(terms, now=now).slots
    return [(value_of(slot), say_slot(slot.starts_at, slot.ends_at, zone)) for slot in slots[:MOST_LATER]]
