"""Is it kept what a conversation was about, asked for where it is missing, and added up as it was?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.queues import InUseError
from oscar_engage.desk.take import close, take
from oscar_engage.desk.topics.figures import read_figures
from oscar_engage.desk.topics.models import Topic
from oscar_engage.desk.topics.store import active_topics, create_usual_topics, delete_topic
from oscar_engage.desk.topics.wrap import MISSED_FOR, Wrap, lacks_wrap_up, wrap_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(db: None) -> Topic:
    return Topic.objects.create(slug="delivery", name="Delivery")


def test_wrap_up__topic_outcome_and_note__are_kept_and_numbers_of_cards_masked(
    chat: Conversation, topic: Topic, now: datetime
) -> None:
    wrap_up(chat, Wrap(topic=topic, outcome="solved", note=" Paid with 4111 1111 1111 1111\x00 "), now=now)
    chat.refresh_from_db()
    assert (chat.topic, chat.outcome, chat.wrapped_at) == (topic, "solved", now)
    assert chat.wrap_note.startswith("Paid with")
    assert "4111 1111" not in chat.wrap_note
    assert "\x00" not in chat.wrap_note


def test_lacks_wrap_up__ended_by_the_shopper__is_listed_for_its_agent_until_it_is_said(
    agent: Agent, make_agent: Callable[..., Agent], make_chat: Callable[[], Conversation], topic: Topic, now: datetime
) -> None:
    mine, theirs = make_chat(), make_chat()
    take(mine, agent, now=now)
    take(theirs, make_agent("Ben"), now=now)
    for one in (mine, theirs):
        close(one, now=now)
    assert list(lacks_wrap_up(agent, now=now)) == [mine]
    assert list(lacks_wrap_up(agent, now=now + MISSED_FOR)) == []
    wrap_up(mine, Wrap(topic=topic), now=now)
    assert list(lacks_wrap_up(agent, now=now)) == []


def test_usual_topics__twice__are_there_once(db: None) -> None:
    Topic.objects.create(slug="other", name="Anything else", is_active=False)
    assert create_usual_topics() == Topic.objects.count() - 1
    assert create_usual_topics() == 0
    assert "other" not in {topic.slug for topic in active_topics()}
    assert Topic.objects.get(slug="other").name == "Anything else"


def test_delete_topic__used__is_refused(chat: Conversation, topic: Topic, now: datetime) -> None:
    wrap_up(chat, Wrap(topic=topic), now=now)
    with pytest.raises(InUseError):
        delete_topic(topic)
    wrap_up(chat, Wrap(topic=None), now=now)
    delete_topic(topic)
    assert not Topic.objects.exists()


def test_figures__chats_and_a_note__count_the_clock_exactly(
    agent: Agent, make_chat: Callable[[], Conversation], note: Conversation, topic: Topic, now: datetime
) -> None:
    def at(minutes: int) -> datetime:
        return now + timedelta(minutes=minutes)

    def answer(one: Conversation, when: datetime) -> None:
        post_message(one, role=Role.AGENT, agent=agent, body="Yes.", client_id=uuid.uuid4(), now=when)

    Agent.objects.update(lease_until=at(91))
    for taken, answered, closed, outcome in ((1, 2, 11, "solved"), (2, 4, 22, "")):
        chat = make_chat()
        take(chat, agent, now=at(taken))
        answer(chat, at(answered))
        close(chat, agent, now=at(closed))
        wrap_up(chat, Wrap(topic=topic, outcome=outcome), now=at(closed))
    answer(note, at(60))
    close(note, agent, now=at(90))
    wrap_up(note, Wrap(topic=topic, outcome="unsolved"), now=at(90))

    (figures,) = read_figures(since=now, until=at(91))
    assert (figures.topic_id, figures.number, figures.solved, figures.unsolved) == (topic.pk, 3, 1, 1)
    assert figures.first_response == timedelta(minutes=22)  # (2 + 4 + 60) / 3
    assert figures.handle_time == timedelta(minutes=15)  # (10 + 20) / 2: a note is not being handled all the while
    (early,) = read_figures(since=now, until=at(22))
    assert early.number == 1
    assert read_figures(since=at(91), until=at(99)) == []
