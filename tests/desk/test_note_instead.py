"""Does a chat become a note once, with its words, and only while nobody has it?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, ConversationStatus, Message, Role
from oscar_engage.desk.note_instead import leave_note_instead
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import ConversationClosedError, post_message
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.promises.models import Policy
from oscar_engage.desk.take import TakenError, close, take
from oscar_engage.jobs.models import Job
from tests.desk.test_take import on_postgres, race  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
MakeAgent = Callable[..., Agent]


def test_leave_instead__waiting__is_a_note_with_words_reference_and_promise(chat: Conversation, now: datetime) -> None:
    left = leave_note_instead(chat, email="ada@example.com", now=now + timedelta(minutes=3))

    chat.refresh_from_db()
    assert (chat.kind, chat.status, chat.email) == (ConversationKind.NOTE, ConversationStatus.WAITING, "ada@example.com")
    assert (left.reference, left.due_at) == (chat.reference, now + timedelta(minutes=40))
    assert list(chat.messages.order_by("seq").values_list("role", flat=True)) == [Role.SHOPPER, Role.SYSTEM]


def test_leave_instead__twice__once(chat: Conversation, now: datetime) -> None:
    for _ in range(2):
        leave_note_instead(chat, now=now)

    assert chat.messages.filter(role=Role.SYSTEM).count() == 1


def test_leave_instead__promise_is_over__one_is_made_anew_by_the_same_policy(chat: Conversation, now: datetime) -> None:
    policy = Policy.objects.create(name="Fast", first_minutes=5)
    Conversation.objects.filter(pk=chat.pk).update(policy=policy, due_at=now + timedelta(minutes=5))
    late = now + timedelta(minutes=9)

    assert leave_note_instead(chat, now=late).due_at == late + timedelta(minutes=5)


def test_leave_instead__back_in_the_queue_after_an_answer__what_was_promised_then_holds(
    chat: Conversation, agent: Agent, now: datetime
) -> None:
    take(chat, agent, now=now)
    post_message(chat, role=Role.AGENT, agent=agent, body="One moment", client_id=uuid.uuid4(), now=now)
    set_presence(agent, "offline", now=now)
    late = now + timedelta(minutes=9)

    left = leave_note_instead(chat, now=late)
    agent.refresh_from_db()
    assert (left.due_at, left.watch_at, agent.used_tenths) == (now + timedelta(minutes=40), now + timedelta(minutes=30), 0)


def test_leave_instead__answered_and_nothing_promised_since__one_is_promised(
    chat: Conversation, agent: Agent, now: datetime
) -> None:
    Conversation.objects.filter(pk=chat.pk).update(first_reply_at=now, owed_since=None, watch_at=None)  # as it once was
    late = now + timedelta(minutes=9)

    assert leave_note_instead(chat, now=late).due_at == late + timedelta(minutes=40)


def test_leave_instead__agent_has_come__refused(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)

    with pytest.raises(TakenError):
        leave_note_instead(chat, now=now)


def test_leave_instead__closed__refused(chat: Conversation, now: datetime) -> None:
    close(chat, now=now)

    with pytest.raises(ConversationClosedError):
        leave_note_instead(chat, now=now)


def test_leave_instead__strangers_address_too_often__refused_and_still_a_chat(chat: Conversation, now: datetime) -> None:
    for _ in range(3):
        open_conversation(ConversationKind.NOTE, visitor_id=uuid.uuid4(), body="?", email="ada@example.com", now=now)

    with pytest.raises(TooManyError):
        leave_note_instead(chat, email="ADA@example.com", now=now)
    chat.refresh_from_db()
    assert (chat.kind, chat.email) == (ConversationKind.CHAT, "")


def test_leave_instead__answer__goes_by_mail_and_the_note_uses_no_slot(chat: Conversation, agent: Agent, now: datetime) -> None:
    leave_note_instead(chat, email="ada@example.com", now=now)
    take(chat, agent, now=now)
    post_message(chat, role=Role.AGENT, agent=agent, body="Yes", client_id=uuid.uuid4(), now=now)

    agent.refresh_from_db()
    assert agent.used_tenths == 0
    assert Job.objects.filter(kind="desk.answer_mail").count() == 1


@pytest.mark.usefixtures("on_postgres")
@pytest.mark.django_db(transaction=True)
def test_leave_instead__sixteen_at_once_with_takers__either_a_note_or_somebodys(
    chat: Conversation, make_agent: MakeAgent, now: datetime
) -> None:
    agents = [make_agent(f"A{number}") for number in range(8)]

    results = race(lambda number: leave_note_instead(chat, now=now) if number % 2 else take(chat, agents[number // 2], now=now))

    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, TakenError)]
    chat.refresh_from_db()
    used = sum(Agent.objects.values_list("used_tenths", flat=True))
    assert (chat.weight, used) == ((10, 10) if chat.kind == ConversationKind.CHAT else (0, 0))
    said = Message.objects.filter(conversation=chat)
    assert sorted(said.values_list("seq", flat=True)) == list(range(1, said.count() + 1))
