"""Who may listen to a live session's stream? Its shopper's browser, and at the desk who may see it."""

from collections.abc import Collection, Sequence

from oscar_engage.desk.models import Agent
from oscar_engage.push.access import LIVE_ACCESS, Caller, user_of
from oscar_engage.sharing.access import may_look
from oscar_engage.sharing.models import LiveSession, LiveState
from oscar_engage.visitors.models import Visitor


def find_own_sessions(caller: Caller, public_ids: Sequence[str]) -> Collection[str]:
    """Return those of the sessions that go on and are the caller's, by the visitor's key or as a member of staff."""
    going_on = LiveSession.objects.filter(public_id__in=public_ids).exclude(state=LiveState.ENDED)
    owner = Visitor.objects.filter(key=caller.visitor_key or "").values("pk")
    own = set(going_on.filter(conversation__visitor_id__in=owner).values_list("public_id", flat=True))
    if len(own) == len(public_ids) or caller.session_key is None:
        return own
    user = user_of(caller.session_key)
    agent_id = Agent.objects.filter(user_id=user.pk).values_list("pk", flat=True).first() if user.is_active else None
    if agent_id is None:
        return own
    return own | {session.public_id for session in going_on if may_look(session, agent_id=agent_id, user=user)}


LIVE_ACCESS.register("sharing", find_own_sessions)
