"""Does an agent talk in a chat of their own and nobody else's, and invite to a room elsewhere?"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.sharing.wire import serve_talk_fast
from oscar_engage.desk.models import Agent, Conversation, ConversationKind, Message
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import take
from oscar_engage.sharing.models import Ended, LiveSession, LiveState, Side, Starter
from oscar_engage.visitors.models import Visitor
from oscar_engage.voices.begin import agree, ask_agent
from oscar_engage.voices.says import read_says
from oscar_engage.voices.talk import hear
from tests.storefront.shopping import text_of
from tests.voices.conftest import SDP

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]
ROOMS = {"VOICES_ROOMS": "oscar_engage.voices.rooms.StaticLink", "VOICES_ROOM": {"TEMPLATE": "https://meet.example/{room}"}}


@pytest.fixture(autouse=True)
def voices_on(settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**getattr(settings, "OSCAR_ENGAGE", {}), "VOICES": True}


@pytest.fixture
def agent_client(client_of: ClientOf) -> Client:
    client = client_of("agent")
    client.get(reverse("engage_dashboard:engage-desk"))
    set_presence(Agent.objects.get(), "online", now=timezone.now())
    return client


@pytest.fixture
def chat(agent_client: Client) -> Conversation:
    now = timezone.now()
    visitor = Visitor.objects.create(created_at=now, last_seen_at=now, consent=1)
    waiting = open_conversation(ConversationKind.CHAT, visitor_id=visitor.pk, body="Which tent?", now=now)
    return take(waiting, Agent.objects.get(), now=now)


@pytest.fixture
def live(agent_client: Client, chat: Conversation) -> LiveSession:
    agent_client.post(address("ask", chat.public_id))
    return agree(LiveSession.objects.get(), by=Starter.SHOPPER, now=timezone.now())


def address(what: str, public_id: str) -> str:
    return reverse(f"engage_dashboard:engage-voice-{what}", args=[public_id])


def say(client: Client, session: LiveSession, **said: Any) -> Any:
    content = {"page": "page-of-the-agent", "begins": True, **said}
    return client.post(address("talk", session.public_id), json.dumps(content), content_type="application/json")


def test_page__has_its_own_policy__and_asks(agent_client: Client, chat: Conversation) -> None:
    response = agent_client.get(address("page", chat.public_id))
    assert "Ask the shopper to talk" in text_of(response)
    assert response["Content-Security-Policy"].startswith("default-src 'none'; script-src http://testserver/static/")
    assert response["Permissions-Policy"] == "microphone=(self), camera=(self), display-capture=(self)"
    told = agent_client.post(address("ask", chat.public_id)).json()
    session = LiveSession.objects.get()
    assert told["talk"] == address("talk", session.public_id)
    assert say(agent_client, session).json()["words"].startswith("Asked.")
    assert AuditEntry.objects.filter(action="conversation.voice_asked", object_id=chat.pk).count() == 1
    assert "data-engage-talk" in text_of(agent_client.get(address("page", chat.public_id)))


@pytest.mark.parametrize("what", ["page", "ask"])
def test_page_alone__its_agent_is_there__also_with_the_desk_closed(agent_client: Client, chat: Conversation, what: str) -> None:
    almost = timezone.now() + timedelta(seconds=2)
    Agent.objects.update(lease_until=almost)
    agent_client.post(address(what, chat.public_id)) if what == "ask" else agent_client.get(address(what, chat.public_id))
    assert Agent.objects.get().lease_until > almost + timedelta(seconds=15)


def test_desk__says_that_one_talks(agent_client: Client, chat: Conversation) -> None:
    desk = reverse("engage_dashboard:engage-conversation", args=[chat.public_id])
    assert "Talk with the shopper" in text_of(agent_client.get(desk))
    ask_agent(chat, now=timezone.now())
    assert "The shopper wants to talk" in text_of(agent_client.get(desk))


def test_others__see_and_end_nothing(live: LiveSession, client_of: ClientOf) -> None:
    supervisor = client_of("supervisor")
    supervisor.get(reverse("engage_dashboard:engage-desk"))
    assert say(supervisor, live).status_code == 404
    assert supervisor.post(address("end", live.public_id)).status_code == 404
    assert "data-engage-talk" not in text_of(supervisor.get(address("page", live.conversation.public_id)))
    live.refresh_from_db()
    assert live.state == LiveState.LIVE


def test_answer__to_the_shoppers_question(agent_client: Client, chat: Conversation) -> None:
    session = ask_agent(chat, now=timezone.now())
    assert "The shopper would like to talk with you" in text_of(agent_client.get(address("page", chat.public_id)))
    assert agent_client.post(address("answer", session.public_id), {"answer": "well"}).status_code == 400
    told = agent_client.post(address("answer", session.public_id), {"answer": "yes"}).json()
    assert told["end"] == address("end", session.public_id)
    session.refresh_from_db()
    assert session.state == LiveState.LIVE


@pytest.mark.parametrize(("said", "why"), [("no", Ended.AGENT_REFUSED), ("denied", Ended.AGENT_DENIED)])
def test_answer__no_or_no_microphone__ends_it(agent_client: Client, chat: Conversation, said: str, why: str) -> None:
    session = ask_agent(chat, now=timezone.now())
    assert agent_client.post(address("answer", session.public_id), {"answer": said}).json()["words"]
    session.refresh_from_db()
    assert session.ended == why
    assert agent_client.post(address("answer", session.public_id), {"answer": "yes"}).status_code == 410


def test_talk__fast_with_a_pass__gets_the_offer(agent_client: Client, live: LiveSession) -> None:
    for said in ({}, {"generation": 1, "sdp": SDP}):
        content = json.dumps({"page": "page-of-shopper", "begins": True, **said}).encode()
        fresh = LiveSession.objects.select_related("conversation", "agent").get(pk=live.pk)
        hear(fresh, Side.SHOPPER, read_says(content), now=timezone.now())
    first = say(agent_client, live)
    assert first.json()["sdp"] == SDP
    body = json.dumps({"page": "page-of-the-agent", "generation": 1, "has": 1, "sdp": SDP}).encode()
    path = address("talk", live.public_id)
    request = RequestFactory().post(path, body, content_type="application/json", headers={"Engage-Pass": first["Engage-Pass"]})
    request.COOKIES.update({name: morsel.value for name, morsel in agent_client.cookies.items()})
    answered = serve_talk_fast(request)
    assert answered is not None
    assert json.loads(answered.content)["generation"] == 1
    live.refresh_from_db()
    assert live.agent_seq == 1


def test_talk__nonsense_is_refused__end_tells(agent_client: Client, live: LiveSession) -> None:
    assert say(agent_client, live, sdp="v=1").status_code == 400
    assert say(agent_client, live, more=1).status_code == 400
    assert agent_client.post(address("end", live.public_id), {"why": "x"}).status_code == 400
    assert agent_client.post(address("end", live.public_id)).json() == {"words": "You have hung up."}
    assert say(agent_client, live).json()["state"] == "ended"


def test_room__link_goes_into_the_chat__agent_is_led_there(agent_client: Client, chat: Conversation, settings: Any) -> None:
    assert "Invite to a room" not in text_of(agent_client.get(address("page", chat.public_id)))
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, **ROOMS}
    assert "Invite to a room" in text_of(agent_client.get(address("page", chat.public_id)))
    response = agent_client.post(address("room", chat.public_id))
    assert response.status_code == 302
    assert response["Location"].startswith("https://meet.example/")
    assert response["Location"] in Message.objects.filter(conversation=chat, role="agent").latest("seq").body


def test_room__of_a_colleagues_chat__is_refused(agent_client: Client, chat: Conversation, settings: Any) -> None:
    settings.OSCAR_ENGAGE = {**settings.OSCAR_ENGAGE, **ROOMS}
    other = get_user_model().objects.create_user("ann", "ann@shop.example")
    Conversation.objects.filter(pk=chat.pk).update(agent=Agent.objects.create(user=other, display_name="Ann"))
    response = agent_client.post(address("room", chat.public_id))
    assert response.status_code in {302, 404}
    assert not Message.objects.filter(conversation=chat, body__contains="meet.example").exists()
