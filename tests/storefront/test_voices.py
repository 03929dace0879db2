"""Does a shopper's browser talk with its own yes, by its own cookie, and within bounds?"""

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
from oscar_engage.sharing.begin import offer as share
from oscar_engage.sharing.models import Ended, LiveMessage, LiveSession, LiveState, Pause
from oscar_engage.storefront import live_wire
from oscar_engage.storefront.payment_help import build_chat_link
from oscar_engage.storefront.rate import Rate
from oscar_engage.storefront.sharing_page import COOKIE_NAME
from oscar_engage.storefront.voices_talk import serve_voices_fast
from oscar_engage.voices.begin import ask_shopper
from tests.storefront.shopping import ask, text_of
from tests.voices.conftest import SDP

pytestmark = pytest.mark.django_db
PAGE = "page-of-the-shopper"
SECRET = "a-secret-of-sixteen-letters"
TURN = {"URLS": ["turn:turn.shop.example:3478"], "SECRET": SECRET}


@pytest.fixture(autouse=True)
def voices_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OSCAR_ENGAGE = {**getattr(settings, "OSCAR_ENGAGE", {}), "VOICES": True, "VOICES_TURN": TURN}
    monkeypatch.setattr(live_wire, "TALKS", Rate(seconds=60))
    monkeypatch.setattr(live_wire, "LARGE_TALKS", Rate(seconds=60))


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Mia"), "online", now=timezone.now())


@pytest.fixture
def chat(client: Client, agent: Agent) -> Conversation:
    return take(ask(client, "chat"), agent, now=timezone.now())


@pytest.fixture
def asked(chat: Conversation, agent: Agent) -> LiveSession:
    return ask_shopper(chat, agent, now=timezone.now())


@pytest.fixture
def live(client: Client, asked: LiveSession) -> LiveSession:
    client.post(reverse("engage:voice-answer", args=[asked.public_id]), {"answer": "yes"})
    asked.refresh_from_db()
    return asked


def talk(client: Client, session: LiveSession, *, header: str = "talk", raw: bytes | None = None, **said: Any) -> Any:
    """Say something before all middleware, as a browser does: with our cookie and our header."""
    body = json.dumps({"page": PAGE, "begins": True, **said}).encode() if raw is None else raw
    address = reverse("engage:voice-talk", args=[session.public_id])
    request = RequestFactory().post(
        address, body, content_type="application/json", headers={"Engage-Live": header} if header else {}
    )
    request.COOKIES["engage_visitor"] = client.cookies["engage_visitor"].value
    response = serve_voices_fast(request)
    assert response is not None
    return response


def test_question__says_who_asks_and_what_the_browser_asks_next(
    client: Client, chat: Conversation, asked: LiveSession, settings: Any
) -> None:
    html = text_of(client.get(reverse("engage:voice", args=[asked.public_id])))
    assert "Mia asks to talk with you" in html
    assert "Your browser asks next whether we may use your microphone" in html
    assert "each browser learns the other" in html
    assert client.get(reverse("engage:chat-events", args=[chat.public_id]))["Engage-Voice"] == asked.public_id
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "VOICES_RELAY_ONLY": True}
    html = text_of(client.get(reverse("engage:voice", args=[asked.public_id])))
    assert "each browser learns the other" not in html
    assert 'data-engage-relay="1"' in html


def test_page__has_credentials_of_the_relay__never_its_secret(client: Client, asked: LiveSession) -> None:
    html = text_of(client.get(reverse("engage:voice", args=[asked.public_id])))
    assert "turn:turn.shop.example:3478" in html
    assert "credential" in html
    assert SECRET not in html


_PRIVATE = "your screen is not shown here"
_ENDS = "Where you pay, the talk ends"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/catalogue/", []),
        ("/basket/", []),
        *(
            (page, [_PRIVATE])
            for page in ("/accounts/login/", "/accounts/", "/accounts/profile/", "/accounts/wishlists/", "/nowhere/")
        ),
        *((page, [_PRIVATE, _ENDS]) for page in ("/checkout/shipping-address/", "/checkout/thank-you/")),
    ],
)
def test_screen__is_not_offered_on_private_pages__and_the_bar_says_so(
    client: Client, asked: LiveSession, page: str, said: list[str]
) -> None:
    html = text_of(client.get(reverse("engage:voice", args=[asked.public_id]), {"page": page}))
    assert ("Share my screen" in html) is not said
    assert [words for words in (_PRIVATE, _ENDS) if words in html] == said
    assert 'data-engage-voice-do="camera"' in html


def test_answers__yes_begins_with_a_cookie__no_and_denied_end__others_are_nobodys(
    client: Client, chat: Conversation, agent: Agent
) -> None:
    for said, why in (("no", Ended.REFUSED), ("denied", Ended.SHOPPER_DENIED)):
        session = ask_shopper(Conversation.objects.get(pk=chat.pk), agent, now=timezone.now())
        address = reverse("engage:voice-answer", args=[session.public_id])
        assert Client().post(address, {"answer": "yes"}).status_code == 404
        assert client.post(address, {"answer": "perhaps"}).status_code == 400
        assert client.post(address, {"answer": said}).status_code == 204
        session.refresh_from_db()
        assert session.ended == why
        assert client.post(address, {"answer": "yes"}).status_code == 410
        assert client.get(reverse("engage:voice", args=[session.public_id])).status_code == 410
    session = ask_shopper(Conversation.objects.get(pk=chat.pk), agent, now=timezone.now())
    response = client.post(reverse("engage:voice-answer", args=[session.public_id]), {"answer": "yes"})
    assert response.json() == {"id": session.public_id}
    assert response.cookies[COOKIE_NAME].value == chat.public_id


