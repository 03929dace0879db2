"""Has a conversation news for its shopper? The one query of most polls, over few columns and compiled once."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, QuerySet

from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.writing import is_writing
from oscar_engage.statements.prepared import Given, Prepared
from oscar_engage.visitors.models import Visitor

_COLUMNS = (
    *("kind", "status", "last_seq", "agent_writes_until", "agent_id", "agent__display_name", "agent__lease_until"),
    *("live_id", "voice_id"),
)


@dataclass(frozen=True, slots=True)
class Glance:
    """What a poll that brings nothing says all the same, and what tells that it brings nothing."""

    kind: str
    status: str
    last_seq: int
    agent_writes_until: datetime | None
    agent_id: int | None
    agent_name: str | None
    lease_until: datetime | None
    live_id: str = ""
    voice_id: str = ""

    def writing(self, *, now: datetime) -> str:
        """Return the name of the agent who writes at the moment, or an empty text."""
        return (self.agent_name or "") if is_writing(self.agent_writes_until, now=now) else ""

    def has_lost_agent(self, *, now: datetime) -> bool:
        """Whether this chat's agent is gone: the shopper's own poll finds it sooner than the sweep."""
        if self.agent_id is None or self.status != ConversationStatus.OPEN:
            return False
        return self.lease_until is None or self.lease_until <= now


def glance_of_key(key: str | None, public_id: str) -> Glance:
    """Return what there is of the conversation of the visitor with this key, or raise ``Conversation.DoesNotExist``."""
    for row in _OF_KEY.rows(key=key or "", public_id=public_id):
        return Glance(*row)
    raise Conversation.DoesNotExist(public_id)


def glance_at(conversation: Conversation) -> Glance:
    """Return the same of a conversation that is at hand, with its agent."""
    agent = conversation.agent
    return Glance(
        kind=conversation.kind,
        status=conversation.status,
        last_seq=conversation.last_seq,
        agent_writes_until=conversation.agent_writes_until,
        agent_id=conversation.agent_id,
        agent_name=agent.display_name if agent else None,
        lease_until=agent.lease_until if agent else None,
        live_id=conversation.live_id,
        voice_id=conversation.voice_id,
    )


def _of_key() -> QuerySet[Conversation, tuple[object, ...]]:
    owner = Visitor.objects.filter(key=Given("key", CharField())).values("pk")
    own = Conversation.objects.filter(public_id=Given("public_id", CharField()), visitor_id__in=owner)
    return own.values_list(*_COLUMNS)


_OF_KEY = Prepared(_of_key)
