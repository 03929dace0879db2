"""Is a shopper invited only to somebody who can answer: the queue's skill, the language, and not before those who wait?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from oscar_engage.decisions.line.order import Asked
from oscar_engage.desk.dialer.models import DialerState, Hold
from oscar_engage.desk.dialer.offer import count_places
from oscar_engage.desk.dialer.state import find_state, measure, remeasure
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, Queue, Role, Skill
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import heartbeat, set_presence
from oscar_engage.desk.slots import SILENT_AFTER, settle_silent
from oscar_engage.desk.take import close, take
from oscar_engage.rules.queues import queue_names
from tests.desk.dialer.conftest import Invited

pytestmark = pytest.mark.django_db
MakeInvited = Callable[[], Invited]
MakeAgent = Callable[..., Agent]
MakeChat = Callable[[], Conversation]
predictive = override_settings(OSCAR_ENGAGE={"DIALER": "predictive"})


@pytest.fixture
def returns(db: None) -> Queue:
    skill = Skill.objects.create(slug="returns", name="Returns")
    return Queue.objects.create(slug="returns", name="Returns", skill=skill, paths="/accounts/")


def teach(agent: Agent, queue: Queue, *languages: str) -> Agent:
    AgentSkill.objects.create(agent=agent, skill=queue.skill)
    agent.languages = list(languages)
    agent.save(update_fields=["languages"])
    return agent


@pytest.mark.parametrize("mode", ["strict", "predictive"])
def test_count_places__skill_of_the_queue_or_the_page_and_language__only_who_can_answer(
    mode: str, make_agent: MakeAgent, returns: Queue, now: datetime
) -> None:
    teach(make_agent("Mia", capacity=2), returns, "de")
    make_agent("Noa", capacity=3)
    with override_settings(OSCAR_ENGAGE={"DIALER": mode}):
        found = {
            "any": count_places(now=now),
            "queue": count_places(now=now, queue="returns"),
            "page": count_places(now=now, path="/de/accounts/orders/"),
            "language": count_places(now=now, queue="returns", language="de-at"),
            "none": count_places(now=now, queue="returns", language="en"),
            "gone": count_places(now=now, queue="gone"),
        }
    counts = {"any": 5, "queue": 2, "page": 2, "language": 2, "none": 0, "gone": 5}
    assert found == (counts if mode == "strict" else {name: min(count, 1) for name, count in counts.items()})


def test_keep_place__skill_asked__takes_a_slot_of_whoever_has_it(
    invited: Invited, make_agent: MakeAgent, returns: Queue, now: datetime
) -> None:
    make_agent("Noa")
    mia = teach(make_agent("Mia", capacity=1), returns)

    assert invited.keep(queue="returns", language="en")

    hold = invited.hold
    assert (hold.agent, hold.queue, hold.skill, hold.language) == (mia, returns, "returns", "en")
    assert count_places(now=now, queue="returns") == 0
    chat = invited.ask()
    assert (chat.queue, chat.agent) == (returns, mia)
    assert queue_names() == {"returns": "Returns"}


def test_keep_place__chats_wait_already__only_what_they_leave(
    make_invited: MakeInvited, make_chat: MakeChat, agent: Agent, now: datetime
) -> None:
    for _chat in range(2):
        make_chat()
    assert count_places(now=now) == 1
    assert [make_invited().keep() for _shopper in range(2)] == [True, False]


@pytest.mark.parametrize("mode", ["strict", "predictive"])
def test_count_places__who_comes_before_needs_the_agents__only_what_they_leave(
    mode: str, make_agent: MakeAgent, returns: Queue, now: datetime
) -> None:
    teach(make_agent("Mia", capacity=1), returns)
    make_agent("Noa", capacity=1)
    anybody, knows = Asked(), Asked(queue="returns")
    with override_settings(OSCAR_ENGAGE={"DIALER": mode}):
        found = {
            "nobody before": count_places(now=now) > 0,
            "one for whom either will do": count_places(now=now, ahead=[anybody]) > 0,
            "one of each": count_places(now=now, ahead=[knows, anybody]) > 0,
            "two who ask for what one alone knows": count_places(now=now, ahead=[knows, knows]) > 0,
            "who asks for that, behind one who does": count_places(now=now, queue="returns", ahead=[knows]) > 0,
        }
    assert list(found.values()) == [True, True, False, mode == "strict", False]


def test_keep_place__the_agent_whom_who_comes_before_needs__goes_to_nobody_else(
    make_invited: MakeInvited, make_agent: MakeAgent, returns: Queue, now: datetime
) -> None:
    mia = teach(make_agent("Mia", capacity=1), returns)
    Agent.objects.filter(pk=mia.pk).update(free_since=now - timedelta(hours=1))  # else she would be the next
    noa = make_agent("Noa", capacity=1)
    ahead = [Asked(queue="returns")]
    first, second = make_invited(), make_invited()
    assert [first.keep(ahead=ahead), second.keep(ahead=ahead)] == [True, False]
    assert first.hold.agent == noa


def test_keep_place__room_only_once_silent_chats_are_settled__makes_it(
    invited: Invited, make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=2)
    for _chat in range(2):
        take(make_chat(), agent, now=now)
    later = now + SILENT_AFTER
    heartbeat(agent, now=later)
    assert invited.keep(now=later)
    assert Agent.objects.get(pk=agent.pk).used_tenths == 12
    assert settle_silent(now=later) == 0


def test_keep_place__somebody_was_quicker_with_the_best_agent__next_best(
    invited: Invited, make_agent: MakeAgent, now: datetime
) -> None:
    first, second = make_agent("Mia", capacity=3), make_agent("Noa", capacity=1)
    Agent.objects.filter(pk=second.pk).update(free_since=now - timedelta(hours=1))
    Agent.objects.filter(pk=second.pk).update(used_tenths=0)
    Hold.objects.create(  # counted as over by whoever reads, and not given back yet: the guard alone sees it
        decision_id=invited.visitor_id,
        visitor_id=invited.visitor_id,
        agent=second,
        offered_at=now,
        until=now,
        lease_until=now,
    )
    Agent.objects.filter(pk=second.pk).update(used_tenths=10)
    assert invited.keep()
    assert invited.hold.agent in (first, second)
    assert sum(Agent.objects.values_list("used_tenths", flat=True)) == 10


def test_count_places__cost__is_fixed(
    make_agent: MakeAgent, make_chat: MakeChat, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        count_places(now=now)
    for name in ("Mia", "Noa", "Ida"):
        make_agent(name)
        make_chat()
    with django_assert_num_queries(4):
        count_places(now=now)
    with predictive, django_assert_num_queries(7):
        count_places(now=now)


@predictive
def test_predictive__new_shop__as_careful_as_one_slot_each(make_invited: MakeInvited, make_agent: MakeAgent) -> None:
    make_agent(capacity=3)
    assert [make_invited().keep() for _shopper in range(4)] == [True, True, True, False]
    assert Agent.objects.get().used_tenths == 0
    assert Hold.objects.filter(agent__isnull=True).count() == DialerState.objects.get().offers - 1 == 3


@predictive
def test_predictive__few_accept__more_invitations_than_slots_and_all_counted(
    make_invited: MakeInvited, make_agent: MakeAgent, now: datetime
) -> None:
    make_agent(capacity=3)
    DialerState.objects.create(pk=1, acceptance=0.1, answer=15.0, lead=20.0, talk=200.0, spread=0.8)
    kept = [make_invited().keep() for _shopper in range(30)]
    assert 3 < sum(kept) < 15
    assert kept == sorted(kept, reverse=True)
    assert count_places(now=now) == 0


@predictive
def test_predictive__accepted__takes_a_free_slot_or_waits(make_invited: MakeInvited, make_agent: MakeAgent) -> None:
    agent = make_agent(capacity=1)
    DialerState.objects.create(pk=1, acceptance=0.01, answer=15.0, lead=20.0, talk=200.0, spread=0.8)
    first, second = make_invited(), make_invited()
    assert [first.keep(), second.keep()] == [True, True]
    assert [first.ask().agent, second.ask().agent] == [agent, None]
    assert Agent.objects.get().used_tenths == 10


@predictive
def test_predictive__chats_that_go_on_and_shoppers_who_come__are_counted(
    make_invited: MakeInvited, make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=2)
    take(make_chat(), agent, now=now)
    make_chat()
    assert count_places(now=now) == 0  # the slot that is left is for who waits


def test_measure__latest_invitations_and_chats__what_the_page_and_the_budget_read(
    make_invited: MakeInvited, make_agent: MakeAgent, now: datetime
) -> None:
    assert find_state().acceptance is None
    agent = make_agent(capacity=5)
    shoppers = [make_invited() for _shopper in range(4)]
    assert all(shopper.keep() for shopper in shoppers)
    seated = shoppers[0].ask(now=now + timedelta(seconds=20))
    heartbeat(agent, now=now + timedelta(seconds=20))
    post_message(seated, role=Role.AGENT, body="Yes", client_id=uuid.uuid4(), now=now, agent=agent)
    close(seated, agent, now=now + timedelta(seconds=120))
    set_presence(agent, "away", now=now + timedelta(seconds=30))
    late = shoppers[1].ask(now=now + timedelta(seconds=40))
    assert late.agent is None
    Hold.objects.filter(decision_id=shoppers[2].decision_id).update(ended_as="ignored")  # the fourth was withdrawn

    remeasure({}, now=now + timedelta(seconds=70))

    state = measure(now=now + timedelta(seconds=70))
    assert (state.answers, state.accepted, state.seated, state.late) == (3, 2, 2, 1)
    assert find_state() == state
    assert (state.talk or 0) < 480
