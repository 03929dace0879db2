"""Does an agent see the page that is shared with them, nobody else's, and does the fast way open nothing by itself?"""

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
from oscar_engage.desk.models import Agent, Conversation, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import take
from oscar_engage.sharing.begin import offer
from oscar_engage.sharing.models import Ended, LiveSession, LiveState
from oscar_engage.sharing.shopper import hear_shopper
from oscar_engage.sharing.verbs import read_shopper
from oscar_engage.visitors.models import Visitor
from tests.sharing.conftest import BASES, PAGE, a_page
from tests.storefront.shopping import text_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]


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
def live(chat: Conversation) -> LiveSession:
    session = offer(chat, now=timezone.now())
    said = {"page": PAGE, "path": "/", "begins": True, "seq": 1, "events": a_page()}
    hear_shopper(session, read_shopper(json.dumps(said).encode()), is_private=False, bases=BASES, now=timezone.now())
    return session


def page_of(conversation: Conversation) -> str:
    return reverse("engage_dashboard:engage-shared-page", args=[conversation.public_id])


def say(client: Client, session: LiveSession, **said: Any) -> Any:
    address = reverse("engage_dashboard:engage-shared-talk", args=[session.public_id])
    return client.post(address, json.dumps(said), content_type="application/json")


def test_ask__in_a_chat_of_ones_own__waits_for_the_shopper_and_is_in_the_trail(
    agent_client: Client, chat: Conversation
) -> None:
    assert "Ask to see the page" in text_of(agent_client.get(page_of(chat)))
    agent_client.post(reverse("engage_dashboard:engage-shared-ask", args=[chat.public_id]))
    session = LiveSession.objects.get()
    assert session.state == LiveState.ASKED
    told = say(agent_client, session).json()
    assert told["words"].startswith("Asked.")
    assert AuditEntry.objects.filter(action="conversation.shared_page_asked", object_id=chat.pk).count() == 1


@pytest.mark.attack("A10", "A11", "C13")
def test_page__live__under_a_policy_that_loads_own_files_alone(agent_client: Client, live: LiveSession) -> None:
    response = agent_client.get(page_of(live.conversation))
    policy = dict(part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";"))
    files = "http://testserver/static/ http://testserver/media/"
    assert (policy["default-src"], policy["script-src"], policy["frame-src"]) == ("'none'", files, "'none'")
    assert (policy["img-src"], policy["connect-src"], policy["base-uri"]) == (f"{files} data:", "'self'", "'none'")
    assert (policy["frame-ancestors"], response["X-Frame-Options"]) == ("'none'", "DENY")
    assert AuditEntry.objects.filter(action="conversation.shared_page_viewed").count() == 1


def test_talk__own_session__page_comes_and_hand_goes(agent_client: Client, live: LiveSession) -> None:
    told = say(agent_client, live, verbs=[{"do": "point", "x": 1, "y": 2}]).json()
    assert (told["state"], told["messages"][0][0]) == ("live", 1)
    assert told["messages"][0][1]["events"][1]["type"] == 2
    assert say(agent_client, live, after=1).json()["messages"] == []
    assert LiveSession.objects.get().agent_seq == 1


@pytest.mark.attack("I08", "A12")
@pytest.mark.parametrize(
    "verb", [{"do": "click", "node": 1}, {"do": "point", "x": "NaN", "y": 1}, {"do": "mark", "node": "<b>"}]
)
def test_i08__verb_that_is_none__is_a_bad_request(agent_client: Client, live: LiveSession, verb: dict[str, Any]) -> None:
    assert say(agent_client, live, verbs=[verb]).status_code == 400
    assert LiveSession.objects.get().agent_seq == 0


def test_supervisor__looks_on_by_name_and_points_at_nothing(client_of: ClientOf, live: LiveSession) -> None:
    supervisor = client_of("supervisor")
    assert say(supervisor, live, verbs=[{"do": "clear"}]).json()["messages"]
    session = LiveSession.objects.get()
    assert session.agent_seq == 0
    assert [name for name, _seen in session.lookers.values()] == ["Supervisor"]
    assert supervisor.post(reverse("engage_dashboard:engage-shared-end", args=[live.public_id])).status_code == 404


def test_colleague__of_another_agents_session__404(client_of: ClientOf, agent_client: Client, live: LiveSession) -> None:
    other = Agent.objects.create(user=get_user_model().objects.create_user("eve"), display_name="Eve")
    LiveSession.objects.update(agent=other)
    Conversation.objects.update(agent=other)
    assert say(agent_client, live).status_code == 404
    assert "data-engage-talk" not in text_of(agent_client.get(page_of(live.conversation)))


def test_fast_way__with_a_fresh_pass_of_this_session__answers__else_the_ordinary_view_does(
    agent_client: Client, live: LiveSession, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = say(agent_client, live)["Engage-Pass"]
    address = reverse("engage_dashboard:engage-shared-talk", args=[live.public_id])

    def fast(cookie: str, shown: str, body: str = '{"after": 1}') -> Any:
        request = RequestFactory().post(address, body, content_type="application/json", headers={"Engage-Pass": shown})
        request.COOKIES["sessionid"] = cookie
        return serve_talk_fast(request)

    own = agent_client.cookies["sessionid"].value
    with django_assert_max_num_queries(2):
        assert json.loads(fast(own, given).content)["state"] == "live"
    assert fast("another", given) is None
    assert fast(own, given + "x") is None
    assert fast(own, given, "{").status_code == 400
    with monkeypatch.context() as clock:
        later = timezone.now() + timedelta(seconds=31)
        clock.setattr("django.core.signing.time.time", later.timestamp)
        assert fast(own, given) is None
    assert fast(own, given) is not None
    get_user_model().objects.update(is_active=False)
    assert fast(own, given) is None


def test_end__by_the_agent__and_what_was_kept_plays(agent_client: Client, live: LiveSession, settings: Any) -> None:
    LiveSession.objects.update(keeps=True)
    agent_client.post(reverse("engage_dashboard:engage-shared-end", args=[live.public_id]))
    assert LiveSession.objects.get().ended == Ended.AGENT
    recording = reverse("engage_dashboard:engage-shared-recording", args=[live.public_id])
    assert recording in text_of(agent_client.get(page_of(live.conversation)))
    assert agent_client.get(recording).status_code == 200
    assert agent_client.get(recording, {"after": "0"}).json()["messages"][0][0] == 1
    assert AuditEntry.objects.filter(action="conversation.shared_page_played").count() == 1


def test_code__shown_once_to_who_is_there(agent_client: Client) -> None:
    address = reverse("engage_dashboard:engage-shared-code")
    assert "engage-code" in text_of(agent_client.post(address))
    set_presence(Agent.objects.get(), "offline", now=timezone.now())
    assert "Set yourself online or away first" in text_of(agent_client.post(address))
