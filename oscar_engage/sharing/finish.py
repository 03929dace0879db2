"""How does it end? Once, by whoever notices: what was sent is deleted, and the transcript says when and with what outcome."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.push.send import wake, wake_live
from oscar_engage.sharing.access import is_theirs
from oscar_engage.sharing.lease import Facts, why_over
from oscar_engage.sharing.models import LiveKind, LiveMessage, LiveSession, LiveState, Pause, Starter
from oscar_engage.sharing.outcome import say_outcome
from oscar_engage.signals.counters import count

NAMED_BY: Mapping[LiveKind, str] = {LiveKind.PAGE: "live_id", LiveKind.VOICE: "voice_id"}
"""The conversation's column that names what goes on, by what it is."""

COUNTED: Mapping[LiveKind, str] = {LiveKind.PAGE: "live", LiveKind.VOICE: "voice"}
"""Under which name a kind is counted (``signals.counters``)."""


def end(session: LiveSession, why: str, *, now: datetime) -> LiveSession:
    """End ``session`` because of ``why`` and return it; one that is over stays as it was.

    What was sent is deleted, unless the shopper let it be kept and the page was shared at all.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(session.conversation)
        going_on = LiveSession.objects.filter(pk=session.pk).exclude(state=LiveState.ENDED)
        is_mine = going_on.update(state=LiveState.ENDED, ended=why, ended_at=now, pause=Pause.NONE, lookers={})
        session.refresh_from_db()
        if not is_mine:
            return session
        if not (session.keeps and session.begun_at):
            LiveMessage.objects.filter(session=session).delete()
            LiveSession.objects.filter(pk=session.pk).update(held=0)
        name = NAMED_BY[LiveKind(session.kind)]
        Conversation.objects.filter(**{"pk": locked.pk, name: session.public_id}).update(**{name: ""})
        setattr(locked, name, "")
        say(locked, say_outcome(session), now=now)
    count(COUNTED[LiveKind(session.kind)], f"ended_{why}")
    wake(session.conversation, seq=0)
    wake_live(session.public_id)
    return session


def end_if_over(session: LiveSession, *, now: datetime) -> bool:
    """End ``session`` if either side is gone or its time is over; return whether it is over (now, or since long)."""
    if session.state == LiveState.ENDED:
        return True
    why = why_over(facts_of(session), now=now)
    if why:
        end(session, why, now=now)
    return bool(why)


def facts_of(session: LiveSession) -> Facts:
    """Return what tells whether ``session`` goes on; its conversation is at hand."""
    return Facts(
        kind=session.kind,
        state=session.state,
        is_agents=session.starter == Starter.AGENT,
        is_theirs=is_theirs(session),
        is_paying=session.pause == Pause.PAYMENT,
        asked_at=session.asked_at,
        begun_at=session.begun_at,
        shopper_at=session.shopper_at,
        agent_at=session.agent_at,
        joined_at=session.joined_at,
    )
