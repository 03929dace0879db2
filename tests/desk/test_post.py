"""Are messages kept once, in order, with the author that the server knows?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oscar_engage import hooks
from oscar_engage.desk.flood import MESSAGES_PER_MINUTE, TooManyError
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Message, Role
from oscar_engage.desk.post import AnsweredError, ConversationClosedError, NotTakenError, post_message
from oscar_engage.desk.queries import messages_after
from oscar_engage.desk.take import close, take

pytestmark = pytest.mark.django_db


def say(conversation: Conversation, body: str, now: datetime, client_id: uuid.UUID | None = None) -> Message:
    return post_message(conversation, role=Role.SHOPPER, body=body, client_id=client_id or uuid.uuid4(), now=now)


def test_post_message__same_client_id__one_message(chat: Conversation, now: datetime) -> None:
    client_id = uuid.uuid4()

    first = say(chat, "Hello?", now, client_id)
    again = say(chat, "Hello? (again)", now, client_id)

    assert first == again
    assert [message.body for message in messages_after(chat, 0)] == ["Is this in stock?", "Hello?"]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 7), max_size=16))
def test_post_message__repeats_in_any_order__numbered_without_gap(
    order: list[int], make_chat: Callable[[], Conversation], now: datetime
) -> None:
    conversation = make_chat()
    ids = [uuid.UUID(int=number + 1) for number in range(8)]

    for number in order:
        say(conversation, f"message {number}", now, ids[number])

    messages = list(messages_after(conversation, 0))
    assert [message.seq for message in messages] == list(range(1, len(set(order)) + 2))
    assert [message.client_id for message in messages[1:]] == [ids[number] for number in dict.fromkeys(order)]


@pytest.mark.attack("N06")
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrives=st.lists(st.booleans(), min_size=6, max_size=12))
def test_messages_after__lost_answers__reader_has_all_once_in_order(
    arrives: list[bool], make_chat: Callable[[], Conversation], now: datetime
) -> None:
    conversation = make_chat()
    seen: list[int] = []
    for number, is_received in enumerate([*arrives, True]):
        say(conversation, f"message {number}", now)
        answer = [message.seq for message in messages_after(conversation, seen[-1] if seen else 0)]
        seen += answer if is_received else []

    assert seen == list(range(1, len(arrives) + 3))


@pytest.mark.attack("I04")
def test_post_message__card_number__never_stored(chat: Conversation, now: datetime) -> None:
    message = say(chat, "pay with 4111 1111 1111 1111 please", now)

    assert message.body == "pay with [card] please"


def test_post_message__more_than_a_person_types__refused(chat: Conversation, now: datetime) -> None:
    for number in range(MESSAGES_PER_MINUTE - 1):  # the chat began with one
        say(chat, str(number), now)

    with pytest.raises(TooManyError):
        say(chat, "one more", now + timedelta(seconds=59))
    say(chat, "later", now + timedelta(seconds=61))


def test_post_message__closed__refused(chat: Conversation, now: datetime) -> None:
    close(chat, now=now)

    with pytest.raises(ConversationClosedError):
        say(chat, "wait", now)


def test_post_message__agent_in_a_chat_of_nobody__refused(chat: Conversation, agent: Agent, now: datetime) -> None:
    with pytest.raises(NotTakenError):
        post_message(chat, role=Role.AGENT, agent=agent, body="Hi", client_id=uuid.uuid4(), now=now)


def test_post_message__agent_who_took_the_chat__first_reply_noted_once(chat: Conversation, agent: Agent, now: datetime) -> None:
    take(chat, agent, now=now)
    for minute in (1, 2):
        post_message(chat, role=Role.AGENT, agent=agent, body="Hi", client_id=uuid.uuid4(), now=now + timedelta(minutes=minute))

    chat.refresh_from_db()
    assert chat.first_reply_at == now + timedelta(minutes=1)


def test_post_message__agent_answers_a_note__answered(note: Conversation, agent: Agent, now: datetime) -> None:
    post_message(note, role=Role.AGENT, agent=agent, body="Yes", client_id=uuid.uuid4(), now=now)

    note.refresh_from_db()
    assert (note.status, note.agent) == (ConversationStatus.OPEN, agent)


def test_post_message__shopper_asks_again_in_an_answered_note__waits_with_a_new_promise(
    note: Conversation, agent: Agent, now: datetime
) -> None:
    post_message(note, role=Role.AGENT, agent=agent, body="Yes", client_id=uuid.uuid4(), now=now)

    say(note, "And to Gozo?", now + timedelta(hours=2))

    note.refresh_from_db()
    assert (note.status, note.due_at) == (ConversationStatus.WAITING, now + timedelta(hours=2, minutes=40))


def test_post_message__hook_raises__message_kept(
    chat: Conversation, now: datetime, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    heard: list[Message] = []

    def receiver(message: Message, **kwargs: Any) -> None:
        heard.append(message)
        raise RuntimeError("the shop's receiver")

    hooks.message_posted.connect(receiver)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            posted = say(chat, "Hello?", now)
    finally:
        hooks.message_posted.disconnect(receiver)

    assert heard == [posted]


def test_post__a_colleague_answered_meanwhile__is_refused_until_it_was_seen(
    note: Conversation, agent: Agent, make_agent: Callable[..., Agent], now: datetime
) -> None:
    ben = make_agent("Ben")
    post_message(note, role=Role.AGENT, agent=ben, body="Yes.", client_id=uuid.uuid4(), now=now)
    say = partial(post_message, note, role=Role.AGENT, agent=agent, body="Yes, we do.", client_id=uuid.uuid4(), now=now)
    with pytest.raises(AnsweredError):
        say(seen=1)
    assert note.messages.count() == 2
    assert say(seen=2).seq == 3
    again = partial(post_message, note, role=Role.AGENT, agent=agent, body="By ship.", now=now)
    assert again(client_id=uuid.uuid4(), seen=2).seq == 4  # one's own answer is no surprise
    assert again(client_id=uuid.uuid4()).seq == 5


def test_post__either_side__ends_its_mark_of_writing(chat: Conversation, agent: Agent, now: datetime) -> None:
    taken = take(chat, agent, now=now)
    Conversation.objects.update(shopper_writes_until=now, agent_writes_until=now)
    post_message(taken, role=Role.SHOPPER, body="So?", client_id=uuid.uuid4(), now=now)
    taken.refresh_from_db()
    assert (taken.shopper_writes_until, taken.agent_writes_until) == (None, now)
    post_message(taken, role=Role.AGENT, agent=agent, body="Yes.", client_id=uuid.uuid4(), now=now)
    taken.refresh_from_db()
    assert (taken.shopper_writes_until, taken.agent_writes_until) == (None, None)
