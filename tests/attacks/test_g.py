"""One mail to one address with our headers alone, whatever was typed."""

from email import message_from_bytes

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from oscar_engage.models import Agent, Conversation
from tests.attacks.readers import Reader

pytestmark = pytest.mark.django_db

BREAKS = ("\r\n", "\n", "\r", "\u2028", "\x0b", "%0d%0a", "\u560a")


@pytest.mark.attack("G01")
@pytest.mark.parametrize("ends_line", BREAKS)
def test_g01__line_breaks__reach_no_header_and_the_job_ends(
    ends_line: str, reader: Reader, mailoutbox: list[EmailMessage]
) -> None:
    evil = f"Ann{ends_line}Bcc: victim@example.com{ends_line}{ends_line}<html>"
    reader.ask(email="ann@example.com", name=evil[:60], question=evil, page_title=evil, page_path=evil)
    Agent.objects.update(display_name="Mia Bcc: x")
    reader.reply(Conversation.objects.get(), evil)

    assert run_due(now=timezone.now()).failed == 0

    [mail] = mailoutbox
    wire = message_from_bytes(mail.message().as_bytes())
    assert mail.recipients() == ["ann@example.com"]
    assert wire.get_all("To") == ["ann@example.com"]
    assert not {"bcc", "cc", "reply-to"} & {name.lower() for name in wire}
    assert len(wire.get_all("Subject") or []) == 1
    assert Job.objects.get(kind="desk.answer_mail").state == "done"


ADDRESSES = (
    "a@b.example,evil@x.example",
    "a@b.example;evil@x.example",
    "a@b.example evil@x.example",
    "a@b.example\r\nBcc: evil@x.example",
    "a@b.example\nevil@x.example",
    '"a b"@x.example',
    '"a@b.example, c"@x.example',
    '"a\nb"@x.example',
    "Ann <a@b.example>",
    "<script>@x.example",
    "a@<script>.example",
    "a" * 64 + "@" + "b" * 60 + ".example",
    "a" * 300 + "@x.example",
    "a@" + "b." * 150 + "example",
    "ann@bücher.example",
    "änn@x.example",
    "a@localhost",
    "a@[127.0.0.1]",
    "@x.example",
    "a@",
    "a@b.example\x00",
    "a%0aBcc:evil@x.example",
)


@pytest.mark.attack("G02")
@pytest.mark.parametrize("address", ADDRESSES)
def test_g02__odd_address__is_refused_or_is_one_that_gets_the_mail(
    address: str, reader: Reader, mailoutbox: list[EmailMessage]
) -> None:
    Client().post("/engage/note/", {"question": "Hello?", "email": address})
    for asked in Conversation.objects.all():
        assert len(asked.email) <= 254
        reader.reply(asked, "Yes.")
    ran = run_due(now=timezone.now())

    assert (ran.failed, ran.dead) == (0, 0)
    for mail in mailoutbox:
        assert mail.recipients() == [address]
        wire = message_from_bytes(mail.message().as_bytes())
        assert len(wire.get_all("To") or []) == 1
        assert "Bcc" not in wire
