"""To whom can something be given? Agents and queues, as the options of a list and as what a form sends back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.desk.models import Agent, Conversation, Queue
from oscar_engage.desk.queues import read_queues
from oscar_engage.desk.transfer.receivers import Receiver, read_receivers

_AGENT, _QUEUE = "agent-", "queue-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What may be chosen: agents with room, and queues."""

    receivers: Sequence[Receiver]
    queues: Sequence[Queue]

    @property
    def agents(self) -> list[tuple[str, str]]:
        """Value and words of each agent."""
        return [(f"{_AGENT}{one.agent.pk}", f"{one.agent} ({_room(one.room)})") for one in self.receivers]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Value and words of each queue; without a default one, also of no queue."""
        none = [] if any(queue.is_default for queue in self.queues) else [(_QUEUE, _("no queue"))]
        return [*none, *((f"{_QUEUE}{queue.pk}", queue.name) for queue in self.queues)]

    def find(self, value: str) -> Agent | Queue | None:
        """Return what ``value`` names, ``None`` for no queue; raises ``KeyError`` for what may not be chosen."""
        chosen: dict[str, Agent | Queue | None] = {f"{_AGENT}{one.agent.pk}": one.agent for one in self.receivers}
        chosen |= {f"{_QUEUE}{queue.pk}": queue for queue in self.queues}
        if not any(queue.is_default for queue in self.queues):
            chosen[_QUEUE] = None
        return chosen[value]


def read_targets(
    *, now: datetime, but: int | None = None, needs_room: bool = True, conversation: Conversation | None = None
) -> Targets:
    """Return who and what can be given something; not the agent ``but``, and with ``needs_room`` nobody who is full.

    ``conversation``, if it is one, goes to nobody whom its queue is not for.
    """
    book = read_queues()
    members = None if conversation is None else book.members_of(conversation)
    there = [one for one in read_receivers(now=now, but=but) if one.room or not needs_room]
    allowed = [one for one in there if members is None or one.agent.pk in members]
    return Targets(receivers=allowed, queues=list(book.queues.values()))


def _room(number: int) -> str:
    return ngettext("room for %(count)s chat", "room for %(count)s chats", number) % {"count": number}
