"""How does a session of two get its row? One of a kind beside a conversation at once; the table's own constraint holds that."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.push.send import wake, wake_live
from oscar_engage.sharing.finish import COUNTED, NAMED_BY, end_if_over
from oscar_engage.sharing.models import LiveKind, LiveSession, LiveState, Starter
from oscar_engage.signals.counters import count


class NotPossibleError(ValueError):
    """Nothing can begin here now: it is off, no agent is there, or another session goes on."""


def is_chat_with_agent(conversation: Conversation) -> bool:
    """Whether ``conversation`` is a chat that goes on with an agent. No query."""
    is_open = conversation.kind == ConversationKind.CHAT and conversation.status == ConversationStatus.OPEN
    return is_open and conversation.agent_id is not None


def open_session(
    conversation: Conversation, kind: LiveKind, starter: Starter, state: LiveState, *, now: datetime, **begun: Any
) -> LiveSession:
    """Write the row, or return the one of this kind that goes on, whoever began it.

    ``begun`` are further columns of a new row.
    """
    earlier = _going_on(conversation, kind)
    if earlier is not None and not end_if_over(earlier, now=now):
        return earlier
    try:
        with transaction.atomic(using=get_settings().database):
            session = LiveSession.objects.create(
                conversation=conversation,
                agent_id=conversation.agent_id,
                kind=kind,
                starter=starter,
                state=state,
                asked_at=now,
                shopper_at=now,
                **begun,
            )
            Conversation.objects.filter(pk=conversation.pk).update(**{NAMED_BY[kind]: session.public_id})
    except IntegrityError:  # both sides at the same moment
        other = _going_on(conversation, kind)
        if other is None:
            raise NotPossibleError from None
        return other
    setattr(conversation, NAMED_BY[kind], session.public_id)
    count(COUNTED[kind], "asked" if state == LiveState.ASKED else "begun")
    return session


def begin_asked(session: LiveSession, *, now: datetime, **begun: Any) -> LiveSession:
    """Begin what was asked for, because the other side said yes; saying it twice changes nothing.

    Raises :class:`NotPossibleError` where the question stands no more.
    """
    if end_if_over(session, now=now):
        raise NotPossibleError
    asked = LiveSession.objects.filter(pk=session.pk, state=LiveState.ASKED)
    if asked.update(state=LiveState.LIVE, begun_at=now, shopper_at=now, **begun):
        count(COUNTED[LiveKind(session.kind)], "begun")
        wake(session.conversation, seq=0)
        wake_live(session.public_id)
    session.refresh_from_db()
    return session


def _going_on(conversation: Conversation, kind: LiveKind) -> LiveSession | None:
    rows = LiveSession.objects.filter(conversation=conversation, kind=kind).exclude(state=LiveState.ENDED)
    return rows.select_related("conversation", "agent").first()
