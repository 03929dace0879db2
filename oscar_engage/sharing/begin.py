"""How does it begin? Either side wants it, and the shopper says yes to what is seen; before that, nothing is recorded."""

from datetime import datetime
from typing import Any

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.modules import has_feature
from oscar_engage.push.send import wake
from oscar_engage.sharing.models import LiveKind, LiveSession, LiveState, Starter
from oscar_engage.sharing.opening import NotPossibleError, begin_asked, is_chat_with_agent, open_session


def can_share(conversation: Conversation) -> bool:
    """Whether a page can be shared in ``conversation``: a chat with an agent, in a shop that has it on. No query."""
    return has_feature("shared_page") and is_chat_with_agent(conversation)


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
    return begin_asked(session, keeps=keeps and may_keep(), now=now)


def may_keep() -> bool:
    """Whether the shop keeps recordings of shoppers who agree to that."""
    return get_settings().shared_page_days > 0


def _open(conversation: Conversation, starter: Starter, state: LiveState, *, now: datetime, **begun: Any) -> LiveSession:
    if not can_share(conversation):
        raise NotPossibleError
    session = open_session(conversation, LiveKind.PAGE, starter, state, now=now, **begun)
    is_wanted = session.state == LiveState.ASKED and starter != Starter.AGENT
    return agree(session, keeps=bool(begun.get("keeps")), now=now) if is_wanted else session


__all__ = ["NotPossibleError", "agree", "ask", "can_share", "may_keep", "offer"]
