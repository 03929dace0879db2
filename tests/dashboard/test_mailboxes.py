"""Can a supervisor set up a mailbox, see what comes in and what was refused, and an agent what a mail proves?"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.mailbox.models import Mailbox, MailThread, ReceivedMail
from oscar_engage.desk.mailbox.receive import receive
from oscar_engage.desk.models import Conversation, Queue
from oscar_engage.jobs.run import run_due
from tests.desk.mailbox.imap_server import CERTIFICATE, Folder, running
from tests.desk.mailbox.letters import mail

pytestmark = pytest.mark.django_db
HOSTS = {"IMAP_HOSTS": ["localhost"]}


def url(name: str, *args: object) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


def data(**more: Any) -> dict[str, Any]:
    return {"address": "support@shop.example", "slug": "support", "way": "pipe", "port": "993", "is_active": "on", **more}


IMAP = {"way": "imap", "host": "localhost", "user": "support", "password_variable": "ENGAGE_MAIL_X", "folder": "INBOX"}


def make_mailbox(name: str = "support", **more: Any) -> Mailbox:
    return Mailbox.objects.create(slug=name, address=f"{name}@shop.example", **more)


def test_list__nothing_yet__says_what_to_do(client: Client) -> None:
    page = client.get(url("mailboxes")).content.decode()
    assert "There is no mailbox yet." in page
    assert "No mail was refused." in page
    assert "the setting REPLY_ADDRESS is empty" in page


@override_settings(OSCAR_ENGAGE={"REPLY_ADDRESS": "answers@shop.example"})
def test_list__mailboxes_and_refused_mails__say_how_it_goes(client: Client) -> None:
    now = timezone.now()
    mailbox = make_mailbox(
        way="imap", fetched_at=now - timedelta(hours=1), failed_at=now, last_error="OSError: <b>", is_active=False
    )
    receive(mail(), mailbox, now=now)
    receive(mail(subject="", sender='"<script>" <eve@evil.example>', body="", message_id="<2@x.example>"), mailbox, now=now)
    page = client.get(url("mailboxes")).content.decode()
    for words in (
        "1\xa0hour ago",
        "OSError: &lt;b&gt;",
        "out of use",
        "e…@evil.example",
        "it holds no text",
        "answers@shop.example",
    ):
        assert words in page
    assert page.count('<td class="engage-number">1</td>') == 2
    assert "eve@evil" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_list__any_number__takes_the_same_queries(
    number: int, client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for one in range(number):
        mailbox = make_mailbox(f"m{one}", queue=Queue.objects.create(slug=f"q{one}", name="Q"))
        conversation = receive(mail(message_id=f"<{one}@x.example>"), mailbox, now=timezone.now()).conversation
        ReceivedMail.objects.create(
            digest=f"{one}", outcome="refused", reason="forged", mailbox=mailbox, conversation=conversation, at=timezone.now()
        )
    client.get(url("mailboxes"))
    # Session, user, permissions (2), savepoints (2), Oscar's notifications; mailboxes, refused mails.
    with django_assert_num_queries(9):
        client.get(url("mailboxes"))


def test_mailbox__created_changed_and_deleted__conversations_stay(client: Client) -> None:
    queue = Queue.objects.create(slug="q", name="Q")
    assert client.post(url("mailbox-create"), data(address="Support@Shop.example", queue=queue.pk)).status_code == 302
    mailbox = Mailbox.objects.get()
    assert (mailbox.address, mailbox.queue, mailbox.takes_plus) == ("support@shop.example", queue, False)
    receive(mail(), mailbox, now=timezone.now())
    client.post(url("mailbox-edit", mailbox.pk), data(slug="help"))
    assert Mailbox.objects.get().slug == "help"
    client.post(url("mailbox-delete", mailbox.pk))
    assert (Mailbox.objects.count(), Conversation.objects.count(), MailThread.objects.get().mailbox) == (0, 1, None)
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["mailbox.created", "mailbox.changed", "mailbox.deleted"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"address": "x"}, "valid email"),
        ({"address": "a" * 29 + "@shop.example"}, "At most 28 characters"),
        ({"address": "a+b@shop.example"}, "no plus"),
        ({"slug": "a b"}, "slug"),
        ({**IMAP, "host": ""}, "Needed to fetch mails"),
        ({**IMAP, "host": "imap.evil.example"}, "Select a valid choice"),
        ({**IMAP, "password_variable": "SECRET_KEY"}, "Begin with ENGAGE_MAIL_"),
        ({**IMAP, "password_variable": ""}, "Needed to fetch mails"),
        ({"port": "0"}, "1"),
        ({"port": "70000"}, "65535"),
    ],
    ids=str,
)
@override_settings(OSCAR_ENGAGE=HOSTS)
def test_mailbox__mistake__is_said_at_its_place_and_nothing_kept(wrong: dict[str, Any], says: str, client: Client) -> None:
    response = client.post(url("mailbox-create"), data(**wrong))
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Mailbox.objects.exists()


@override_settings(OSCAR_ENGAGE=HOSTS)
def test_mailbox__another_folder__begins_anew_and_the_same_does_not(client: Client) -> None:
    client.post(url("mailbox-create"), data(**IMAP))
    Mailbox.objects.update(uid_validity=7, from_uid=12, failed_at=timezone.now(), last_error="x")
    pk = Mailbox.objects.get().pk
    client.post(url("mailbox-edit", pk), data(**IMAP, language="de"))
    mailbox = Mailbox.objects.get()
    assert (mailbox.uid_validity, mailbox.from_uid, mailbox.failed_at, mailbox.last_error) == (7, 12, None, "")
    client.post(url("mailbox-edit", pk), data(**{**IMAP, "folder": "Shop"}))
    mailbox = Mailbox.objects.get()
    assert (mailbox.uid_validity, mailbox.from_uid) == (None, 0)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Folder, int]]:
    monkeypatch.setenv("ENGAGE_MAIL_X", "secret")
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    folder = Folder()
    folder.put(mail())
    with running(folder) as port:
        yield folder, port


@pytest.mark.parametrize(("password", "says"), [("secret", "can be reached"), ("other", "refused user name and password")])
@override_settings(OSCAR_ENGAGE=HOSTS)
def test_test__imap__says_whether_it_works_and_fetches_nothing(
    password: str, says: str, client: Client, server: tuple[Folder, int]
) -> None:
    folder, port = server
    folder.password = password
    mailbox = make_mailbox(**{**IMAP, "port": port})
    page = client.post(url("mailbox-test", mailbox.pk), follow=True).content.decode()
    assert says in page
    assert not [command for command in folder.asked if "FETCH" in command or "STORE" in command]
    assert not Conversation.objects.exists()


def test_test__pipe__says_how_to_try(client: Client) -> None:
    page = client.post(url("mailbox-test", make_mailbox().pk), follow=True).content.decode()
    assert "send one to try it" in page
    assert "manage.py engage_mail --mailbox support" in page


def test_health__mailbox_cannot_be_fetched__says_which_and_why(client: Client) -> None:
    make_mailbox(way="imap", failed_at=timezone.now(), last_error="PostboxError: The folder cannot be opened")
    make_mailbox("resting", way="imap", is_active=False, failed_at=timezone.now(), last_error="x")
    page = client.get(url("health")).content.decode()
    assert "The mails of support@shop.example could not be fetched" in page
    assert "The folder cannot be opened" in page
    assert "resting@" not in page


def test_conversation__came_by_mail__agent_reads_that_the_sender_is_not_verified(
    client_of: Callable[[str], Client], django_user_model: Any
) -> None:
    django_user_model.objects.create_user(username="ada", email="Ada@example.com", first_name="Lovelace")
    earlier = receive(mail(), make_mailbox(), now=timezone.now()).conversation
    opened = receive(mail(message_id="<2@x.example>"), Mailbox.objects.get(), now=timezone.now()).conversation
    assert earlier is not None
    assert opened is not None
    page = client_of("agent").get(url("conversation", opened.public_id)).content.decode()
    assert "The mail says it is from ada@example.com; that is not verified." in page
    assert "account has this address" in page
    assert earlier.reference in page
    assert "Lovelace" not in page


def test_conversation__asked_in_the_shop__no_hint(client_of: Callable[[str], Client], note: Conversation) -> None:
    page = client_of("agent").get(url("conversation", note.public_id)).content.decode()
    assert "not verified" not in page
    assert "Mail the transcript" not in page


def test_transcript__by_an_agent__goes_to_the_shoppers_address_alone(
    client_of: Callable[[str], Client], note: Conversation, mailoutbox: list[EmailMessage]
) -> None:
    agent = client_of("agent")
    press = {"email": "eve@evil.example", "to": "eve@evil.example"}
    refused = agent.post(url("conversation-transcript", note.public_id), press, follow=True).content.decode()
    assert "The shopper left no address." in refused
    Conversation.objects.update(email="ada@example.com")
    assert "Mail the transcript" in agent.get(url("conversation", note.public_id)).content.decode()
    agent.post(url("conversation-transcript", note.public_id), press)
    run_due(now=timezone.now())
    assert [sent.to for sent in mailoutbox] == [["ada@example.com"]]
    assert AuditEntry.objects.filter(action="conversation.transcript_sent").count() == 1
