"""Does the telephone system hear what to dial, signed, once and soon; and does no request of ours go where it should not?"""

import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.conf import EngageSettings, InvalidSettingError
from oscar_engage.desk.calls import webhook
from oscar_engage.desk.calls.models import CallTry
from oscar_engage.desk.calls.provider import NobodyDials, Order, TelLink
from oscar_engage.desk.calls.ring import begin_try
from oscar_engage.desk.calls.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_genuine, sign
from oscar_engage.desk.calls.wire import UnreachableError, post
from oscar_engage.desk.models import Agent
from oscar_engage.desk.take import take
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.run import run_due
from tests.desk.calls.conftest import NUMBER, AskCall, at

SECRET = "a-secret-of-the-shop"
PUBLIC = "93.184.216.34"


@dataclass
class Exchange:
    """A telephone system: what it was sent, and the status that it answers with."""

    url: str
    context: ssl.SSLContext
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exchange]:
    """Return a telephone system on this machine, with a certificate of its own for ``pbx.example``."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the certificate of the test's server is made with openssl, which is not installed")
    folder: Path = tmp_path_factory.mktemp("pbx")
    key, certificate = str(folder / "key.pem"), str(folder / "cert.pem")
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=pbx.example"]
    made += ["-addext", "subjectAltName=DNS:pbx.example", "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, capture_output=True)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((dict(self.headers), body))
            self.send_response(found.status)
            self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate, key)
    server.socket = inside.wrap_socket(server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=certificate)
    found = Exchange(url=f"https://pbx.example:{server.server_port}/dial", context=trusting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def telephone(exchange: Exchange, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    """Have the shop dial by the exchange, which is in its own network; its name is resolved here."""
    exchange.got.clear()
    exchange.status = 200
    settings.OSCAR_ENGAGE = {
        **settings.OSCAR_ENGAGE,
        "CALL_PROVIDER": "oscar_engage.desk.calls.webhook.SignedWebhook",
        "CALL_WEBHOOK": {"URL": exchange.url, "SECRET": SECRET, "PRIVATE": True},
    }

    def to_exchange(url: str, body: bytes, headers: Any, *, allows_private: bool) -> None:
        post(url, body, headers, allows_private=allows_private, find=lambda *_to: ["127.0.0.1"], context=exchange.context)

    monkeypatch.setattr(webhook, "post", to_exchange)
    return exchange


def dial(ask_call: AskCall, agent: Agent, now: datetime) -> CallTry:
    call = ask_call()
    take(call.conversation, agent, now=now)
    return begin_try(call.conversation, agent, now=now)


def test_dial__by_webhook__signed_request_once_and_no_number_in_the_job(
    telephone: Exchange, ask_call: AskCall, agent: Agent, now: datetime
) -> None:
    begun = dial(ask_call, agent, now)
    run_due(now=now + timedelta(seconds=2))
    run_due(now=now + timedelta(seconds=4))

    ((headers, body),) = telephone.got
    told = json.loads(body)
    assert told == {
        "id": begun.pk,
        "to": NUMBER,
        "reference": begun.call.conversation.reference,
        "agent": {"id": agent.pk, "name": "Mia"},
    }
    signed = {"timestamp": headers[TIMESTAMP_HEADER], "signature": headers[SIGNATURE_HEADER]}
    assert is_genuine(SECRET, body, now=now, **signed)
    assert NUMBER[1:] not in str(list(Job.objects.values_list("payload", "key", "last_error")))


@pytest.mark.parametrize("status", [302, 500])
def test_dial__refused_or_redirected__said_to_the_agent_and_not_tried_again(
    status: int, telephone: Exchange, ask_call: AskCall, agent: Agent, now: datetime
) -> None:
    telephone.status = status
    begun = dial(ask_call, agent, now)
    run_due(now=now)
    run_due(now=now + timedelta(seconds=20))

    begun.refresh_from_db()
    assert begun.trouble == f"status {status}"
    assert len(telephone.got) == 1
    again = begin_try(begun.call.conversation, agent, now=now + timedelta(seconds=25))
    assert again.pk != begun.pk


def test_dial__worker_late__telephone_does_not_ring_an_hour_later(
    telephone: Exchange, ask_call: AskCall, agent: Agent, now: datetime
) -> None:
    begun = dial(ask_call, agent, now)
    run_due(now=now + timedelta(seconds=61))

    begun.refresh_from_db()
    assert (begun.trouble, telephone.got) == ("too late", [])


@pytest.mark.attack("D02")
@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("http://pbx.example/", [PUBLIC]),
        ("https://user:word@pbx.example/", [PUBLIC]),
        ("https://pbx.example/", ["127.0.0.1"]),
        ("https://pbx.example/", ["10.0.0.1"]),
        ("https://pbx.example/", ["169.254.169.254"]),
        ("https://pbx.example/", ["::1"]),
        ("https://pbx.example/", ["::ffff:10.0.0.1"]),
        ("https://pbx.example/", ["fe80::1%eth0"]),
        ("https://pbx.example/", [PUBLIC, "192.168.0.1"]),
        ("https://pbx.example/", []),
    ],
)
def test_post__not_https_or_an_address_inside__refused_before_anything_is_sent(
    url: str, addresses: list[str], exchange: Exchange
) -> None:
    with pytest.raises(UnreachableError):
        post(url, b"{}", {}, find=lambda *_to: addresses, context=exchange.context, timeout=0.5)


def test_post__private_allowed__still_no_metadata_address(exchange: Exchange) -> None:
    with pytest.raises(UnreachableError, match="address refused"):
        post("https://pbx.example/", b"{}", {}, allows_private=True, find=lambda *_to: ["169.254.169.254"])


def test_post__certificate_of_another_name__refused(exchange: Exchange) -> None:
    url = exchange.url.replace("pbx.example", "other.example")
    with pytest.raises(UnreachableError, match="SSL"):
        post(url, b"{}", {}, allows_private=True, find=lambda *_to: ["127.0.0.1"], context=exchange.context)


@given(st.binary(max_size=200), st.text(min_size=1, max_size=40), st.binary(max_size=200))
def test_signature__other_body_secret_or_time__not_genuine(body: bytes, secret: str, other: bytes) -> None:
    signed = sign(secret, body, at=at(12))
    said = {"timestamp": signed[TIMESTAMP_HEADER], "signature": signed[SIGNATURE_HEADER]}

    assert is_genuine(secret, body, now=at(12, 4), **said)
    assert not is_genuine(secret, body, now=at(12, 6), **said)
    assert not is_genuine(f"{secret}x", body, now=at(12), **said)
    assert is_genuine(secret, other, now=at(12), **said) is (other == body)
    assert not is_genuine(secret, body, timestamp="soon", signature=said["signature"], now=at(12))


def test_providers__link_or_nobody() -> None:
    order = Order(try_id=1, number=NUMBER, reference="R", agent_id=1, agent_name="Mia")
    link: Callable[[str], str] = TelLink().link

    assert link(NUMBER) == f"tel:{NUMBER}"
    assert NobodyDials().link(NUMBER) == webhook.SignedWebhook().link(NUMBER) == ""
    for provider in (TelLink(), NobodyDials()):
        provider.dial(order, now=at(12))


@pytest.mark.parametrize(
    "hook",
    [
        {"URL": "http://pbx.example/", "SECRET": SECRET},
        {"URL": "https://pbx.example/", "SECRET": "short"},
        {"URL": "https://pbx.example/"},
        {"URL": "https://pbx.example/", "SECRET": SECRET, "RETRIES": 5},
    ],
)
def test_setting__webhook_that_cannot_work__says_what_to_type(hook: dict[str, Any]) -> None:
    with pytest.raises(InvalidSettingError, match="URL that begins with https"):
        EngageSettings.from_mapping({"CALL_WEBHOOK": hook})
