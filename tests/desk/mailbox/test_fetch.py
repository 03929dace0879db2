"""Are mails fetched once each, from now on, and marked as seen only when they are safe? Against a real server in a thread."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import override_settings

from oscar_engage.desk.mailbox import fetch as fetching
from oscar_engage.desk.mailbox.fetch import LEASE, PAUSE, claim, fetch, fetch_claimed
from oscar_engage.desk.mailbox.imap import ImapPostbox
from oscar_engage.desk.mailbox.models import Mailbox, ReceivedMail
from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.run import run_due
from tests.desk.mailbox.conftest import SHOP
from tests.desk.mailbox.imap_server import CERTIFICATE, Folder, running
from tests.desk.mailbox.letters import mail

pytestmark = pytest.mark.django_db


def numbered(number: int, **more: Any) -> bytes:
    return mail(f"Question {number}", sender=f"s{number}@example.com", message_id=f"<{number}@x.example>", **more)


@pytest.fixture
def folder() -> Folder:
    folder = Folder()
    folder.put(numbered(100))  # was there before us, unread
    return folder


@pytest.fixture
def imap(mailbox: Mailbox, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setenv("ENGAGE_MAIL_SUPPORT", "secret")
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with running(folder) as port, override_settings(OSCAR_ENGAGE={**SHOP, "IMAP_HOSTS": ["localhost"]}):
        mailbox.way, mailbox.host, mailbox.port, mailbox.user = "imap", "localhost", port, "support"
        mailbox.password_variable = "ENGAGE_MAIL_SUPPORT"
        mailbox.save()
        yield mailbox


def run(mailbox: Mailbox, now: datetime) -> int:
    mailbox.refresh_from_db()
    assert claim(mailbox, now=now)
    return fetch_claimed(mailbox, now=now)


def questions() -> list[str]:
    return sorted(Conversation.objects.values_list("email", flat=True))


def test_fetch__first_time__leaves_alone_what_was_there_and_takes_what_comes(
    imap: Mailbox, folder: Folder, now: datetime
) -> None:
    assert run(imap, now) == 0
    first, second = folder.put(numbered(1)), folder.put(numbered(2))
    folder.put(numbered(3), is_seen=True)

    assert run(imap, now) == 2
    assert run(imap, now) == 0
    assert questions() == ["s1@example.com", "s2@example.com"]
    assert folder.flags[first] == folder.flags[second] == {r"\Seen"}
    imap.refresh_from_db()
    assert (imap.fetched_at, imap.failed_at, imap.last_error, imap.lease_until) == (now, None, "", None)


def test_fetch__worker_lost_before_marking__takes_it_once(imap: Mailbox, folder: Folder, now: datetime) -> None:
    run(imap, now)
    uid = folder.put(numbered(1))
    folder.breaks_at = "UID STORE"
    assert run(imap, now) == 0
    imap.refresh_from_db()
    assert imap.failed_at == now
    assert folder.flags[uid] == set()

    folder.breaks_at = ""
    assert run(imap, now + PAUSE) == 1
    assert questions() == ["s1@example.com"]
    assert folder.flags[uid] == {r"\Seen"}


def test_fetch__database_gone__mail_stays_unseen(
    imap: Mailbox, folder: Folder, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(imap, now)
    uid = folder.put(numbered(1))

    def gone(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(fetching, "receive", gone)
        assert run(imap, now) == 0
    assert folder.flags[uid] == set()
    assert run(imap, now + PAUSE) == 1


def test_fetch__mail_that_breaks_us_or_is_too_large__is_flagged_and_the_next_comes_through(
    imap: Mailbox, folder: Folder, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(imap, now)
    broken, large, fine = folder.put(numbered(1)), folder.put(numbered(2) + b"x" * 5000), folder.put(numbered(3))
    real = fetching.receive

    def breaking(raw: bytes, *args: Any, **kwargs: Any) -> Any:
        return real(raw, *args, **kwargs) if b"Question 1" not in raw else {}["bug"]

    monkeypatch.setattr(fetching, "receive", breaking)
    with override_settings(OSCAR_ENGAGE={**SHOP, "IMAP_HOSTS": ["localhost"], "LARGEST_MAIL": 4000}):
        assert run(imap, now) == 3

    assert folder.flags[broken] == folder.flags[large] == {r"\Seen", r"\Flagged"}
    assert folder.flags[fine] == {r"\Seen"}
    assert questions() == ["s3@example.com"]
    assert set(ReceivedMail.objects.filter(outcome="refused").values_list("reason", flat=True)) == {"broken", "size"}
    assert f"UID FETCH {large} (BODY.PEEK[])" not in folder.asked


def test_fetch__server_gave_new_numbers__takes_nothing_twice_and_loses_nothing(
    imap: Mailbox, folder: Folder, now: datetime
) -> None:
    run(imap, now)
    folder.put(numbered(1))
    run(imap, now)

    folder.uid_validity = 8
    folder.mails, folder.flags = {}, {}
    folder.put(numbered(1))
    folder.put(numbered(2))
    run(imap, now)

    assert questions() == ["s1@example.com", "s2@example.com"]
    [search] = [command for command in folder.asked if "SINCE" in command]
    assert search == "UID SEARCH UNSEEN UID 1:* SINCE 03-May-2026"


def test_fetch__many_mails__fifty_in_a_run_and_no_longer_than_its_time(imap: Mailbox, folder: Folder, now: datetime) -> None:
    run(imap, now)
    for number in range(60):
        folder.put(numbered(number))
    imap.refresh_from_db()
    ticks = count(step=30)
    assert fetch(imap, ImapPostbox(), now=now, clock=lambda: next(ticks)) == 1
    assert run(imap, now) == 50
    assert run(imap, now) == 9
    assert len(questions()) == 60


def test_claim__somebody_is_at_it__waits_for_the_end_of_the_lease(imap: Mailbox, now: datetime) -> None:
    other = Mailbox.objects.get()
    assert claim(imap, now=now)
    assert not claim(other, now=now + LEASE - timedelta(seconds=1))
    assert claim(other, now=now + LEASE)
    fetch_claimed(imap, now=now)  # whose lease is over: leaves the other's alone
    imap.refresh_from_db()
    assert (imap.lease_until, imap.fetched_at) == (now + 2 * LEASE, None)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"host": "imap.evil.example"}, "PostboxError: The server is not in IMAP_HOSTS"),
        ({"password_variable": "SECRET_KEY"}, "PostboxError: The environment variable with the password is not set"),
        ({"password_variable": "ENGAGE_MAIL_OTHER"}, "PostboxError: The environment variable with the password is not set"),
        ({"folder": "Nowhere"}, "PostboxError: The folder cannot be opened"),
        ({"user": "a\r\nLOGOUT"}, "PostboxError: User name or folder holds characters that no server takes"),
        ({"port": 1}, "ConnectionRefusedError"),
    ],
    ids=str,
)
def test_fetch__cannot_be__says_why_and_pauses(changed: dict[str, Any], error: str, imap: Mailbox, now: datetime) -> None:
    Mailbox.objects.update(**changed)
    assert run(imap, now) == 0
    imap.refresh_from_db()
    assert imap.last_error.startswith(error)
    assert (imap.failed_at, imap.lease_until, imap.fetched_at) == (now, now + PAUSE, None)


def test_fetch__wrong_password__is_said_without_it(imap: Mailbox, folder: Folder, now: datetime) -> None:
    folder.password = "another"
    run(imap, now)
    imap.refresh_from_db()
    assert imap.last_error == "PostboxError: The server refused user name and password"


def test_fetch__certificate_of_nobody_we_trust__is_refused(
    imap: Mailbox, folder: Folder, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    run(imap, now)
    imap.refresh_from_db()
    assert imap.last_error.startswith("SSLCertVerificationError")
    assert folder.asked == []


def test_job__each_minute__fetches_after_its_transaction(
    imap: Mailbox, folder: Folder, now: datetime, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    run(imap, now)
    folder.put(numbered(1))
    with django_capture_on_commit_callbacks(execute=True):
        assert run_due(now=now).failed == 0
        assert questions() == []
    assert questions() == ["s1@example.com"]


@pytest.mark.parametrize("changed", [{"is_active": False}, {"way": "pipe"}], ids=str)
def test_job__mailbox_not_in_use_or_piped__is_left_alone(
    changed: dict[str, Any],
    imap: Mailbox,
    folder: Folder,
    now: datetime,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    Mailbox.objects.update(**changed)
    with django_capture_on_commit_callbacks(execute=True):
        run_due(now=now)
    assert folder.asked == []
