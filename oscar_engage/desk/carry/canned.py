"""Which ready-made texts fit a conversation, and in which language?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.conf import settings as django_settings
from django.db.models import Q, QuerySet

from oscar_engage.desk.carry.models import CannedReply
from oscar_engage.desk.models import Conversation

MOST_OFFERED = 300
"""Ready-made texts that an agent is offered at once."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready-made text as it goes into the box of this conversation."""

    shortcut: str
    title: str
    text: str


def canned_for(conversation: Conversation) -> QuerySet[CannedReply]:
    """Return the ready-made texts for this conversation's queue and those for all, by title."""
    own = Q(queue=conversation.queue_id) if conversation.queue_id else Q(queue__is_default=True)
    return CannedReply.objects.filter(Q(queue=None) | own).order_by("title", "pk")[:MOST_OFFERED]


def canned_for_each(conversations: Collection[Conversation]) -> dict[int, list[CannedReply]]:
    """Return by id what :func:`canned_for` returns for each of ``conversations``; one query for all, none for none."""
    if not conversations:
        return {}
    replies = CannedReply.objects.select_related("queue").order_by("title", "pk")
    ready = list(replies[: MOST_OFFERED * len(conversations)])
    return {one.pk: [reply for reply in ready if _fits(reply, one)][:MOST_OFFERED] for one in conversations}


def _fits(reply: CannedReply, conversation: Conversation) -> bool:
    if reply.queue is None:
        return True
    return reply.queue_id == conversation.queue_id if conversation.queue_id else reply.queue.is_default


def text_in(texts: Mapping[str, str], language: str) -> str:
    """Return the text in ``language``, else in a near one (``de`` for ``de-at``), the shop's own, or any that there is."""
    for code in (language, language.partition("-")[0], django_settings.LANGUAGE_CODE):
        if texts.get(code):
            return texts[code]
    return next((text for text in texts.values() if text), "")
