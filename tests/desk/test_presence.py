"""Does a lost agent free the slots, and is no shopper left talking to nobody?"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from oscar_engage.decisions.ports import get_availability
from oscar_engage.desk.availability import DeskAvailability
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Presence, Role
from oscar_engage.desk.presence import LEASE, expire_leases, heartbeat, note_activity, rest_inactive, set_presence
from oscar_engage.desk.take import take
from oscar_engage.jobs.periodic import plan
from oscar_engage.jobs.run import run_due

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
    assert (agent.presence, agent.used_tenths) == (Presence.OFFLINE, 0)
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
    assert agent.used_tenths == 0


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


def test_set_presence__away_with_a_reason__says_so_until_back(agent: Agent, now: datetime) -> None:
    assert set_presence(agent, Presence.AWAY, now=now, reason="lunch").get_away_reason_display() == "lunch"
    assert set_presence(agent, Presence.ONLINE, now=now, reason="lunch").away_reason == ""


def test_expire_leases__away_with_a_reason__is_offline_without_one(agent: Agent, now: datetime) -> None:
    set_presence(agent, Presence.AWAY, now=now, reason="break")

    expire_leases(now=now + LEASE)

    agent.refresh_from_db()
    assert (agent.presence, agent.away_reason, agent.online_since) == (Presence.OFFLINE, "", None)


def test_heartbeat__nothing_done_by_hand__away_as_inactive_with_the_chats_kept(
    chat: Conversation, agent: Agent, now: datetime
) -> None:
    take(chat, agent, now=now)
    for _minute in range(40):
        now += timedelta(seconds=30)
        assert heartbeat(agent, now=now)

    agent.refresh_from_db()
    chat.refresh_from_db()
    assert (agent.presence, agent.away_reason, chat.agent) == (Presence.AWAY, "inactive", agent)
    assert heartbeat(agent, now=now)


def test_heartbeat__something_done_by_hand__stays_online(
    agent: Agent, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    later = now + timedelta(minutes=19)
    with django_capture_on_commit_callbacks(execute=True):
        note_activity(agent, now=later)

    assert rest_inactive(now=now + timedelta(minutes=38)) == 0
    assert rest_inactive(now=later + timedelta(minutes=20)) == 1


def test_note_activity__within_a_minute__writes_once(
    agent: Agent, now: datetime, django_assert_num_queries: Callable[[int], Any], django_capture_on_commit_callbacks: Any
) -> None:
    later = now + timedelta(minutes=2)
    with django_assert_num_queries(1), django_capture_on_commit_callbacks(execute=True):
        for seconds in (0, 20, 40):
            note_activity(agent, now=later + timedelta(seconds=seconds))


@override_settings(OSCAR_ENGAGE={"AUTO_AWAY_MINUTES": 0})
def test_rest_inactive__switched_off__nobody_is_set_away(agent: Agent, now: datetime) -> None:
    assert rest_inactive(now=now + timedelta(days=1)) == 0


def test_set_presence__coming__is_free_from_then_on(agent: Agent, now: datetime) -> None:
    assert agent.free_since == agent.online_since == now
    later = now + timedelta(minutes=5)

    set_presence(agent, Presence.AWAY, now=later, reason="break")
    back = set_presence(agent, Presence.ONLINE, now=later)

    assert back.free_since == back.online_since == now


def test_sweeps__due_jobs__settle_silent_chats_and_rest_the_inactive(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)
    later = now + timedelta(minutes=20)
    heartbeat_only = Agent.objects.filter(pk=agent.pk)
    heartbeat_only.update(lease_until=later + LEASE)
    plan(now=later)

    run_due(now=later)

    agent.refresh_from_db()
    assert (agent.used_tenths, agent.presence, agent.away_reason) == (1, Presence.AWAY, "inactive")
