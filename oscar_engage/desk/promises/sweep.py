"""Is a promise in danger, or broken? A sweep warns once, notes the breach once and escalates a conversation once."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.dispatch import Signal

from oscar_engage import hooks
from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.promises.course import owes_answer
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

KIND = "desk.promises"
SWEEP_SECONDS = 60

_NO_PROMISE = (ConversationStatus.CLOSED, ConversationStatus.PLANNED)

CHUNK = 500
"""Conversations looked at in one sweep, those first that have been due longest."""


def deadline_of(conversation: Conversation) -> datetime | None:
    """Return when the promise that runs is to be kept; ``None`` where none does, or its clock waits for the shopper."""
    if owes_answer(conversation):
        return conversation.due_at
    is_running = conversation.status not in _NO_PROMISE and conversation.paused_at is None
    return conversation.resolve_by if is_running else None


@handler(KIND)
def watch_promises(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Warn of the promises that are in danger and note those that are broken; each once, however many sweeps there are."""
    due = Conversation.objects.filter(watch_at__lte=now).exclude(status=ConversationStatus.CLOSED)
    for conversation in due.order_by("watch_at", "pk")[:CHUNK]:
        _watch(conversation, now)


def _watch(conversation: Conversation, now: datetime) -> None:
    deadline = deadline_of(conversation)
    promise = "answer" if owes_answer(conversation) else "solution"
    prefix = "" if promise == "answer" else "solution_"
    if deadline is None:
        _change(conversation, watch_at=None)
    elif deadline <= now:
        escalated_at = Coalesce("escalated_at", Value(now))
        if _change(conversation, watch_at=None, escalated_at=escalated_at, **{f"{prefix}breached_at": now}):
            _tell(hooks.promise_breached, conversation, promise)
    elif _change(conversation, watch_at=deadline, **{f"{prefix}warned_at": now}):
        _tell(hooks.promise_warned, conversation, promise)


def _change(conversation: Conversation, **changes: Any) -> bool:
    """Write ``changes`` unless an answer, a question or another sweep came in between: each of them moves ``watch_at``."""
    same = Conversation.objects.filter(pk=conversation.pk, watch_at=conversation.watch_at)
    return bool(same.exclude(status=ConversationStatus.CLOSED).update(**changes))


def _tell(hook: Signal, conversation: Conversation, promise: str) -> None:
    conversation.refresh_from_db()
    transaction.on_commit(
        partial(hook.send_robust, sender=Conversation, conversation=conversation, promise=promise),
        using=get_settings().database,
        robust=True,
    )


every(KIND, SWEEP_SECONDS)
