"""How does a talk begin? Either side asks, the other one says yes; who asks has the microphone at hand already."""

from datetime import datetime

from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.modules import has_feature
from oscar_engage.push.send import wake
from oscar_engage.sharing.models import LiveKind, LiveSession, LiveState, Starter
from oscar_engage.sharing.opening import NotPossibleError, begin_asked, is_chat_with_agent, open_session


def can_talk(conversation: Conversation) -> bool:
    """Whether one can talk in ``conversation``: a chat that goes on with an agent, in a shop that has it on. No query."""
    return has_feature("voices") and is_chat_with_agent(conversation)


def ask_shopper(conversation: Conversation, agent: Agent, *, now: datetime) -> LiveSession:
    """Ask the shopper to talk with ``agent``, whose conversation it is; return what waits for the answer, or goes on.

    Where the shopper has asked meanwhile, both want it, and it begins. Raises :class:`NotPossibleError`.
    """
    if not can_talk(conversation) or conversation.agent_id != agent.pk:
        raise NotPossibleError
    return _ask(conversation, Starter.AGENT, now=now)


def ask_agent(conversation: Conversation, *, now: datetime) -> LiveSession:
    """Ask the agent, because the shopper, who has read how it goes, wants to talk; as :func:`ask_shopper`."""
    if not can_talk(conversation):
        raise NotPossibleError
    return _ask(conversation, Starter.SHOPPER, now=now)


def agree(session: LiveSession, *, by: Starter, now: datetime) -> LiveSession:
    """Begin what the other side asked for; saying it twice changes nothing.

    Nobody answers their own question: that, and a question that stands no more, raise :class:`NotPossibleError`.
    """
    if session.starter == by and session.state == LiveState.ASKED:
        raise NotPossibleError
    return begin_asked(session, now=now, agent_at=now)


def _ask(conversation: Conversation, starter: Starter, *, now: datetime) -> LiveSession:
    at = {"agent_at": now} if starter == Starter.AGENT else {}
    session = open_session(conversation, LiveKind.VOICE, starter, LiveState.ASKED, now=now, **at)
    if session.state == LiveState.ASKED and session.starter != starter:
        session = agree(session, by=starter, now=now)
    wake(conversation, seq=0)
    return session


__all__ = ["NotPossibleError", "agree", "ask_agent", "ask_shopper", "can_talk"]
