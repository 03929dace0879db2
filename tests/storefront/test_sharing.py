"""Does a shopper's browser share its page with its own yes, by its own cookie, and within bounds?"""

import gzip
import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import take
from oscar_engage.sharing.begin import ask as ask_to_share
from oscar_engage.sharing.codes import make_code
from oscar_engage.sharing.models import Ended, LiveCode, LiveMessage, LiveSession, LiveState, Pause
from oscar_engage.storefront import live_wire, views_sharing
from oscar_engage.storefront.payment_help import build_chat_link
from oscar_engage.storefront.rate import Rate
from oscar_engage.storefront.sharing_page import COOKIE_NAME
from oscar_engage.storefront.sharing_talk import serve_sharing_fast
from tests.sharing.conftest import a_page
from tests.storefront.shopping import ask, text_of

pytestmark = pytest.mark.django_db
PAGE = "page-of-the-shopper"


@pytest.fixture(autouse=True)
def fresh_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_wire, "TALKS", Rate(seconds=60))
    monkeypatch.setattr(live_wire, "LARGE_TALKS", Rate(seconds=60))
    monkeypatch.setattr(views_sharing, "CODES", Rate(seconds=60))


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Mia"), "online", now=timezone.now())


@pytest.fixture
def chat(client: Client, agent: Agent) -> Conversation:
    return take(ask(client, "chat"), agent, now=timezone.now())


@pytest.fixture
def live(client: Client, chat: Conversation) -> LiveSession:
    client.post(reverse("engage:live-new", args=[chat.public_id]), {"answer": "yes"})
    return LiveSession.objects.get()


def talk(client: Client, session: LiveSession, *, header: str = "talk", raw: bytes | None = None, **said: Any) -> Any:
    """Say something before all middleware, as a browser does: with our cookie and our header."""
    content = {"page": PAGE, "path": "/", "begins": True, "seq": 1, "events": a_page(), **said}
    address = reverse("engage:live-talk", args=[session.public_id])
    body = json.dumps(content).encode() if raw is None else raw
    kind = "application/gzip" if body[:2] == b"\x1f\x8b" else "application/json"
    request = RequestFactory().post(address, body, content_type=kind, headers={"Engage-Live": header} if header else {})
    request.COOKIES["engage_visitor"] = client.cookies["engage_visitor"].value
    response = serve_sharing_fast(request)
    assert response is not None
    return response


def test_question__asked_by_an_agent__says_who_asks_and_what_is_seen(client: Client, chat: Conversation, agent: Agent) -> None:
    session = ask_to_share(chat, agent, now=timezone.now())
    html = text_of(client.get(reverse("engage:live", args=[session.public_id])))
    assert "Mia asks to see this page" in html
    assert "Not seen: what you type, passwords, cards" in html
    assert "Nothing of it is kept." in html
    assert "record.js" in html
    assert client.get(reverse("engage:chat-events", args=[chat.public_id]))["Engage-Live"] == session.public_id


def test_answer__yes_begins_with_a_cookie__no_ends__others_are_nobodys(
    client: Client, chat: Conversation, agent: Agent
) -> None:
    session = ask_to_share(chat, agent, now=timezone.now())
    address = reverse("engage:live-answer", args=[session.public_id])
    assert client.post(address, {"answer": "maybe"}).status_code == 400
    assert Client().post(address, {"answer": "yes"}).status_code == 404
    assert client.post(address, {"answer": "yes"}).json() == {"id": session.public_id}
    assert client.cookies[COOKIE_NAME].value == chat.public_id
    assert client.cookies[COOKIE_NAME]["httponly"]
    assert client.cookies[COOKIE_NAME]["samesite"] == "Lax"
    assert client.post(reverse("engage:live-end", args=[session.public_id])).status_code == 204
    assert client.cookies[COOKIE_NAME].value == ""
    assert client.post(address, {"answer": "yes"}).status_code == 410
    second = ask_to_share(Conversation.objects.get(pk=chat.pk), agent, now=timezone.now())
    assert client.post(reverse("engage:live-answer", args=[second.public_id]), {"answer": "no"}).status_code == 204
    assert LiveSession.objects.get(pk=second.pk).ended == Ended.REFUSED
    assert client.get(reverse("engage:live", args=[second.public_id])).status_code == 410


