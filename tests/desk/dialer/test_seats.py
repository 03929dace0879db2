"""Is a place that is over no obstacle, and is who had one seated like everybody else?"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from oscar_engage.desk.dialer.held import sweep_dead
from oscar_engage.desk.dialer.models import Hold
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.presence import heartbeat, set_presence
from oscar_engage.desk.take import take
from oscar_engage.desk.transfer.claim import where_is
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.hand_on import hand_to_agent, take_over
from tests.desk.conftest import MakeAgent
from tests.desk.dialer.conftest import Invited

pytestmark = pytest.mark.django_db
MakeChat = Callable[[], Conversation]


def deed(by: Agent, now: datetime) -> Deed:
    return Deed(by=by, user=by.user, reason="Ben knows", now=now)


def used(agent: Agent) -> int:
    return Agent.objects.get(pk=agent.pk).used_tenths


@pytest.mark.attack("N03")
@pytest.mark.parametrize("how", ["handed on", "taken over"])
def test_slot_kept_for_who_did_not_come__chat_changes_hands__gives_way(
    how: str, invited: Invited, make_agent: MakeAgent, make_chat: MakeChat, now: datetime
) -> None:
    ben = make_agent("Ben", capacity=1)
    assert invited.keep()
    mia, later = make_agent("Mia"), now + timedelta(seconds=61)
    for agent in (mia, ben):
        set_presence(agent, "online", now=later)
    chat = take(make_chat(), mia, now=later)

    if how == "handed on":
        hand_to_agent(chat, ben, deed(mia, later), seen=where_is(chat))
    else:
        take_over(chat, ben, seen=where_is(chat), user=ben.user, now=later)

    assert (used(ben), used(mia)) == (10, 0)
    assert Hold.objects.get().ended_as == "left"


@pytest.mark.attack("N03")
@pytest.mark.parametrize("what", ["a place kept for nobody", "chats that fell silent"])
def test_late_question__agent_has_room_once_all_is_settled__seated(
    what: str, make_invited: Callable[[], Invited], make_agent: MakeAgent, make_chat: MakeChat, now: datetime
) -> None:
    mia, late = make_agent("Mia", capacity=2), make_invited()
    late.keep()
    later = now + timedelta(minutes=5)
    for _chat in range(2 if what == "chats that fell silent" else 0):
        sweep_dead(now=now + timedelta(seconds=61))
        take(make_chat(), mia, now=now)
    sweep_dead(now=later)  # the late one's own place is over
    set_presence(mia, "online", now=later - timedelta(seconds=120))
    if what == "a place kept for nobody":
        Agent.objects.filter(pk=mia.pk).update(capacity=1)
        assert make_invited().keep(now=later - timedelta(seconds=119))
    heartbeat(mia, now=later)

    assert late.ask(now=later).agent == mia


def test_invited_chat__seated_at_once__knows_when_it_was_taken(invited: Invited, agent: Agent, now: datetime) -> None:
    invited.keep()
    assert invited.ask().taken_at == now


def test_waiting_chat__given_to_an_agent__knows_when_it_was_taken_and_that_the_invited_is_seated(
    invited: Invited, make_agent: MakeAgent, now: datetime
) -> None:
    mia = make_agent("Mia", capacity=1)
    invited.keep()
    set_presence(mia, "offline", now=now)
    chat = invited.ask()
    assert (chat.agent, chat.taken_at) == (None, None)

    set_presence(mia, "online", now=now)
    given = hand_to_agent(chat, mia, deed(mia, now), seen=where_is(chat))

    given.refresh_from_db()
    assert given.taken_at == now
    assert invited.hold.seated_at == now
