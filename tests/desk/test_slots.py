"""Does a silent chat make room, may it always speak again, and is what an agent carries always the sum of the chats?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oscar_engage.desk.availability import DeskAvailability
from oscar_engage.desk.erase import delete_conversations
from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import ConversationClosedError, NotTakenError, post_message
from oscar_engage.desk.presence import expire_leases, heartbeat, set_presence
from oscar_engage.desk.slots import SILENT_AFTER, NoFreeSlotError, settle_silent
from oscar_engage.desk.take import TakenError, close, take
from tests.desk.test_take import on_postgres, race  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
MakeChat = Callable[[], Conversation]
MakeAgent = Callable[..., Agent]


def used(agent: Agent) -> int:
    return Agent.objects.get(pk=agent.pk).used_tenths


def held(agent: Agent) -> int:
    return Conversation.objects.filter(agent=agent).aggregate(held=Sum("weight"))["held"] or 0


def say_something(chat: Conversation, now: datetime, *, role: str = Role.SHOPPER, agent: Agent | None = None) -> None:
    post_message(chat, role=role, body="Hello?", client_id=uuid.uuid4(), now=now, agent=agent)


def stay(agent: Agent, now: datetime) -> datetime:
    """Return the time at which chats without a word have fallen silent, the agent's lease renewed."""
    later = now + SILENT_AFTER
    heartbeat(agent, now=later)
    return later


def test_settle_silent__four_minutes_without_a_word__weighs_a_tenth(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)

    assert settle_silent(now=now + SILENT_AFTER - timedelta(seconds=1)) == 0
    assert used(agent) == 10
    assert settle_silent(now=now + SILENT_AFTER) == 1
    assert settle_silent(now=now + SILENT_AFTER) == 0
    assert (used(agent), held(agent)) == (1, 1)


@pytest.mark.parametrize("role", [Role.SHOPPER, Role.AGENT])
def test_post_message__silent_chat__weighs_a_whole_slot_again(
    role: str, chat: Conversation, agent: Agent, now: datetime
) -> None:
    take(chat, agent, now=now)
    later = stay(agent, now)
    settle_silent(now=later)

    say_something(chat, later, role=role, agent=agent if role == Role.AGENT else None)

    assert (used(agent), held(agent)) == (10, 10)


def test_take__chats_fell_silent__makes_room_for_another_without_a_sweep(
    make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=2)
    silent = [take(make_chat(), agent, now=now) for _ in range(2)]
    later = stay(agent, now)

    take(make_chat(), agent, now=later)
    with pytest.raises(NoFreeSlotError):
        take(make_chat(), agent, now=later)  # 1.2 of 2: what is left is no whole slot

    assert used(agent) == held(agent) == 12
    for chat in silent:
        say_something(chat, later)
    assert used(agent) == held(agent) == 30  # the shoppers cannot be sent away


def test_take__beyond_the_capacity__refused_until_there_is_a_whole_slot(
    make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=1)
    silent = take(make_chat(), agent, now=now)
    later = stay(agent, now)
    with pytest.raises(NoFreeSlotError):
        take(make_chat(), agent, now=later)
    close(silent, agent, now=later)

    take(make_chat(), agent, now=later)
    assert used(agent) == 10


def test_close__silent_chat__gives_back_what_it_weighed(make_chat: MakeChat, agent: Agent, now: datetime) -> None:
    kept, ended = take(make_chat(), agent, now=now), take(make_chat(), agent, now=now)
    later = stay(agent, now)
    say_something(kept, later)
    settle_silent(now=later)

    close(ended, agent, now=later)

    assert used(agent) == held(agent) == 10
    assert Agent.objects.get(pk=agent.pk).free_since == later


def test_delete_conversations__silent_and_active__slots_come_back(make_chat: MakeChat, agent: Agent, now: datetime) -> None:
    chats = [take(make_chat(), agent, now=now) for _ in range(2)]
    later = stay(agent, now)
    say_something(chats[0], later)
    settle_silent(now=later)

    delete_conversations(Conversation.objects.all(), now=later)

    assert used(agent) == 0


@override_settings(OSCAR_ENGAGE={"WARM_UP_MINUTES": 5})
def test_take__warming_up__one_chat_at_once(make_chat: MakeChat, make_agent: MakeAgent, now: datetime) -> None:
    agent = make_agent()
    take(make_chat(), agent, now=now)
    waiting = make_chat()
    with pytest.raises(NoFreeSlotError):
        take(waiting, agent, now=now)
    assert DeskAvailability().free_agents(now=now) == 0
    later = now + timedelta(minutes=5)
    heartbeat(agent, now=later)

    take(waiting, agent, now=later)
    assert held(agent) == 11


