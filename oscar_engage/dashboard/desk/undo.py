"""What takes back what an agent has just done with a conversation? As the address tells that it was done."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from oscar_engage.desk.access import SUPERVISE_PERMISSION, access_conversation_for_agent
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus
from oscar_engage.desk.transfer.claim import where_is
from oscar_engage.desk.transfer.whereabouts import read_whereabouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What the desk offers to take back, of a conversation that stands there no more: the fields of a form for it."""

    conversation: Conversation
    handed: dict[str, str] | None
    moved: dict[str, str] | None


def read_undo(request: HttpRequest, agent: Agent) -> Undo | None:
    """Return what the address of the desk tells of (``of=<public id>``); ``None`` where there is nothing to take back."""
    public_id = request.GET.get("of", "")
    if not public_id:
        return None
    try:
        conversation = access_conversation_for_agent(request.user, public_id)
    except Conversation.DoesNotExist:
        return None
    handed, moved = undo_handed(request, conversation, agent), undo_moved(request, conversation)
    return Undo(conversation=conversation, handed=handed, moved=moved) if handed or moved else None


def undo_moved(request: HttpRequest, conversation: Conversation) -> dict[str, str] | None:
    """Return what takes back the move to another queue that the address tells of, while it is where it was moved to."""
    before, at, seen = request.GET.get("moved_from"), read_whereabouts(request.GET.get("at", "")), where_is(conversation)
    return None if before is None or at != seen else {"queue": before, "seen": str(seen), "undo": "on"}


def undo_handed(request: HttpRequest, conversation: Conversation, agent: Agent) -> dict[str, str] | None:
    """Return what takes back the handing on that the address tells of; ``None`` if it tells of none."""
    before = read_whereabouts(request.GET.get("handed", ""))
    if before is None or before.agent is None or before.agent == conversation.agent_id:
        return None
    is_theirs = before.agent == agent.pk or request.user.has_perm(SUPERVISE_PERMISSION)
    if conversation.status == ConversationStatus.CLOSED or not is_theirs:
        return None
    return {"to": f"agent-{before.agent}", "seen": str(where_is(conversation)), "reason": _("Taken back.")}
