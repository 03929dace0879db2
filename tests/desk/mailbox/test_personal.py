"""Is what mail leaves behind exported, erased with its person, and gone in time?"""

from datetime import datetime, timedelta

import pytest

from oscar_engage.desk.mailbox.models import Mailbox, MailThread, ReceivedMail
from oscar_engage.desk.mailbox.purge import purge_received
from oscar_engage.desk.mailbox.receive import receive
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from oscar_engage.models import Conversation, Message
from oscar_engage.personal.person import make_person
from oscar_engage.privacy.erase import begin_erasure, run_parts
from oscar_engage.privacy.export import export_person
from tests.desk.mailbox.letters import mail

pytestmark = pytest.mark.django_db


@pytest.mark.attack("J05")
def test_erasure__who_wrote_by_mail__leaves_nothing_that_names_them(mailbox: Mailbox, now: datetime) -> None:
    receive(mail(subject="Kettle of Ada", References="<ada-thread@x.example>"), mailbox, now=now)
    receive(mail("", subject="", message_id="<2@x.example>"), mailbox, now=now)  # refused
    receive(mail(sender="bob@example.com", message_id="<3@x.example>"), mailbox, now=now)
    run_due(now=now)
    person = make_person(emails=["Ada@example.com"])

    document = export_person(person, actor=None, now=now)
    assert "Kettle of Ada" in document
    assert "a…@example.com" in document or "a\\u2026@example.com" in document
    assert "bob" not in document

    run_parts(begin_erasure(person, actor=None, now=now), now=now)
    left = str([list(model.objects.values()) for model in (Conversation, Message, MailThread, ReceivedMail, Job)])
    assert not [word for word in ("ada@", "Kettle of Ada", "ada-thread", "a…@example.com", "1@mail.example") if word in left]
    assert (Conversation.objects.count(), ReceivedMail.objects.count()) == (1, 1)


def test_purge__after_the_days_of_signals__lines_go_and_conversations_stay(mailbox: Mailbox, now: datetime) -> None:
    receive(mail(), mailbox, now=now)
    purge_received({}, now=now + timedelta(days=89))
    assert ReceivedMail.objects.count() == 1
    purge_received({}, now=now + timedelta(days=91))
    assert (ReceivedMail.objects.count(), Conversation.objects.count()) == (0, 1)
