"""Does the pipe tell the mail server what it has to know, and never make it write to a stranger?"""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.test import override_settings

from oscar_engage.desk.mailbox.models import Mailbox
from oscar_engage.desk.models import Conversation, Message
from oscar_engage.management.commands import engage_mail
from tests.desk.mailbox.conftest import SHOP
from tests.desk.mailbox.letters import mail, reply

pytestmark = pytest.mark.django_db
Pipe = Callable[..., tuple[int, str]]


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Pipe:
    def hand_over(raw: bytes, *arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        said = io.StringIO()
        try:
            call_command("engage_mail", *arguments, stdout=said, stderr=said)
        except SystemExit as ended:
            return int(str(ended.code)), said.getvalue()
        return 0, said.getvalue()

    return hand_over


def test_pipe__mail_to_a_mailbox__0(pipe: Pipe, mailbox: Mailbox) -> None:
    assert pipe(mail(), "--mailbox", "support") == (0, "opened\n")
    assert Conversation.objects.get().queue == mailbox.queue


def test_pipe__without_a_mailbox__replies_alone(pipe: Pipe, note: Conversation) -> None:
    Conversation.objects.update(spoken_at="2126-01-01T00:00Z")  # the command's clock is the real one
    assert pipe(reply(note)) == (0, "continued\n")
    assert pipe(mail(message_id="<2@x.example>")) == (0, "refused no_thread\n")
    assert Message.objects.count() == 2


@pytest.mark.attack("G05")
def test_pipe__refused__0_unless_the_sender_still_waits(pipe: Pipe) -> None:
    assert pipe(b"junk") == (0, "refused sender\n")
    assert pipe(b"junk", "--tell") == (65, "refused sender\n")
    assert pipe(mail(Auto_Submitted="auto-replied"), "--tell") == (0, "ignored automatic\n")


@pytest.mark.attack("G08")
def test_pipe__endless__is_read_up_to_the_limit(pipe: Pipe) -> None:
    with override_settings(OSCAR_ENGAGE={**SHOP, "LARGEST_MAIL": 1000}):
        assert pipe(mail("x" * 5000)) == (0, "refused size\n")


def test_pipe__no_such_mailbox__67(pipe: Pipe) -> None:
    assert pipe(mail(), "--mailbox", "sales") == (67, "There is no mailbox 'sales'.\n")


@pytest.mark.parametrize("trouble", ["resting", "busy", "database"])
def test_pipe__cannot_take_it_now__75_and_nothing_kept(
    trouble: str, pipe: Pipe, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("secret")

    settings = {**SHOP, "QUEUE_LIMIT": 1}
    if trouble == "resting":
        Mailbox.objects.update(is_active=False)
    elif trouble == "busy":
        pipe(mail(sender="bob@example.com", message_id="<9@x.example>"), "--mailbox", "support")
    else:
        monkeypatch.setattr(engage_mail, "receive", gone)
    before = Conversation.objects.count()
    with override_settings(OSCAR_ENGAGE=settings):
        status, said = pipe(mail(), "--mailbox", "support")
    assert status == 75
    assert "secret" not in said
    assert Conversation.objects.count() == before
