"""What does a shopper who waits read? Place and expected wait in words, said anew only when they change."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string

from oscar_engage.desk.expected import expected_of
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.wait import MOST_MINUTES, steady

_SHOWN = re.compile(r"(?P<position>[0-9]{1,4})\.(?P<minutes>[0-9]{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """``minutes``: 0 is less than one, ``None`` that nobody is there who could come."""

    position: int
    minutes: int | None

    @property
    def token(self) -> str:
        """What the browser gives back, so that we say nothing twice."""
        return "0" if self.minutes is None else f"{self.position}.{self.minutes}"

    @property
    def is_long(self) -> bool:
        """Whether it is longer than anybody counts in minutes."""
        return self.minutes is not None and self.minutes > MOST_MINUTES


def is_in_line(conversation: Conversation) -> bool:
    """Whether its shopper waits for somebody to come."""
    return conversation.kind == ConversationKind.CHAT and conversation.status == ConversationStatus.WAITING


def what_to_say(conversation: Conversation, *, shown: str = "", now: datetime) -> Said:
    """Return what a shopper in line reads ``now``; ``shown`` is the token of what they read at the moment."""
    expected = expected_of(conversation, now=now)
    if expected.seconds is None:
        return Said(position=expected.position, minutes=None)
    before = _SHOWN.fullmatch(shown)
    # What the browser says of itself can only change what it shows itself.
    return Said(position=expected.position, minutes=steady(int(before["minutes"]) if before else None, expected.seconds))


def render_news(request: HttpRequest, conversation: Conversation, *, now: datetime) -> str:
    """Return the paragraph for a poll that says what it ``shown``, or an empty text where that is still right."""
    shown = request.GET.get("shown")
    if shown is None or not is_in_line(conversation):
        return ""
    said = what_to_say(conversation, shown=shown, now=now)
    return "" if said.token == shown else render_to_string("oscar_engage/storefront/expected.html", {"expected": said})
