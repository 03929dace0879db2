"""Is it still where it was seen? The one guarded UPDATE by which a conversation changes hands."""

from typing import Any

from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.transfer.whereabouts import Whereabouts


class MovedError(ValueError):
    """Somebody else moved, took or closed it first; ``conversation`` is as it is now."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        super().__init__(f"{conversation} is not where it was seen.")


def where_is(conversation: Conversation) -> Whereabouts:
    """Return where ``conversation`` stands."""
    return Whereabouts(conversation.status, conversation.agent_id, conversation.queue_id)


def claim(locked: Conversation, seen: Whereabouts, **changes: Any) -> None:
    """Make ``changes`` if ``locked`` is open and still where it was ``seen``, else raise :class:`MovedError`.

    By a guarded UPDATE, because SQLite has no row locks that the read could have taken.
    """
    there = Conversation.objects.filter(pk=locked.pk, status=seen.status, agent=seen.agent, queue=seen.queue)
    if not there.exclude(status=ConversationStatus.CLOSED).update(**changes):
        raise MovedError(Conversation.objects.select_related("agent").get(pk=locked.pk))
    for name, value in changes.items():
        setattr(locked, name, value)
