"""The server asks nobody: no picture, no preview, no mail inside a request."""

import socket
import time
from typing import Any

import pytest
from django.core import checks
from django.core.mail import EmailMessage
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from oscar_engage.jobs.run import run_due
from oscar_engage.models import Conversation, Job
from tests.attacks.payloads import links_in
from tests.attacks.readers import Reader
from tests.desk.pages.snapshots import sent
from tests.storefront.beats import body, known_shopper, send, signal
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db

REMOTE = "https://evil.example/t.gif"


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody open a connection to another machine; the database's is open already."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"asked the network: {args}")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.attack("D03")
def test_d03__address_and_picture__are_fetched_by_nobody(no_network: None, reader: Reader) -> None:
    shopper = known_shopper()
    send(shopper, body(signal(), path=REMOTE))
    asked = reader.ask(email="ann@example.com", question=f"{REMOTE} <img src={REMOTE}>", page_path=REMOTE, page_title=REMOTE)
    reader.reply(asked, REMOTE)
    run_due(now=timezone.now())

    links = [link for page in reader.pages() for link in links_in(page)]
    assert not [link for link in links if "evil" in link or "gravatar" in link]
    assert Conversation.objects.get().email == "ann@example.com"


@pytest.mark.attack("D01")
def test_d01__what_a_page_copy_names__is_fetched_by_nobody(no_network: None, reader: Reader) -> None:
    inside = ("http://169.254.169.254/latest/", "http://127.0.0.1:6379/", REMOTE, "//169.254.169.254/")
    html = "<div>" + "".join(f'<img src="{address}">' for address in inside) + "</div>"
    asked = reader.ask(page_path="/catalogue/", page_copy=sent(html, styles=list(inside)), with_copy="1")
    run_due(now=timezone.now())

    page = text_of(reader.agent.get(reverse("engage_dashboard:engage-conversation-page", args=[asked.public_id])))
    assert "<img" in page
    assert not [address for address in inside if address in page]


class HangingBackend:
    """A mail server that accepts the connection and then says nothing."""

    def __init__(self, **kwargs: Any) -> None:
        pass

    def send_messages(self, messages: list[EmailMessage]) -> int:
        time.sleep(0.3)
        raise TimeoutError("timed out")


@pytest.mark.attack("D04")
@override_settings(EMAIL_BACKEND="tests.attacks.test_d.HangingBackend")
def test_d04__mail_server_hangs__only_the_worker_waits(reader: Reader, django_capture_on_commit_callbacks: Any) -> None:
    asked = reader.ask(email="ann@example.com")
    started = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        reader.reply(asked, "Yes.")
    in_requests = time.monotonic() - started

    assert Job.objects.get(kind="desk.answer_mail").state == "due"
    started = time.monotonic()
    assert run_due(now=timezone.now()).failed == 1
    assert time.monotonic() - started > 0.3
    assert in_requests < 5  # four requests; 60 s if one had waited
    assert "Yes." in text_of(reader.asked[0][0].get("/engage/questions/"))


SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.attack("D04")
@pytest.mark.parametrize(
    ("backend", "timeout", "found"),
    [(SMTP, None, ["oscar_engage.W011"]), (SMTP, 20, []), ("django.core.mail.backends.locmem.EmailBackend", None, [])],
)
def test_d04__mail_server_without_a_time_limit__is_named_by_the_checks(
    backend: str, timeout: int | None, found: list[str], settings: Any
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = backend, timeout

    assert [message.id for message in checks.run_checks(tags=["oscar_engage"]) if message.id == "oscar_engage.W011"] == found


@pytest.mark.attack("D04")
def test_d04__one_of_several_mail_servers_without_a_time_limit__is_named_by_the_checks(settings: Any) -> None:
    for deprecated in ("EMAIL_BACKEND", "EMAIL_TIMEOUT"):  # Django 6.1 takes one or the other
        if settings.is_overridden(deprecated):
            delattr(settings, deprecated)
    settings.MAILERS = {
        "default": {"BACKEND": SMTP, "OPTIONS": {"timeout": 20}},
        "news": {"OPTIONS": {"host": "news.shop.example"}},
        "console": {"BACKEND": "django.core.mail.backends.console.EmailBackend"},
    }

    (found,) = (message for message in checks.run_checks(tags=["oscar_engage"]) if message.id == "oscar_engage.W011")
    assert "MAILERS['news']['OPTIONS']['timeout']" in found.msg
