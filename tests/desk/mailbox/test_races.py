"""Is a mail that several workers bring at once taken once?"""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection

from oscar_engage.desk.mailbox.fetch import claim
from oscar_engage.desk.mailbox.models import Mailbox, ReceivedMail
from oscar_engage.desk.mailbox.receive import receive
from oscar_engage.desk.models import Conversation, Message
from tests.desk.mailbox.letters import mail, reply

needs_postgres = pytest.mark.skipif(
    os.environ.get("ENGAGE_TEST_DB") != "postgres", reason="threads cannot share SQLite's memory database"
)
pytestmark = [pytest.mark.django_db(transaction=True), needs_postgres]


def at_once(work, number: int = 6) -> list[object]:
    def closing(_number: int) -> object:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(closing, range(number)))


def test_receive__new_mail_brought_at_once__one_conversation(mailbox: Mailbox, now: datetime) -> None:
    outcomes = at_once(lambda: receive(mail(), mailbox, now=now).outcome)
    assert set(outcomes) == {"opened"}
    assert (Conversation.objects.count(), Message.objects.count(), ReceivedMail.objects.count()) == (1, 1, 1)


def test_receive__reply_brought_at_once__one_message(note: Conversation, now: datetime) -> None:
    outcomes = at_once(lambda: receive(reply(note), None, now=now).outcome)
    assert set(outcomes) == {"continued"}
    assert (Message.objects.count(), ReceivedMail.objects.count()) == (2, 1)


def test_claim__many_workers__one_has_it(mailbox: Mailbox, now: datetime) -> None:
    assert sorted(at_once(lambda: claim(Mailbox.objects.get(), now=now))) == [False] * 5 + [True]  # type: ignore[type-var]  # booleans
