"""Does an answer reach the shopper who has left a chat, once, and is the agent free for others meanwhile?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import override_settings

from oscar_engage.desk.carry.load import KeptFile, Load
from oscar_engage.desk.carry.storage import write
from oscar_engage.desk.mailbox.receive import receive
from oscar_engage.desk.mailbox.token import make_token
from oscar_engage.desk.mailbox.transcript import request_transcript
from oscar_engage.desk.models import Agent, Conversation, Message, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.promises.course import owes_answer
from oscar_engage.desk.promises.sweep import watch_promises
from oscar_engage.desk.read import mark_read_by_shopper
from oscar_engage.desk.take import close, take
from oscar_engage.desk.transfer.claim import where_is
from oscar_engage.desk.transfer.deed import Deed
from oscar_engage.desk.transfer.hand_on import hand_to_queue
from oscar_engage.desk.waiting import waiting_for
from oscar_engage.jobs.run import run_due
from tests.desk.mailbox.conftest import SHOP
from tests.desk.mailbox.letters import reply

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


def test_rest__agent_had_to_leave_after_the_answer__nothing_is_owed_and_nobody_is_warned(
    talked: Conversation, agent: Agent, now: datetime
) -> None:
    say(talked, agent, now)
    set_presence(agent, "offline", now=now)
    run_due(now=now + LATER)
    watch_promises({}, now=now + timedelta(hours=2))

    talked.refresh_from_db()
    assert (talked.status, talked.agent, owes_answer(talked)) == ("open", agent, False)
    assert (talked.watch_at, talked.escalated_at) == (None, None)


def test_rest__handed_on_to_a_queue_after_the_answer__waits_there_for_a_colleague(
    talked: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    say(talked, agent, now, "My colleague looks into it.")
    talked.refresh_from_db()
    deed = Deed(by=agent, user=agent.user, reason="A refund", now=now)
    due = hand_to_queue(talked, None, deed, seen=where_is(talked)).due_at
    run_due(now=now + LATER)

    talked.refresh_from_db()
    assert (talked.kind, talked.status, talked.agent, talked.due_at) == ("note", "waiting", None, due)
    assert owes_answer(talked)
    assert [one.to for one in mailoutbox] == [["ada@example.com"]]


@override_settings(OSCAR_ENGAGE={**SHOP, "MAIL_ANSWER_TEXT": True})
def test_reply_by_mail__chat_with_words_that_nobody_fetched__rests_and_they_are_mailed(
    talked: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    say(talked, agent, now)
    assert receive(reply(talked, "Are you there?"), None, now=now).conversation == talked
    run_due(now=now)

    talked.refresh_from_db()
    agent.refresh_from_db()
    assert (talked.kind, talked.status, talked.agent, agent.used_tenths) == ("note", "waiting", agent, 0)
    assert ["Yes, it is." in one.body for one in mailoutbox] == [True]


def test_reply_by_mail__all_was_read__chat_goes_on(talked: Conversation, agent: Agent, now: datetime) -> None:
    mark_read_by_shopper(talked, say(talked, agent, now).seq)
    receive(reply(talked, "Thank you"), None, now=now)
    talked.refresh_from_db()
    assert (talked.kind, talked.status) == ("chat", "open")


@override_settings(OSCAR_ENGAGE={**SHOP, "MAIL_ANSWER_TEXT": True, "ATTACHMENT_STORAGE": "engage"})
def test_mails__message_that_is_a_file_alone__name_it(
    talked: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    path = write(b"%PDF-1.4", now=now)
    load = Load(files=(KeptFile(name="Manual.pdf", kind="pdf", size=8, path=path),))
    post_message(talked, role=Role.AGENT, agent=agent, body="", client_id=uuid.uuid4(), now=now, load=load)
    request_transcript(talked, now=now)
    run_due(now=now + LATER)

    assert ["[Manual.pdf]" in one.body for one in mailoutbox] == [True, True]


def test_rest__chat_without_an_address__no_job(
    chat: Conversation, agent: Agent, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    take(chat, agent, now=now)
    say(chat, agent, now)
    run_due(now=now + LATER)
    chat.refresh_from_db()
    assert (chat.kind, mailoutbox) == ("chat", [])