def test_talk__own_page__kept_stripped_and_answered(
    client: Client, live: LiveSession, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(7):  # the session, its row moved, the message, what the page before it left
        told = json.loads(talk(client, live).content)
    assert (told["state"], told["seq"], told["lookers"], told["pause"]) == ("live", 1, [], "")
    with django_assert_max_num_queries(1):
        talk(client, live, begins=False, seq=0, events=[])
    packed = gzip.compress(json.dumps({"page": PAGE, "path": "/", "seq": 2, "events": a_page()}).encode())
    assert json.loads(talk(client, live, raw=packed).content)["seq"] == 2
    assert LiveMessage.objects.count() == 1  # the second page takes the place of the first


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/checkout/shipping-address/", "/checkout/preview/", "/nowhere/", "/dashboard/"]
)
def test_talk__private_page__pauses_and_keeps_nothing(client: Client, live: LiveSession, path: str) -> None:
    told = json.loads(talk(client, live, path=path).content)
    assert (told["pause"], told["words"]) == ("private", "This page is private: nobody sees it.")
    assert not LiveMessage.objects.exists()


def test_talk__without_header_key_sense_or_measure__is_refused(client: Client, live: LiveSession) -> None:
    assert talk(client, live, header="").status_code == 403
    assert talk(client, live, raw=b"{}").status_code == 400
    assert talk(client, live, raw=gzip.compress(b"0" * (3 * 1024 * 1024))).status_code == 413
    stranger = Client()
    ask(stranger, "chat")
    assert talk(stranger, live).status_code == 404
    assert not LiveMessage.objects.exists()


def test_talk__flood__429_before_the_database_is_asked(
    client: Client, live: LiveSession, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(live_wire, "TALKS_PER_MINUTE", 1)
    assert talk(client, live).status_code == 200
    with django_assert_num_queries(0):
        assert talk(client, live).status_code == 429


def test_leave__is_noted_without_an_answer(client: Client, live: LiveSession) -> None:
    talk(client, live)
    assert talk(client, live, header="leave").status_code == 204


def test_payment_page__pauses_by_the_cookie_alone(client: Client, live: LiveSession, django_assert_num_queries: Any) -> None:
    def link(**cookies: str) -> str:
        request: HttpRequest = RequestFactory().get("/checkout/preview/")
        request.COOKIES.update(cookies)
        return build_chat_link(request)

    chat_id = live.conversation.public_id
    with django_assert_num_queries(0):
        assert "nobody sees your page" not in link(engage_chat=chat_id)
    assert "Where you pay, nobody sees your page." in link(engage_chat=chat_id, engage_live=chat_id)
    assert LiveSession.objects.get().pause == Pause.PAYMENT


def test_code__right_once__opens_a_chat_with_its_agent_and_begins(client: Client, agent: Agent) -> None:
    code = make_code(agent, now=timezone.now())
    address = reverse("engage:live-code")
    wrong = client.post(address, {"code": "12 34"})
    assert "This code is not right, or too old." in text_of(wrong)
    assert not Conversation.objects.exists()
    shown = client.post(address, {"code": f"{code[:3]} {code[3:]}"})
    session = LiveSession.objects.get()
    assert f'data-engage-begun="{session.public_id}"' in text_of(shown)
    assert (session.agent, session.state, session.conversation.weight) == (agent, LiveState.LIVE, 0)
    assert not LiveCode.objects.exists()
    assert "not right, or too old" in text_of(Client().post(address, {"code": code}))


def test_code__guessed__ends_after_ten(client: Client, agent: Agent) -> None:
    ask(client, "chat")
    make_code(agent, now=timezone.now())
    answers = [client.post(reverse("engage:live-code"), {"code": f"{number:06d}"}).status_code for number in range(11)]
    assert answers == [200] * 10 + [429]


def test_off__no_button_no_script_no_code(client: Client, chat: Conversation, settings: Any) -> None:
    shown = reverse("engage:chat-detail", args=[chat.public_id])
    assert "share.js" in text_of(client.get(shown))
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "MODULES_OFF": ["shared_page"]}
    assert "share.js" not in text_of(client.get(shown))
    assert client.get(reverse("engage:live-new", args=[chat.public_id])).status_code == 404
    assert client.get(reverse("engage:live-code")).status_code == 404
    assert "Show my page" not in text_of(client.get(reverse("engage:help")))
