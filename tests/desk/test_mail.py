"""Does the shopper who left an address hear of the answer once, by a link that nobody can bend?"""

import re
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.core.mail import EmailMessage
from django.test import Client, override_settings

from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError, access_conversation_by_link, answer_url
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, Message, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.desk.waiting import waiting_for
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from oscar_engage.visitors.models import Visitor

pytestmark = pytest.mark.django_db
SHOP = {"SITE_URL": "https://shop.example/"}


def reply(note: Conversation, agent: Agent, now: datetime) -> Message:
    return post_message(note, role=Role.AGENT, agent=agent, body="Yes, in 3 days.", client_id=uuid.uuid4(), now=now)


@override_settings(OSCAR_ENGAGE=SHOP)
def test_answer_mail__note_with_an_address__one_mail_for_each_answer(
    note: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    message = reply(note, agent, now)
    run_due(now=now)
    run_due(now=now)

    [mail] = mailoutbox
    assert mail.to == ["ada@example.com"]
    assert note.reference in mail.subject
    assert mail.extra_headers["Message-ID"] == f"<engage-answer-{message.pk}-{message.client_id.hex}@shop.example>"
    assert "Mia has answered your question" in mail.body


@pytest.mark.attack("B06")
@override_settings(OSCAR_ENGAGE=SHOP)
def test_answer_mail__link__opens_the_answer_without_any_cookie(
    note: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage], client: Client
) -> None:
    reply(note, agent, now)
    run_due(now=now)

    [link] = re.findall(r"https://\S+", str(mailoutbox[0].body))
    response = client.get(link.removeprefix("https://shop.example"))

    assert link.startswith("https://shop.example/engage/answer/?token=")
    assert "Yes, in 3 days." in response.content.decode()
    assert not {"sessionid", "engage_visitor"} & set(response.cookies)


@override_settings(OSCAR_ENGAGE=SHOP)
def test_answer_mail__one_address_in_many_notes__at_most_three_mails_in_any_hour_and_none_lost(
    make_visitor: Callable[[], Visitor], agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    for email in ("ada@example.com", "Ada@Example.com", "ada+1@example.com", "ada+2@EXAMPLE.com") * 2:
        note = open_conversation(ConversationKind.NOTE, visitor_id=make_visitor().pk, body="Hello", now=now)
        Conversation.objects.filter(pk=note.pk).update(email=email)  # past the cap on questions
        reply(note, agent, now)

    sent = []
    for minutes in range(0, 181, 20):
        run_due(now=now + timedelta(minutes=minutes))
        sent.append(len(mailoutbox))

    assert sent == [3, 3, 3, 6, 6, 6, 8, 8, 8, 8]


def test_answer_mail__job__does_not_hold_the_address(note: Conversation, agent: Agent, now: datetime) -> None:
    reply(note, agent, now)

    assert "ada@" not in str(Job.objects.values().get(kind="desk.answer_mail"))


def test_answer_mail__note_without_an_address__no_job(note: Conversation, agent: Agent, now: datetime) -> None:
    Conversation.objects.update(email="")

    reply(note, agent, now)

    assert not Job.objects.filter(kind="desk.answer_mail").exists()


@override_settings(OSCAR_ENGAGE=SHOP)
def test_answer_mail__erased_before_it_is_sent__nothing_sent(
    note: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    reply(note, agent, now)
    note.delete()

    assert run_due(now=now).failed == 0
    assert mailoutbox == []


@override_settings(OSCAR_ENGAGE=SHOP, EMAIL_BACKEND="tests.desk.test_mail.RefusingBackend")
def test_answer_mail__mail_server_refuses__tried_again_without_the_address_in_the_reason(
    note: Conversation, agent: Agent, now: datetime
) -> None:
    reply(note, agent, now)

    assert run_due(now=now).failed == 1
    assert "ada@" not in Job.objects.get(kind="desk.answer_mail").last_error


class RefusingBackend:
    """A mail server that is down."""

    def __init__(self, **kwargs: Any) -> None:
        pass

    def send_messages(self, messages: list[EmailMessage]) -> int:
        raise ConnectionRefusedError(f"no route for {messages[0].to}")


def token_of(note: Conversation) -> str:
    return parse_qs(urlsplit(answer_url(note)).query)["token"][0]


def test_answer_url__no_setting__host_of_the_site(note: Conversation) -> None:
    assert answer_url(note).startswith("https://example.com/engage/answer/")


@pytest.mark.attack("B06")
def test_access_conversation_by_link__old_forged_or_foreign__refused(note: Conversation) -> None:
    token = token_of(note)
    other_purpose = signing.dumps(note.public_id, salt="another purpose")

    assert access_conversation_by_link(token) == note
    for bad in (token[:-1] + "x", other_purpose, "x"):
        with pytest.raises(InvalidLinkError):
            access_conversation_by_link(bad)
    note.delete()
    with pytest.raises(ExpiredLinkError):
        access_conversation_by_link(token)


def test_access_conversation_by_link__after_14_days__expired(note: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(note)
    late = time.time() + timedelta(days=14, minutes=1).total_seconds()
    monkeypatch.setattr(time, "time", lambda: late)

    with pytest.raises(ExpiredLinkError):
        access_conversation_by_link(token)


def test_waiting_for__chat_and_unread_answer__both(
    note: Conversation, make_chat: Callable[[], Conversation], agent: Agent, now: datetime
) -> None:
    assert waiting_for(note.visitor_id) == []
    reply(note, agent, now)
    Conversation.objects.filter(pk=make_chat().pk).update(visitor_id=note.visitor_id, created_at=now + timedelta(minutes=1))

    assert [waiting.kind for waiting in waiting_for(note.visitor_id)] == ["chat", "answer"]
    Conversation.objects.update(shopper_read_seq=2)
    assert [waiting.kind for waiting in waiting_for(note.visitor_id)] == ["chat"]


@pytest.mark.attack("B06")
@pytest.mark.parametrize(("days", "status"), [(0, 200), (13, 200), (15, 410)])
def test_answer_link__by_age__opens_or_is_gone(
    days: int, status: int, note: Conversation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = answer_url(note).removeprefix("https://example.com")
    later = time.time() + timedelta(days=days).total_seconds()
    monkeypatch.setattr(time, "time", lambda: later)

    response = client.get(path)

    assert response.status_code == status
    assert ("Do you ship to Malta?" in response.content.decode()) == (status == 200)
    assert response["Cache-Control"] == "private, no-store"


def test_answer_link__forged__same_page_as_an_unknown_conversation(client: Client) -> None:
    forged, none, unknown = (client.get(f"/engage/{path}") for path in ("answer/?token=x:y:z", "answer/", "note/unknown/"))

    assert [response.status_code for response in (forged, none, unknown)] == [404] * 3
    assert forged.content == none.content == unknown.content
