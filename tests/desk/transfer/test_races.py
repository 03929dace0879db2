"""Who wins when all press at once? One, with the slots exact; and two who give each other chats never wait for each other."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from oscar_engage.desk.models import Agent, Conversation, Queue, Role
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.oversight.send_off import send_off
from oscar_engage.desk.post import post_message
from oscar_engage.desk.slots import NoFreeSlotError, settle_silent
from oscar_engage.desk.take import close, take
from oscar_engage.desk.transfer.claim import MovedError, where_is
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.hand_on import hand_to_agent, hand_to_queue, take_over
from oscar_engage.desk.transfer.move import move_seen
from tests.desk.conftest import MakeAgent
from tests.desk.test_take import WORKERS, on_postgres, race  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_postgres")]


def exact() -> bool:
    """Whether each agent's slots are the sum of what the agent's chats weigh."""
    return all(agent.used_tenths == sum(agent.conversations.values_list("weight", flat=True)) for agent in Agent.objects.all())


def test_move__sixteen_at_once_to_as_many_queues__one_has_it(chat: Conversation, now: datetime) -> None:
    queues = [Queue.objects.create(slug=f"q{at}", name=f"Q{at}") for at in range(WORKERS)]
    seen = where_is(chat)

    results = race(lambda at: move_seen(chat, queues[at], seen=seen, user=None, now=now))

    assert sum(isinstance(result, MovedError) for result in results) == WORKERS - 1
    [won] = [result for result in results if isinstance(result, Conversation)]
    chat.refresh_from_db()
    assert chat.queue_id == won.queue_id


def test_hand_on_take_over_and_close__sixteen_at_once__one_wins_and_slots_are_exact(
    chat: Conversation, agent: Agent, make_agent: MakeAgent, now: datetime
) -> None:
    others = [make_agent(f"A{at}", capacity=1) for at in range(WORKERS)]
    taken = take(chat, agent, now=now)
    seen, deed = where_is(taken), Deed(by=agent, user=agent.user, reason="Hm", now=now)

    def press(at: int) -> Conversation:
        if at % 4 == 0:
            return hand_to_queue(taken, None, deed, seen=seen)
        if at % 4 == 1:
            return take_over(taken, others[at], seen=seen, user=None, now=now)
        return hand_to_agent(taken, others[at], deed, seen=seen)

    results = race(press)

    assert sum(isinstance(result, MovedError) for result in results) == WORKERS - 1
    assert InternalNote.objects.count() == 1
    assert exact()


def test_hand_on__sixteen_chats_at_once_to_one_with_room_for_three__three_arrive(
    make_chat: Callable[[], Conversation], agent: Agent, make_agent: MakeAgent, now: datetime
) -> None:
    Agent.objects.filter(pk=agent.pk).update(capacity=WORKERS)
    chats, ben = [take(make_chat(), agent, now=now) for _chat in range(WORKERS)], make_agent("Ben")
    deed = Deed(by=agent, user=None, reason="Hm", now=now)

    results = race(lambda at: hand_to_agent(chats[at], ben, deed, seen=where_is(chats[at])))

    assert sum(isinstance(result, NoFreeSlotError) for result in results) == WORKERS - 3
    assert Conversation.objects.filter(agent=ben).count() == 3
    assert exact()


@pytest.mark.parametrize("_round", range(3))
def test_hand_on__two_give_each_other_their_chats_at_once__nobody_waits_for_ever(
    _round: int, make_chat: Callable[[], Conversation], agent: Agent, make_agent: MakeAgent, now: datetime
) -> None:
    pair = [agent, make_agent("Ben")]
    Agent.objects.update(capacity=2 * WORKERS)
    chats = [take(make_chat(), pair[at % 2], now=now) for at in range(WORKERS)]

    def press(at: int) -> Conversation:
        deed = Deed(by=pair[at % 2], user=None, reason="Hm", now=now)
        if at % 8 == 7:  # some end meanwhile
            return close(chats[at], now=now)
        return hand_to_agent(chats[at], pair[1 - at % 2], deed, seen=where_is(chats[at]))

    results = race(press)

    assert not [result for result in results if isinstance(result, Exception)]
    assert exact()


@pytest.mark.parametrize("_round", range(3))
def test_hand_on__silent_chats_each_in_a_request_that_is_one_transaction__nobody_waits_for_ever(
    _round: int, make_chat: Callable[[], Conversation], agent: Agent, make_agent: MakeAgent, now: datetime
) -> None:
    """A shop with ``ATOMIC_REQUESTS``: what is settled before and the handing on hold their locks together."""
    pair, later = [agent, make_agent("Ben")], now + timedelta(minutes=9)
    Agent.objects.update(capacity=2 * WORKERS, lease_until=later + timedelta(minutes=1))
    chats = [take(make_chat(), pair[at % 2], now=now) for at in range(WORKERS)]

    def press(at: int) -> Conversation:
        deed = Deed(by=pair[at % 2], user=None, reason="Hm", now=later)
        with transaction.atomic():
            return hand_to_agent(chats[at], pair[1 - at % 2], deed, seen=where_is(chats[at]))

    results = race(press)

    assert not [result for result in results if isinstance(result, Exception)]
    assert exact()


@pytest.mark.parametrize("_round", range(3))
def test_send_off__in_one_transaction_while_shoppers_write_and_close__nobody_waits_for_ever(
    _round: int, make_chat: Callable[[], Conversation], agent: Agent, make_agent: MakeAgent, now: datetime
) -> None:
    ben, later = make_agent("Ben"), now + timedelta(minutes=9)
    Agent.objects.update(capacity=2 * WORKERS, lease_until=later + timedelta(minutes=1))
    chats = [take(make_chat(), agent, now=now) for _at in range(WORKERS)]
    settle_silent(now=later)

    def press(at: int) -> object:
        if at == 0:
            with transaction.atomic():
                return send_off(agent, Deed(by=ben, user=None, reason="Hm", now=later), to=ben)
        if at % 4 == 1:
            return close(chats[at], now=later)
        return post_message(chats[at], role=Role.SHOPPER, body="There?", client_id=uuid.uuid4(), now=later)

    results = race(press)

    assert not [result for result in results if isinstance(result, Exception)]
    assert exact()
