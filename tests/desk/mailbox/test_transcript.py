"""Does the transcript go to the conversation's own address, whole and readable, and never to a stranger without end?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage

from oscar_engage.desk.flood import TooManyError
from oscar_engage.desk.mailbox.transcript import NoAddressError, request_transcript
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.post import post_message
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due

pytestmark = pytest.mark.django_db


def test_transcript__note_with_an_answer__plain_text_with_times_in_its_language(
    note: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    Conversation.objects.update(language="de", name="Ada", page_title="Kettle")
    post_message(note, role=Role.AGENT, agent=agent, body="Yes <b>", client_id=uuid.uuid4(), now=now)
    Job.objects.all().delete()
    request_transcript(note, now=now)
    run_due(now=now)

    [sent] = mailoutbox
    assert sent.to == ["ada@example.com"]
    assert note.reference in sent.subject
    assert "04.05.2026 09:30" in sent.body
    assert sent.body.index("Do you ship to Malta?") < sent.body.index("Mia") < sent.body.index("Yes <b>")
    assert "ada@" not in str(list(Job.objects.values()))


def test_transcript__what_is_no_role_of_the_shoppers_view__is_left_out(
    note: Conversation, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    Message.objects.create(conversation=note, seq=2, role="internal", body="a secret", at=now)
    request_transcript(note, now=now)
    run_due(now=now)
    assert "a secret" not in mailoutbox[0].body


def test_transcript__asked_again__once_until_somebody_writes(
    note: Conversation, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(5):
        request_transcript(note, now=now)
    run_due(now=now)
    assert len(mailoutbox) == 1
    post_message(note, role=Role.SHOPPER, body="One more thing", client_id=uuid.uuid4(), now=now)
    request_transcript(note, now=now)
    run_due(now=now)
    assert len(mailoutbox) == 2


def test_transcript__typed_address__becomes_the_conversations_and_is_never_changed(chat: Conversation, now: datetime) -> None:
    with pytest.raises(NoAddressError):
        request_transcript(chat, now=now)
    request_transcript(chat, email="ada@example.com", now=now)
    request_transcript(chat, email="victim@example.com", now=now)
    chat.refresh_from_db()
    assert chat.email == "ada@example.com"


@pytest.mark.attack("G06")
def test_transcript__strangers_address_in_many_chats__three_conversations_and_three_mails_an_hour(
    make_chat: Callable[[], Conversation], now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    chats = [make_chat() for _ in range(4)]
    for chat in chats[:3]:
        request_transcript(chat, email="victim@example.com", now=now)
    with pytest.raises(TooManyError):
        request_transcript(chats[3], email="Victim@example.com", now=now)
    for round_ in range(3):
        for chat in chats[:3]:
            post_message(chat, role=Role.SHOPPER, body=f"{round_}", client_id=uuid.uuid4(), now=now)
            request_transcript(chat, now=now)
    run_due(now=now + timedelta(minutes=59))
    assert len(mailoutbox) == 3


def test_transcript__erased_meanwhile__nothing(note: Conversation, now: datetime, mailoutbox: list[EmailMessage]) -> None:
    request_transcript(note, now=now)
    note.delete()
    assert run_due(now=now).failed == 0
    assert mailoutbox == []
