"""How does it begin? Either side wants it, and the shopper says yes to what is seen; before that, nothing is recorded."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus
from oscar_engage.push.send import wake
from oscar_engage.sharing.finish import end_if_over
from oscar_engage.sharing.models import LiveSession, LiveState, Starter
from oscar_engage.signals.counters import count


class NotPossibleError(ValueError):
    """No page can be shared here now: it is off, no agent is there, or another session goes on."""


def can_share(conversation: Conversation) -> bool:
    """Whether a page can be shared in ``conversation``: a chat with an agent, in a shop that has it on. No query."""
    is_on = get_settings().has("shared_page") and bool(get_settings().snapshot_pages)
    is_open = conversation.kind == ConversationKind.CHAT and conversation.status == ConversationStatus.OPEN
    return is_on and is_open and conversation.agent_id is not None


def ask(conversation: Conversation, agent: Agent, *, now: datetime) -> LiveSession:
    """Ask the shopper to show the page to ``agent``, whose conversation it is; return what waits for the answer.

    To ask again while the question stands changes nothing. Raises :class:`NotPossibleError`.
    """
    if conversation.agent_id != agent.pk:
        raise NotPossibleError
    session = _open(conversation, Starter.AGENT, LiveState.ASKED, now=now)
    wake(conversation, seq=0)
    return session


def offer(conversation: Conversation, *, starter: Starter = Starter.SHOPPER, keeps: bool = False, now: datetime) -> LiveSession:
    """Share the page because the shopper, who has read what is seen, wants it; raises :class:`NotPossibleError`."""
    session = _open(conversation, starter, LiveState.LIVE, now=now, begun_at=now, keeps=keeps and may_keep())
    wake(conversation, seq=0)
    return session


def agree(session: LiveSession, *, keeps: bool = False, now: datetime) -> LiveSession:
    """Begin what was asked for, because the shopper said yes; saying it twice changes nothing.

    Raises :class:`NotPossibleError` where the question stands no more.
    """
    if end_if_over(session, now=now):
        raise NotPossibleError
    asked = LiveSession.objects.filter(pk=session.pk, state=LiveState.ASKED)
    begun: dict[str, Any] = {"state": LiveState.LIVE, "begun_at": now, "shopper_at": now, "keeps": keeps and may_keep()}
    if asked.update(**begun):
        count("live", "begun")
        wake(session.conversation, seq=0)
    session.refresh_from_db()
    return session


def may_keep() -> bool:
    """Whether the shop keeps recordings of shoppers who agree to that."""
    return get_settings().shared_page_days > 0


def _open(conversation: Conversation, starter: Starter, state: LiveState, *, now: datetime, **begun: Any) -> LiveSession:
    """Write the row, or return the one that goes on; the table's own constraint holds that there is one."""
    if not can_share(conversation):
        raise NotPossibleError
    earlier = _going_on(conversation)
    if earlier is not None and not end_if_over(earlier, now=now):
        return _same(earlier, starter, now=now, keeps=bool(begun.get("keeps")))
    try:
        with transaction.atomic(using=get_settings().database):
            session = LiveSession.objects.create(
                conversation=conversation,
                agent_id=conversation.agent_id,
                starter=starter,
                state=state,
                asked_at=now,
                shopper_at=now,
                **begun,
            )
            Conversation.objects.filter(pk=conversation.pk).update(live_id=session.public_id)
    except IntegrityError:  # both sides at the same moment
        other = _going_on(conversation)
        if other is None:
            raise NotPossibleError from None
        return _same(other, starter, now=now, keeps=bool(begun.get("keeps")))
    conversation.live_id = session.public_id
    count("live", "asked" if state == LiveState.ASKED else "begun")
    return session


def _same(session: LiveSession, starter: Starter, *, now: datetime, keeps: bool) -> LiveSession:
    """Return the one that goes on; what the agent has asked for begins where the shopper wants it, too."""
    is_wanted = session.state == LiveState.ASKED and starter != Starter.AGENT
    return agree(session, keeps=keeps, now=now) if is_wanted else session


def _going_on(conversation: Conversation) -> LiveSession | None:
    rows = LiveSession.objects.filter(conversation=conversation).exclude(state=LiveState.ENDED)
    return rows.select_related("conversation", "agent").first()
