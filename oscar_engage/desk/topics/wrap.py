"""How does an agent wrap a conversation up? With its topic; with the outcome and a few words if they like."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus
from oscar_engage.desk.post import lock_conversation
from oscar_engage.desk.text import clean_text
from oscar_engage.desk.topics.models import Topic

MISSED_FOR = timedelta(days=30)
"""How long a conversation that somebody else ended is listed for its agent to say what it was about."""

LONGEST_NOTE = 1000
"""Characters of an agent's note, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap:
    """What the agent says: the topic (``None`` where the shop has none), ``solved``, ``unsolved`` or nothing, and a note."""

    topic: Topic | None
    outcome: str = ""
    note: str = ""


def wrap_up(conversation: Conversation, wrap: Wrap, *, now: datetime) -> Conversation:
    """Keep what the agent says of ``conversation`` and return the row as it is now; a later word replaces an earlier one."""
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        locked.topic, locked.outcome, locked.wrapped_at = wrap.topic, wrap.outcome, now
        locked.wrap_note = clean_text(wrap.note, longest=LONGEST_NOTE)
        locked.save(update_fields=["topic", "outcome", "wrap_note", "wrapped_at"])
    return locked


def lacks_wrap_up(agent: Agent, *, now: datetime) -> QuerySet[Conversation]:
    """Return what was ended by the shopper or by a sweep, and of which ``agent`` has not said yet what it was about."""
    ended = Conversation.objects.filter(agent=agent, status=ConversationStatus.CLOSED, wrapped_at__isnull=True)
    return ended.filter(closed_at__gt=now - MISSED_FOR).select_related("agent").order_by("-closed_at", "-pk")
