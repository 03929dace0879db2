"""Does a lost agent free the slots, and is no shopper left talking to nobody?"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from oscar_engage.decisions.ports import get_availability
from oscar_engage.desk.availability import DeskAvailability
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Presence, Role
from oscar_engage.desk.presence import LEASE, expire_leases, heartbeat, set_presence
from oscar_engage.desk.take import take

pytestmark = pytest.mark.django_db
MakeChat = Callable[[], Conversation]
MakeAgent = Callable[..., Agent]


def free(now: datetime) -> int:
    return DeskAvailability().free_agents(now=now)


@pytest.mark.attack("N02")
def test_expire_leases__heartbeats_stop__chat_waits_again_and_shopper_is_told(
    chat: Conversation, agent: Agent, now: datetime
) -> None:
    take(chat, agent, now=now)

    assert expire_leases(now=now + LEASE) == 1

    chat.refresh_from_db()
    agent.refresh_from_db()
    assert (chat.status, chat.agent) == (ConversationStatus.WAITING, None)
    assert (agent.presence, agent.used) == (Presence.OFFLINE, 0)
    assert chat.messages.filter(role=Role.SYSTEM).latest("seq").body.startswith("Mia had to leave.")


def test_expire_leases__heartbeats_go_on__nothing_changes(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)
    for _beat in range(6):
        now += timedelta(seconds=10)
        assert heartbeat(agent, now=now)

    assert expire_leases(now=now) == 0
    chat.refresh_from_db()
    assert chat.agent == agent


def test_expire_leases__cut_off_half_way__the_next_one_completes(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)
    Agent.objects.update(presence=Presence.OFFLINE, lease_until=None)  # what a killed sweep had done so far

    assert expire_leases(now=now) == 1
    agent.refresh_from_db()
    assert agent.used == 0


def test_heartbeat__found_gone__has_to_come_back_by_choice(agent: Agent, now: datetime) -> None:
    expire_leases(now=now + LEASE)

    assert not heartbeat(agent, now=now + LEASE)
    set_presence(agent, Presence.ONLINE, now=now + LEASE)
    assert heartbeat(agent, now=now + LEASE)


def test_set_presence__away__keeps_its_chats_and_gets_no_new_ones(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)

    set_presence(agent, Presence.AWAY, now=now)

    chat.refresh_from_db()
    assert (chat.agent, free(now)) == (agent, 0)


def test_set_presence__offline__its_chats_wait_and_no_others(make_chat: MakeChat, make_agent: MakeAgent, now: datetime) -> None:
    leaving, staying = make_agent("Mia"), make_agent("Noa")
    left, kept = make_chat(), make_chat()
    take(left, leaving, now=now)
    take(kept, staying, now=now)

    set_presence(leaving, Presence.OFFLINE, now=now)

    left.refresh_from_db()
    kept.refresh_from_db()
    assert (left.agent, kept.agent) == (None, staying)


def test_free_agents__slots_less_the_waiting_chats(make_chat: MakeChat, make_agent: MakeAgent, now: datetime) -> None:
    make_agent("Mia", capacity=3)
    make_agent("Noa", capacity=2, presence="away")
    take(make_chat(), make_agent("Ole", capacity=2), now=now)
    make_chat()

    assert free(now) == 3 + 1 - 1


def test_free_agents__lease_over_but_not_swept__none(agent: Agent, now: datetime) -> None:
    assert (free(now), free(now + LEASE)) == (3, 0)


def test_free_agents__more_chats_wait_than_slots__not_negative(
    make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    make_agent(capacity=1)
    for _ in range(3):
        make_chat()

    assert free(now) == 0


def test_get_availability__default__the_desk() -> None:
    assert isinstance(get_availability(), DeskAvailability)