def test_shopper_asks__waits__cannot_answer_it_alone(client: Client, chat: Conversation) -> None:
    address = reverse("engage:voice-new", args=[chat.public_id])
    assert "Talk with Mia?" in text_of(client.get(address))
    assert client.post(address, {"answer": "no"}).status_code == 204
    assert not LiveSession.objects.exists()
    public_id = client.post(address, {"answer": "yes"}).json()["id"]
    assert client.post(reverse("engage:voice-answer", args=[public_id]), {"answer": "yes"}).status_code == 410
    assert LiveSession.objects.get().state == LiveState.ASKED
    assert json.loads(talk(client, LiveSession.objects.get()).content)["words"] == "We ask our agent …"
    assert Client().get(address).status_code == 404


def test_off__no_button_and_no_question(client: Client, chat: Conversation, settings: Any) -> None:
    detail = reverse("engage:chat-detail", args=[chat.public_id])
    html = text_of(client.get(detail))
    assert "Talk to the agent" in html
    assert "voices.js" in html
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "VOICES": False}
    html = text_of(client.get(detail))
    assert "Talk to the agent" not in html
    assert "voices.js" not in html
    assert client.get(reverse("engage:voice-new", args=[chat.public_id])).status_code == 410


def test_talk__offer_is_kept__by_this_browser_alone(client: Client, live: LiveSession) -> None:
    assert json.loads(talk(client, live).content)["generation"] == 1
    assert talk(client, live, generation=1, sdp=SDP).status_code == 200
    assert LiveMessage.objects.filter(session=live, side="shopper", seq=1).count() == 1
    stranger = Client()
    ask(stranger, "chat")
    assert talk(stranger, live).status_code == 404


def test_talk__without_header_sense_or_measure__is_refused(client: Client, live: LiveSession) -> None:
    assert talk(client, live, header="").status_code == 403
    assert talk(client, live, raw=b"{}").status_code == 400
    assert talk(client, live, generation=0, sdp="v=0\r\nm=application 9 x 1\r\n").status_code == 400
    assert talk(client, live, media=["audio", "keyboard"]).status_code == 400
    assert talk(client, live, raw=b" " * 100_000).status_code == 413
    assert client.get(reverse("engage:voice-talk", args=[live.public_id])).status_code == 405
    assert not LiveMessage.objects.exists()


def test_a_page_sessions_addresses__do_not_open_a_talk(client: Client, chat: Conversation, live: LiveSession) -> None:
    page = share(Conversation.objects.get(pk=chat.pk), now=timezone.now())
    assert client.get(reverse("engage:live", args=[live.public_id])).status_code == 404
    assert client.get(reverse("engage:voice", args=[page.public_id])).status_code == 404
    assert talk(client, page).status_code == 404


def test_leave__is_noted__end_says_why_and_tells(client: Client, live: LiveSession) -> None:
    assert talk(client, live, header="leave").status_code == 204
    address = reverse("engage:voice-end", args=[live.public_id])
    assert Client().post(address).status_code == 404
    assert client.post(address, {"why": "bored"}).status_code == 400
    response = client.post(address, {"why": "unconnected"})
    assert "found no way" in response.json()["words"]
    assert response.cookies[COOKIE_NAME].value == ""
    live.refresh_from_db()
    assert live.ended == Ended.UNCONNECTED


def test_end__beside_a_shared_page__leaves_the_cookie(client: Client, chat: Conversation, live: LiveSession) -> None:
    share(Conversation.objects.get(pk=chat.pk), now=timezone.now())
    response = client.post(reverse("engage:voice-end", args=[live.public_id]))
    assert COOKIE_NAME not in response.cookies


def test_payment_page__ends_by_the_cookie_alone(client: Client, chat: Conversation, live: LiveSession) -> None:
    request: HttpRequest = RequestFactory().get("/checkout/preview/")
    request.COOKIES.update({"engage_chat": chat.public_id, COOKIE_NAME: chat.public_id})
    assert "Where you pay" in build_chat_link(request)
    live.refresh_from_db()
    assert live.pause == Pause.PAYMENT
    told = json.loads(talk(client, live).content)
    assert (told["state"], "cut off" in told["words"]) == ("ended", True)


@pytest.mark.parametrize(("wants", "words"), [("voice", "I would like to talk with you"), ("page", "show you my page")])
def test_invitation__chat_says_what_is_wanted(client: Client, wants: str, words: str) -> None:
    assert words in text_of(client.get(reverse("engage:chat-new"), {"wants": wants}))
    assert words not in text_of(client.get(reverse("engage:chat-new"), {"wants": "<script>"}))


def test_help__offers_to_talk_where_an_agent_is_free(client: Client, agent: Agent, settings: Any) -> None:
    assert "Talk to us" in text_of(client.get(reverse("engage:help")))
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, "VOICES": False}
    assert "Talk to us" not in text_of(client.get(reverse("engage:help")))
