"""How is what waits moved to another queue? Only from where it was seen; its place in line and its promise stay."""

from datetime import datetime

from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation, Queue
from oscar_engage.desk.notes.write import User
from oscar_engage.desk.post import lock_conversation
from oscar_engage.desk.transfer.claim import claim
from oscar_engage.desk.transfer.whereabouts import Whereabouts


def move_seen(
    conversation: Conversation, queue: Queue | None, *, seen: Whereabouts, user: User, now: datetime, is_undo: bool = False
) -> Conversation:
    """Have ``conversation`` wait in ``queue`` (``None``: the default one) and return it; its agent keeps it, if it has one.

    Raises ``MovedError`` if it is not where it was ``seen``. ``is_undo`` is noted in the trail.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        claim(locked, seen, queue=queue)
        record_action(
            actor=user,
            action="conversation.moved",
            object_kind="conversation",
            object_id=locked.pk,
            now=now,
            detail={"from": seen.queue, "queue": queue.slug if queue else "", **({"undo": True} if is_undo else {})},
        )
    return locked
