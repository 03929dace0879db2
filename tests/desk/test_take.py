"""Is a slot taken and given back exactly once, whatever happens at once?"""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message, Presence, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import expire_leases, set_presence
from oscar_engage.desk.slots import NoFreeSlotError
from oscar_engage.desk.take import TakenError, close, take

MakeChat = Callable[[], Conversation]
MakeAgent = Callable[..., Agent]
WORKERS = 16


def used_and_open(agent: Agent) -> tuple[int, int]:
    agent.refresh_from_db()
    mine = Conversation.objects.filter(agent=agent, kind=ConversationKind.CHAT, status=ConversationStatus.OPEN)
    assert agent.used_tenths == sum(mine.values_list("weight", flat=True))
    return agent.used_tenths // 10, mine.count()


@pytest.mark.django_db
def test_take__free_slot__chat_open_and_shopper_told(chat: Conversation, agent: Agent, now: datetime) -> None:
    taken = take(chat, agent, now=now)

    assert (taken.status, taken.agent) == (ConversationStatus.OPEN, agent)
    assert used_and_open(agent) == (1, 1)
    assert chat.messages.get(role=Role.SYSTEM).body == "Mia is here."


@pytest.mark.django_db
def test_take__again_by_the_same_agent__no_second_slot(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)
    take(chat, agent, now=now)

    assert used_and_open(agent) == (1, 1)


@pytest.mark.django_db
def test_take__by_a_second_agent__refused(chat: Conversation, make_agent: MakeAgent, now: datetime) -> None:
    take(chat, make_agent("Mia"), now=now)
    other = make_agent("Noa")

    with pytest.raises(TakenError):
        take(chat, other, now=now)
    assert used_and_open(other) == (0, 0)


@pytest.mark.django_db
def test_take__no_slot_left__refused_and_chat_still_waits(make_chat: MakeChat, make_agent: MakeAgent, now: datetime) -> None:
    agent = make_agent(capacity=1)
    take(make_chat(), agent, now=now)
    second = make_chat()

    with pytest.raises(NoFreeSlotError):
        take(second, agent, now=now)
    second.refresh_from_db()
    assert (second.status, second.agent, used_and_open(agent)) == (ConversationStatus.WAITING, None, (1, 1))


@pytest.mark.django_db
@pytest.mark.parametrize("presence", [Presence.AWAY, Presence.OFFLINE])
def test_take__agent_not_online__refused(chat: Conversation, make_agent: MakeAgent, presence: str, now: datetime) -> None:
    with pytest.raises(NoFreeSlotError):
        take(chat, make_agent(presence=presence), now=now)


@pytest.mark.django_db
def test_take__lease_over__refused(chat: Conversation, agent: Agent, now: datetime) -> None:
    with pytest.raises(NoFreeSlotError):
        take(chat, agent, now=now + timedelta(seconds=31))


@pytest.mark.django_db
def test_take__note__uses_no_slot(note: Conversation, agent: Agent, now: datetime) -> None:
    taken = take(note, agent, now=now)

    agent.refresh_from_db()
    assert (taken.status, taken.agent, agent.used_tenths) == (ConversationStatus.WAITING, agent, 0)


@pytest.mark.django_db
def test_close__twice__one_slot_back_and_one_farewell(make_chat: MakeChat, agent: Agent, now: datetime) -> None:
    kept, ended = make_chat(), make_chat()
    take(kept, agent, now=now)
    take(ended, agent, now=now)

    close(ended, agent, now=now)
    close(ended, agent, now=now)

    assert used_and_open(agent) == (1, 1)
    assert ended.messages.filter(role=Role.SYSTEM).count() == 2  # one when taken, one when closed


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take", "close", "offline", "online", "silence", "sweep"]), st.integers(0, 3), st.integers(0, 1)
    ),
    max_size=30,
)


@pytest.mark.attack("N02")
@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_slots__any_history__used_is_the_number_of_open_chats(
    steps: list[tuple[str, int, int]], make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agents = [make_agent("Mia", capacity=2), make_agent("Noa", capacity=1)]
    chats = [make_chat() for _ in range(4)]
    for what, chat, agent in steps:
        try:
            if what == "take":
                take(chats[chat], agents[agent], now=now)
            elif what == "close":
                close(chats[chat], now=now)
            elif what in ("offline", "online"):
                set_presence(agents[agent], what, now=now)
            elif what == "silence":
                now += timedelta(seconds=31)
            else:
                expire_leases(now=now)
        except (TakenError, NoFreeSlotError):
            pass
        for one in agents:
            used, is_open = used_and_open(one)
            assert used == is_open <= one.capacity


def race(work: Callable[[int], object]) -> list[object]:
    """Run ``work`` in many threads at the same moment and return what each returned or raised."""
    barrier = threading.Barrier(WORKERS)

    def run(number: int) -> object:
        try:
            barrier.wait(timeout=30)
            return work(number)
        except Exception as error:  # noqa: BLE001 - the error is the result
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(run, range(WORKERS)))


@pytest.fixture
def on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads cannot share SQLite's memory database")


@pytest.mark.attack("N01")
@pytest.mark.parametrize("_round", range(3))
@pytest.mark.django_db(transaction=True)
def test_take__sixteen_at_once_for_three_slots__exactly_three(
    _round: int, on_postgres: None, make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent, chats = make_agent(capacity=3), [make_chat() for _ in range(WORKERS)]

    results = race(lambda number: take(chats[number], agent, now=now))

    assert sum(isinstance(result, Conversation) for result in results) == 3
    assert sum(isinstance(result, NoFreeSlotError) for result in results) == WORKERS - 3
    assert used_and_open(agent) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_take__sixteen_agents_at_once_for_one_chat__one_has_it(
    on_postgres: None, chat: Conversation, make_agent: MakeAgent, now: datetime
) -> None:
    agents = [make_agent(f"A{number}") for number in range(WORKERS)]

    results = race(lambda number: take(chat, agents[number], now=now))

    assert sum(isinstance(result, TakenError) for result in results) == WORKERS - 1
    assert sum(used_and_open(agent)[0] for agent in agents) == 1


@pytest.mark.django_db(transaction=True)
def test_close_and_expire__at_once__slots_back_exactly_once(
    on_postgres: None, make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=8)
    chats = [make_chat() for _ in range(8)]
    for chat in chats:
        take(chat, agent, now=now)
    late = now + timedelta(seconds=31)

    results = race(lambda number: close(chats[number], now=late) if number < 8 else expire_leases(now=late))

    assert not [result for result in results if isinstance(result, Exception)]
    assert used_and_open(agent) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_post_message__sixteen_at_once_with_repeats__numbered_without_gap_or_double(
    on_postgres: None, chat: Conversation, now: datetime
) -> None:
    ids = [uuid.uuid4() for _ in range(WORKERS // 2)]

    def post(number: int) -> Message:
        return post_message(chat, role=Role.SHOPPER, body=f"{number}", client_id=ids[number // 2], now=now)

    results = race(post)

    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(chat.messages.values_list("seq", flat=True)) == list(range(1, WORKERS // 2 + 2))
