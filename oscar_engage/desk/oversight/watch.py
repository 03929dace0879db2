"""Who looks on? Whoever has the page of a chat open that a colleague answers is named on that colleague's page.

Nobody is watched unseen: it does not matter by which link the page was opened, and the trail keeps when it began.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus
from oscar_engage.desk.notes.write import User
from oscar_engage.desk.oversight.models import Watching

LEASE = timedelta(seconds=15)
"""How long somebody counts as looking on without a sign of life; an open page gives one every three seconds."""


def note_watching(conversation: Conversation, watcher: Agent, *, user: User, now: datetime) -> bool:
    """Note that ``watcher`` looks at ``conversation``; return whether that is a colleague's chat that goes on.

    One query while it goes on; each beginning is a line in the trail.
    """
    if not _is_live(conversation) or conversation.agent_id in {None, watcher.pk}:
        return False
    own = Watching.objects.filter(conversation=conversation, watcher=watcher)
    if not own.filter(until__gt=now).update(until=now + LEASE):
        _begin(conversation, watcher, user, now)
    return True


def watchers_of(conversation: Conversation, *, now: datetime) -> list[Agent]:
    """Return who looks on at ``conversation``, by name, without the agent who has it; one query for a chat that goes on."""
    if not _is_live(conversation):
        return []
    live = Watching.objects.filter(conversation=conversation, until__gt=now).select_related("watcher")
    others = live.exclude(watcher=conversation.agent_id)
    return [watching.watcher for watching in others.order_by("watcher__display_name", "pk")]


def note_watching_each(conversations: Iterable[Conversation], watcher: Agent, *, user: User, now: datetime) -> set[int]:
    """Note of each of ``conversations`` what :func:`note_watching` does; return the ids of colleagues' chats that go on.

    No query where there is none, two while all go on.
    """
    live = {one.pk: one for one in conversations if _is_live(one) and one.agent_id not in {None, watcher.pk}}
    if not live:
        return set()
    own = Watching.objects.filter(conversation__in=live, watcher=watcher, until__gt=now)
    known = set(own.values_list("conversation_id", flat=True))
    own.filter(conversation__in=known).update(until=now + LEASE)
    for pk in live.keys() - known:
        _begin(live[pk], watcher, user, now)
    return set(live)


def end_watching(conversation: Conversation, watcher: Agent, *, now: datetime) -> None:
    """Note that ``watcher`` looks on no more: the chat was put aside."""
    Watching.objects.filter(conversation=conversation, watcher=watcher, until__gt=now).update(until=now)


def _is_live(conversation: Conversation) -> bool:
    return conversation.kind == ConversationKind.CHAT and conversation.status == ConversationStatus.OPEN


def _begin(conversation: Conversation, watcher: Agent, user: User, now: datetime) -> None:
    with transaction.atomic(using=get_settings().database):
        Watching.objects.update_or_create(
            conversation=conversation, watcher=watcher, defaults={"since": now, "until": now + LEASE}
        )
        record_action(actor=user, action="conversation.watched", object_kind="conversation", object_id=conversation.pk, now=now)
