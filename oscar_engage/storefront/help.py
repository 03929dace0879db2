"""What can a shopper do now? Leave a note, chat if an agent is free, see what was asked before."""

from dataclasses import dataclass
from datetime import datetime

from oscar_engage.decisions.ports import get_availability
from oscar_engage.desk.post import promised_at
from oscar_engage.desk.waiting import waiting_for
from oscar_engage.visitors.models import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpFacts:
    """What the help page says."""

    has_free_agent: bool
    promised_at: datetime
    """When a note left now is answered, at the latest."""
    unread: int
    """Answers that the shopper has not read."""
    open_chat: str
    """Public id of the chat that is going on, or an empty text."""


def get_help(visitor: Visitor | None, *, now: datetime) -> HelpFacts:
    """Return what can be offered to this visitor at ``now``."""
    waiting = waiting_for(visitor.pk) if visitor else []
    chats = [thing.public_id for thing in waiting if thing.kind == "chat"]
    return HelpFacts(
        has_free_agent=get_availability().free_agents(now=now) > 0,
        promised_at=promised_at(now),
        unread=sum(thing.kind == "answer" for thing in waiting),
        open_chat=chats[0] if chats else "",
    )