@override_settings(OSCAR_ENGAGE={"WARM_UP_MINUTES": 5})
def test_free_agents__warming_up__one_slot_each_until_warm(make_agent: MakeAgent, now: datetime) -> None:
    agents = [make_agent("Mia"), make_agent("Noa")]
    assert DeskAvailability().free_agents(now=now) == 2
    later = now + timedelta(minutes=5)
    for agent in agents:
        set_presence(agent, "away", now=later)
        set_presence(agent, "online", now=later)  # back from a break: warm already
    assert DeskAvailability().free_agents(now=later) == 6


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "close", "speak", "answer", "quiet", "settle", "offline", "online", "silence", "sweep"]),
        st.integers(0, 3),
        st.integers(0, 1),
    ),
    max_size=40,
)


@pytest.mark.attack("N02")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_slots__any_history_with_silence__used_is_the_sum_of_the_weights(
    steps: list[tuple[str, int, int]], make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    Conversation.objects.all().delete()  # of the example before: a queue has its limit
    agents = [make_agent("Mia", capacity=2), make_agent("Noa", capacity=1)]
    chats = [make_chat() for _ in range(4)]
    for what, chat, number in steps:
        agent, took = agents[number], False
        try:
            if what == "take":
                is_new = Conversation.objects.get(pk=chats[chat].pk).agent_id != agent.pk
                take(chats[chat], agent, now=now)
                took = is_new
            elif what == "close":
                close(chats[chat], now=now)
            elif what == "speak":
                say_something(chats[chat], now)
            elif what == "answer":
                say_something(chats[chat], now, role=Role.AGENT, agent=agent)
            elif what == "quiet":
                now += SILENT_AFTER
                for one in agents:
                    heartbeat(one, now=now)
            elif what == "settle":
                settle_silent(now=now)
            elif what in ("offline", "online"):
                set_presence(agent, what, now=now)
            elif what == "silence":
                now += timedelta(seconds=31)
            else:
                expire_leases(now=now)
        except (TakenError, NoFreeSlotError, ConversationClosedError, NotTakenError):
            pass
        assert [used(one) for one in agents] == [held(one) for one in agents]
        assert not took or used(agent) <= agent.capacity * 10


@pytest.mark.django_db(transaction=True)
def test_speak_settle_and_close__at_once__used_stays_the_sum(
    on_postgres: None,  # noqa: F811 - the fixture
    make_chat: MakeChat,
    make_agent: MakeAgent,
    now: datetime,
) -> None:
    agent = make_agent(capacity=6)
    chats = [take(make_chat(), agent, now=now) for _ in range(5)]
    later = stay(agent, now)
    waiting = [make_chat() for _ in range(4)]

    def work(number: int) -> object:
        if number < 5:
            return say_something(chats[number], later)
        if number < 8:
            return close(chats[number - 5], agent, now=later)
        return settle_silent(now=later) if number < 12 else take(waiting[number - 12], agent, now=later)

    results = race(work)

    unexpected = (NoFreeSlotError, ConversationClosedError)
    assert not [result for result in results if isinstance(result, Exception) and not isinstance(result, unexpected)]
    assert used(agent) == held(agent)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("leaving", ["offline", "lease"])
def test_leave_while_silent_chats_speak__at_once__no_deadlock_and_no_slot_left(
    leaving: str,
    on_postgres: None,  # noqa: F811 - the fixture
    make_chat: MakeChat,
    make_agent: MakeAgent,
    now: datetime,
) -> None:
    agent = make_agent(capacity=12)
    chats = [take(make_chat(), agent, now=now) for _ in range(12)]
    later = now + SILENT_AFTER
    settle_silent(now=later)

    def work(number: int) -> object:
        if number < 12:
            return say_something(chats[number], later)
        with transaction.atomic():  # as a request or a job does
            return set_presence(agent, "offline", now=later) if leaving == "offline" else expire_leases(now=later)

    results = race(work)

    assert not [result for result in results if isinstance(result, Exception)]
    assert used(agent) == held(agent) == 0
    assert Conversation.objects.filter(status="waiting", agent=None).count() == 12
