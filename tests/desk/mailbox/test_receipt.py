"""Does who writes hear of it once a day, with nothing in it that they wrote, and with an answer if there is one?"""

from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import override_settings

from oscar_engage.desk.mailbox import receipt
from oscar_engage.desk.mailbox.models import Mailbox
from oscar_engage.desk.mailbox.receive import receive
from oscar_engage.desk.models import Conversation, Message
from oscar_engage.jobs.run import run_due
from tests.desk.mailbox.conftest import SHOP
from tests.desk.mailbox.letters import mail

pytestmark = pytest.mark.django_db
HERE = "tests.desk.mailbox.test_receipt"


class KnowsMalta:
    """An automatic answer to one question."""

    def answer(self, question: str, *, subject: str, language: str) -> str:
        return f"We ship to Malta. ({subject}, {language})" if "Malta" in question else ""


class Broken:
    """A port that fails."""

    def answer(self, question: str, *, subject: str, language: str) -> str:
        raise RuntimeError("help centre is down")


def test_receipt__new_mail__reference_and_promise_and_nothing_of_the_senders(
    mailbox: Mailbox, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    receive(mail("Buy pills at evil.example", subject="Pills", sender="Pill Shop <ada@example.com>"), mailbox, now=now)
    run_due(now=now)

    [sent] = mailoutbox
    opened = Conversation.objects.get()
    assert (sent.to, sent.from_email) == (["ada@example.com"], "support@shop.example")
    assert sent.subject == f"We have your mail: {opened.reference}"
    assert "10:10" in sent.body or "May 4, 2026, 10:10 a.m." in sent.body
    assert not [word for word in ("pill", "evil.example") if word in str(sent.message()).lower()]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.attack("G06")
def test_receipt__more_mails_of_one_sender__one_in_a_day(
    mailbox: Mailbox, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    for hours in (0, 2, 4, 13, 25):  # over midnight, too
        sender = f"ada+{hours}@example.com"
        receive(mail(sender=sender, message_id=f"<{hours}@x.example>"), mailbox, now=now + timedelta(hours=hours))
        run_due(now=now + timedelta(hours=hours))
    assert Conversation.objects.count() == 5
    assert len(mailoutbox) == 2


@pytest.mark.attack("G06")
def test_receipt__mails_that_name_many_strangers__are_capped_together(
    mailbox: Mailbox, now: datetime, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipt, "MOST_IN_AN_HOUR", 3)
    for number in range(6):
        receive(mail(sender=f"v{number}@example.com", message_id=f"<{number}@x.example>"), mailbox, now=now)
    run_due(now=now)
    assert len(mailoutbox) == 3


def test_receipt__mailbox_that_sends_none__none(mailbox: Mailbox, now: datetime, mailoutbox: list[EmailMessage]) -> None:
    mailbox.sends_receipts = False
    receive(mail(), mailbox, now=now)
    run_due(now=now)
    assert mailoutbox == []


def test_receipt__conversation_erased_before__none(mailbox: Mailbox, now: datetime, mailoutbox: list[EmailMessage]) -> None:
    receive(mail(), mailbox, now=now)
    Conversation.objects.all().delete()
    assert run_due(now=now).failed == 0
    assert mailoutbox == []


@override_settings(OSCAR_ENGAGE={**SHOP, "AUTOMATIC_ANSWER": f"{HERE}.KnowsMalta"})
def test_automatic_answer__known_question__goes_with_the_receipt_and_a_person_still_answers(
    mailbox: Mailbox, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    receive(mail("Do you ship to Malta?", subject="Malta"), mailbox, now=now)
    run_due(now=now)

    assert "We ship to Malta. (Malta, en)" in mailoutbox[0].body
    opened = Conversation.objects.get()
    assert (opened.status, opened.first_reply_at) == ("waiting", None)
    assert list(opened.messages.values_list("role", "body"))[1] == ("system", "We ship to Malta. (Malta, en)")


@pytest.mark.parametrize("port", [f"{HERE}.Broken", "no.such.Module"])
def test_automatic_answer__port_fails__receipt_goes_without(
    port: str, mailbox: Mailbox, now: datetime, mailoutbox: list[EmailMessage]
) -> None:
    with override_settings(OSCAR_ENGAGE={**SHOP, "AUTOMATIC_ANSWER": port}):
        receive(mail(), mailbox, now=now)
        run_due(now=now)
    assert len(mailoutbox) == 1
    assert Message.objects.count() == 1
