"""Does an answer reach the shopper who has left a chat, once, and is the agent free for others meanwhile?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import override_settings

from oscar_engage.desk.mailbox.token import make_token
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.read import mark_read_by_shopper
from oscar_engage.desk.take import close, take
from oscar_engage.desk.waiting import waiting_for
from oscar_engage.jobs.run import run_due
from tests.desk.mailbox.conftest import SHOP

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=5)


@pytest.fixture
def talked(chat: Conversation, agent: Agent, now: datetime) -> Conversation:
    """Return a chat with an agent, whose shopper left an address and has seen all so far."""
    Conversation.objects.update(email="ada@example.com", language="en")
    take(chat, agent, now=now)
    chat.refresh_from_db()
    mark_read_by_shopper(chat, chat.last_seq)
    return chat


def say(chat: Conversation, agent: Agent, now: datetime, body: str = "Yes, it is.") -> Message:
    return post_message(chat, role=Role.AGENT, agent=agent, body=body, client_id=uuid.uuid4(), now=now)


@pytest.mark.parametrize("is_agent_there", [True, False])
@override_settings(OSCAR_ENGAGE={**SHOP, "MAIL_ANSWER_TEXT": True})
def test_rest__nobody_fetched_the_answer__chat_goes_on_by_mail_with_its_agent(
    is_agent_there: bool, talked: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    say(talked, agent, now)
    say(talked, agent, now + timedelta(minutes=1), "In blue, too.")
    if is_agent_there:
        Agent.objects.update(lease_until=now + 9 * LATER)
    run_due(now=now + LATER - timedelta(seconds=1))
    assert mailoutbox == []
    run_due(now=now + LATER)
    run_due(now=now + 2 * LATER)

    [mail] = mailoutbox
    assert mail.to == ["ada@example.com"]
    assert mail.reply_to == [f"answers+{make_token(talked)}@shop.example"]
    assert "Yes, it is." in mail.body
    assert "In blue, too." in mail.body
    talked.refresh_from_db()
    agent.refresh_from_db()
    assert (talked.kind, talked.status, talked.agent, talked.weight, agent.used_tenths) == ("note", "open", agent, 0, 0)
    assert [one.kind for one in waiting_for(talked.visitor_id)] == ["answer"]


def test_rest__by_default__mail_has_a_link_and_no_text(
    talked: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    say(talked, agent, now)
    run_due(now=now + LATER)
    assert "Yes, it is." not in mailoutbox[0].body
    assert "/engage/answer/?token=" in mailoutbox[0].body


def test_rest__later_answers_and_replies__go_like_a_notes(
    talked: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    say(talked, agent, now)
    run_due(now=now + LATER)
    talked.refresh_from_db()
    post_message(talked, role=Role.SHOPPER, body="Fine.", client_id=uuid.uuid4(), now=now + 2 * LATER)
    talked.refresh_from_db()
    assert (talked.status, talked.due_at) == ("waiting", now + 2 * LATER + timedelta(minutes=40))

    say(talked, agent, now + 3 * LATER, "Sent today.")
    run_due(now=now + 3 * LATER)
    run_due(now=now + 9 * LATER)
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("there", ["read", "wrote", "closed", "no address", "erased"])
def test_rest__shopper_is_there_or_it_is_over__stays_a_chat_and_no_mail(
    there: str, talked: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    message = say(talked, agent, now)
    changes: dict[str, Callable[[], object]] = {
        "read": lambda: mark_read_by_shopper(talked, message.seq),
        "wrote": lambda: post_message(talked, role=Role.SHOPPER, body="Ok", client_id=uuid.uuid4(), now=now),
        "closed": lambda: close(talked, agent, now=now),
        "no address": lambda: Conversation.objects.update(email=""),
        "erased": talked.delete,
    }
    changes[there]()
    assert run_due(now=now + LATER).failed == 0

    assert mailoutbox == []
    assert not Conversation.objects.filter(kind="note").exists()


def test_rest__chat_without_an_address__no_job(
    chat: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    take(chat, agent, now=now)
    say(chat, agent, now)
    run_due(now=now + LATER)
    chat.refresh_from_db()
    assert (chat.kind, mailoutbox) == ("chat", [])
