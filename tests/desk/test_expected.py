"""Does the line come from the tables as routing sees it, and for how many queries?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from oscar_engage.desk.expected import KEPT, SETTLED_KEPT, expected_of, expected_of_new, forget_lines
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, ConversationKind, Queue, Role, Skill
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.place import Place
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import heartbeat
from oscar_engage.desk.take import close, take
from oscar_engage.desk.wait import Expected
from oscar_engage.visitors.models import Visitor

pytestmark = pytest.mark.django_db
MakeAgent = Callable[..., Agent]
MakeChat = Callable[[], Conversation]
CountQueries = Callable[[int], Any]


def test_expected__nobody_there__cannot_be_said(chat: Conversation, now: datetime) -> None:
    assert expected_of(chat, now=now) == Expected(1, None)
    assert expected_of_new(now=now) is None


def test_expected__free_agent__at_once(chat: Conversation, agent: Agent, now: datetime) -> None:
    assert expected_of(chat, now=now) == Expected(1, 0.0)
    assert expected_of_new(now=now) == 0.0


def test_expected__line_before_a_busy_agent__place_and_time_by_the_shops_own_chats(
    make_chat: MakeChat, make_agent: MakeAgent, now: datetime
) -> None:
    agent = make_agent(capacity=1)
    for number in range(20):  # twenty chats of two minutes each
        begun = now + timedelta(seconds=number)
        talk = take(make_chat(), agent, now=begun)
        post_message(talk, role=Role.AGENT, agent=agent, body="Yes", client_id=uuid.uuid4(), now=begun)
        close(talk, agent, now=begun + timedelta(minutes=2))
    take(make_chat(), agent, now=now)
    first, second = make_chat(), make_chat()

    usual = (5 * 480 + 20 * 120) / 25
    assert expected_of(first, now=now) == Expected(1, usual / 2)
    assert expected_of(second, now=now) == Expected(2, usual * 3 / 2)


def test_expected__skill_of_the_queue_and_language__only_who_can_answer(make_agent: MakeAgent, now: datetime) -> None:
    skill = Skill.objects.create(slug="returns", name="Returns")
    Queue.objects.create(slug="returns", name="Returns", skill=skill, paths="/returns/")
    visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=1)
    asked = open_conversation(
        ConversationKind.CHAT,
        visitor_id=visitor.pk,
        body="Back?",
        language="de",
        place=Place(page_path="/returns/how/"),
        now=now,
    )
    able, other = make_agent("Able"), make_agent("Other")
    AgentSkill.objects.create(agent=other, skill=skill)
    Agent.objects.filter(pk=other.pk).update(languages=["fr"])
    assert expected_of(asked, now=now).seconds is None

    forget_lines()
    AgentSkill.objects.create(agent=able, skill=skill)
    AgentSkill.objects.create(agent=able, skill=Skill.objects.create(slug="more", name="More"))
    assert expected_of(asked, now=now).seconds == 0.0


def test_expected__customer_with_a_head_start__is_before_who_came_first(
    make_chat: MakeChat, now: datetime, settings: Any
) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "CUSTOMER_HEAD_START": 60}
    first, customer = make_chat(), make_chat()
    Visitor.objects.filter(pk=customer.visitor_id).update(customer_id=7)

    assert expected_of(customer, now=now).position == 1
    assert expected_of(first, now=now).position == 2


def test_expected__any_number_waits_and_asks__two_queries_every_few_seconds_at_most(
    make_chat: MakeChat, make_agent: MakeAgent, now: datetime, django_assert_num_queries: CountQueries
) -> None:
    chats, agents = [make_chat() for _ in range(3)], [make_agent("Mia"), make_agent("Noa")]
    with django_assert_num_queries(4):  # the first question of the process
        expected_of(chats[0], now=now)
    with django_assert_num_queries(0):
        for chat in chats:
            expected_of(chat, now=now + KEPT / 2)
    later = now
    for _ in range(int(SETTLED_KEPT / KEPT) + 5):
        later += KEPT
        for agent in agents:
            heartbeat(agent, now=later)
        with django_assert_num_queries(2):
            expected_of(chats[0], now=later)


def test_expected__came_since_the_line_was_read__is_at_its_end(chat: Conversation, make_chat: MakeChat, now: datetime) -> None:
    assert expected_of(chat, now=now).position == 1
    assert expected_of(make_chat(), now=now + timedelta(seconds=1)).position == 2


def test_expected__clock_is_set_back__is_read_anew(chat: Conversation, agent: Agent, now: datetime) -> None:
    expected_of(chat, now=now + timedelta(hours=1))
    assert expected_of(chat, now=now).seconds == 0.0
