"""Can a shopper have the conversation mailed, to their own address, and nobody else's?"""

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.run import run_due
from tests.storefront.beats import known_shopper
from tests.storefront.shopping import FRAGMENT, ask, text_of

pytestmark = pytest.mark.django_db


def path(conversation: Conversation) -> str:
    return f"/engage/chat/{conversation.public_id}/transcript/"


def test_transcript__chat_without_an_address__asks_for_one_and_keeps_it(mailoutbox: list[EmailMessage]) -> None:
    shopper = known_shopper()
    chat = ask(shopper, "chat")
    assert path(chat) in text_of(shopper.get(f"/engage/chat/{chat.public_id}/"))
    assert 'name="email"' in text_of(shopper.get(path(chat)))

    sent = shopper.post(path(chat), {"email": "ada@example.com"})

    assert "It is on its way." in text_of(sent)
    run_due(now=timezone.now())
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]
    assert 'name="email"' not in text_of(shopper.get(path(chat), headers=FRAGMENT))
    chat.refresh_from_db()
    assert chat.email == "ada@example.com"


@pytest.mark.attack("B09", "G06")
def test_transcript__address_known__another_one_sent_along_is_ignored(mailoutbox: list[EmailMessage]) -> None:
    shopper = known_shopper()
    note = ask(shopper, email="ada@example.com")
    shopper.post(path(note), {"email": "victim@example.com"})
    run_due(now=timezone.now())
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]


@pytest.mark.parametrize("email", ["", "x", "a@b.example,c@d.example", "a@b.example\r\nBcc: c@d.example"])
def test_transcript__no_address__is_said(email: str, mailoutbox: list[EmailMessage]) -> None:
    shopper = known_shopper()
    chat = ask(shopper, "chat")
    assert shopper.post(path(chat), {"email": email}).status_code == 422
    run_due(now=timezone.now())
    assert mailoutbox == []


@pytest.mark.attack("G06")
def test_transcript__one_address_for_many_chats__is_refused_after_three() -> None:
    answers = []
    for _ in range(4):
        shopper = known_shopper()
        answers.append(shopper.post(path(ask(shopper, "chat")), {"email": "victim@example.com"}).status_code)
    assert answers == [200, 200, 200, 429]


@pytest.mark.attack("B05")
def test_transcript__foreign_conversation__is_gone_like_none(mailoutbox: list[EmailMessage]) -> None:
    note = ask(known_shopper(), email="ada@example.com")
    for stranger in (known_shopper(), Client()):
        answers = [stranger.post(path(note)), stranger.get(path(note)), stranger.get("/engage/chat/unknown/transcript/")]
        assert [answer.status_code for answer in answers] == [404] * 3
        assert answers[1].content == answers[2].content
    run_due(now=timezone.now())
    assert mailoutbox == []
