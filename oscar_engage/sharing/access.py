"""May this person take part? A shopper in their own session; the agent who has the conversation, and supervisors to look on."""

from typing import Any

from django.db.models import CharField

from oscar_engage.desk.access import SUPERVISE_PERMISSION, VIEW_PERMISSION
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.sharing.models import LiveKind, LiveSession
from oscar_engage.statements.prepared import Given
from oscar_engage.statements.whole import PreparedModels
from oscar_engage.visitors.models import Visitor


def session_of_shopper(key: str | None, public_id: str, *, kind: LiveKind = LiveKind.PAGE) -> LiveSession:
    """Return the session of the visitor with this key, or raise ``LiveSession.DoesNotExist``; one query."""
    return _OF_SHOPPER.get(public_id=public_id, kind=kind.value, key=key or "")


def session_of_staff(public_id: str) -> LiveSession:
    """Return the session, whosever it is, or raise ``LiveSession.DoesNotExist``; :func:`may_look` says who sees it."""
    return _ANY.get(public_id=public_id)


def session_of_conversation(conversation: Conversation, *, kind: LiveKind = LiveKind.PAGE) -> LiveSession | None:
    """Return what goes on beside ``conversation``; no query where nothing does."""
    public_id = conversation.voice_id if kind == LiveKind.VOICE else conversation.live_id
    if not public_id:
        return None
    return LiveSession.objects.select_related("conversation", "agent").filter(public_id=public_id).first()


def may_look(session: LiveSession, *, agent_id: int, user: Any) -> bool:
    """Whether ``user``, who is this agent, may see the page: whose conversation it is, and supervisors, who are named, too.

    A talk is between two: no third person takes part in it.
    """
    if not (user.is_active and user.has_perm(VIEW_PERMISSION)):
        return False
    if session.kind == LiveKind.VOICE:
        return session.agent_id == agent_id
    return session.agent_id == agent_id or bool(user.has_perm(SUPERVISE_PERMISSION))


def is_theirs(session: LiveSession) -> bool:
    """Whether the conversation is open still, with the agent to whom the shopper said yes."""
    conversation = session.conversation
    is_open = conversation.status == ConversationStatus.OPEN
    return is_open and session.agent_id is not None and conversation.agent_id == session.agent_id


_ALONG = ("conversation", "agent")
_OF_SHOPPER = PreparedModels(
    lambda: LiveSession.objects.filter(
        public_id=Given("public_id", CharField()),
        kind=Given("kind", CharField()),
        conversation__visitor_id__in=Visitor.objects.filter(key=Given("key", CharField())).values("pk"),
    ),
    *_ALONG,
)
_ANY = PreparedModels(lambda: LiveSession.objects.filter(public_id=Given("public_id", CharField())), *_ALONG)
