"""What if the conversation of a call ends, whoever ends it? The call is over, its seat free, and no try goes on."""

from datetime import datetime

from oscar_engage.desk.calls.models import ACCEPTED, CallOutcome, CallState, CallTry, PhoneCall
from oscar_engage.desk.models import Conversation

_OPEN = (CallState.UNCONFIRMED, *ACCEPTED)


def end_call(locked: Conversation, *, now: datetime) -> None:
    """End the call of a conversation that is closed ``now``; one that has its ending keeps it."""
    calls = PhoneCall.objects.filter(conversation=locked)
    calls.filter(state__in=_OPEN).update(state=CallState.CANCELLED)
    calls.update(seat=None)
    leave_try(locked, now=now)


def leave_try(locked: Conversation, *, now: datetime) -> None:
    """Note of a try that goes on that its agent went without a word about it."""
    running = CallTry.objects.filter(call__conversation=locked, outcome="")
    running.update(outcome=CallOutcome.LEFT, settled_at=now)
