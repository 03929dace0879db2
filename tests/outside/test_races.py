"""Two at once: the same request, an answer and a closing, two workers with one conversation; and no deadlock."""

import os
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.take import close
from oscar_engage.jobs.run import run_due
from oscar_engage.outside.adapter import get_desk
from oscar_engage.outside.models import OutsideConversation
from oscar_engage.outside.receive import receive
from tests.outside.conftest import NOW, Shop, dead_jobs
from tests.outside.stand_in import StandIn, signed

needs_postgres = pytest.mark.skipif(
    os.environ.get("ENGAGE_TEST_DB") != "postgres", reason="threads cannot share SQLite's memory database"
)
pytestmark = [pytest.mark.django_db(transaction=True), needs_postgres]
ROUNDS = 8


@pytest.fixture(autouse=True)
def _then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have our own hooks, which are sent after each commit here, happen then as well."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    def closing(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(closing, works))


def hear(body: bytes, shop: Shop) -> int:
    desk = get_desk()
    assert desk is not None
    return receive(desk, signed(body, at=shop.now), body, now=shop.now)


def test_same_request__six_times_at_once__is_one_message(
    shop: Shop, desk: StandIn, chat: Conversation, outsider: Agent
) -> None:
    shop.work()
    for number in range(ROUNDS):
        desk.events.clear()
        desk.reply(shop.there(chat), "outsider@elsewhere.example", f"Answer {number}")
        (body,) = desk.take_events()
        assert at_once(*[partial(hear, body, shop)] * 6) == [1] * 6
    assert Message.objects.filter(conversation=chat, role=Role.AGENT).count() == ROUNDS
    outsider.refresh_from_db()
    assert outsider.used_tenths == 0


def test_reply_there_and_closing_here__at_once__the_shopper_has_it_or_the_agent_is_told(
    shop: Shop, desk: StandIn, make_chat: Any, outsider: Agent
) -> None:
    for number in range(ROUNDS):
        chat = make_chat()
        shop.work()
        shop.work()
        there = shop.there(chat)
        desk.events.clear()
        desk.reply(there, "outsider@elsewhere.example", f"Answer {number}")
        (body,) = desk.take_events()
        at_once(partial(hear, body, shop), partial(close, chat, now=shop.now))
        shop.work()
        has_it = chat.messages.filter(role=Role.AGENT).exists()
        is_told = any("did not get" in text for text in desk.texts(conversation_id=there, private=True))
        assert has_it != is_told
        chat.refresh_from_db()
        assert (chat.status, chat.weight) == ("closed", 0)
    assert dead_jobs() == []


def test_closing_there_and_a_message_here__at_once__leave_no_word_unread(
    shop: Shop, desk: StandIn, make_chat: Any, outsider: Agent
) -> None:
    for number in range(ROUNDS):
        chat = make_chat()
        shop.work()
        shop.work()
        there = shop.there(chat)
        desk.resolve(there)
        shop.tell()

        def write(chat: Conversation = chat, number: int = number) -> bool:
            try:
                post_message(chat, role=Role.SHOPPER, body=f"And {number}", client_id=uuid.uuid4(), now=shop.now)
            except ValueError:
                return False
            return True

        written, _ran = at_once(write, lambda: run_due(now=shop.now + timedelta(seconds=1)))
        for _round in range(3):
            shop.work()
            shop.tell()
        chat.refresh_from_db()
        assert (f"And {number}" in desk.texts(message_type="incoming")) is written
        assert (chat.status != "closed") is written


def test_workers__at_once__write_each_message_once(shop: Shop, desk: StandIn, make_chat: Any) -> None:
    chats = [make_chat() for _number in range(4)]
    run_due(now=shop.now, limit=30)
    for number in range(3):
        for chat in chats:
            post_message(chat, role=Role.SHOPPER, body=f"Line {number}", client_id=uuid.uuid4(), now=shop.now)
    at_once(*[lambda: run_due(now=shop.now + timedelta(seconds=61))] * 4)
    shop.work()
    shop.work()
    for chat in chats:
        place = OutsideConversation.objects.get(conversation=chat)
        texts = desk.texts(conversation_id=int(place.outside_id), message_type="incoming")
        assert texts == ["Is this in stock?", "Line 0", "Line 1", "Line 2"]
    assert dead_jobs() == []
