"""Does the desk give each agent what is theirs, by buttons that need no script, and say why an agent is away?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.models import Agent, AgentSkill, Conversation, Queue, Skill
from oscar_engage.visitors.models import Visit
from tests.dashboard.conftest import make_conversation

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(name: str, *args: object) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("agent")


@pytest.fixture
def returns(db: None) -> Queue:
    skill = Skill.objects.create(slug="returns", name="Returns and refunds")
    return Queue.objects.create(slug="returns", name="Returns", skill=skill)


def online(client: Client) -> Agent:
    client.post(url("presence"), {"presence": "online"})
    return Agent.objects.get()


def test_next__chat_waits__is_taken_audited_and_shown(client: Client, chat: Conversation) -> None:
    agent = online(client)
    response = client.post(url("desk-next"))
    chat.refresh_from_db()
    assert response.headers["Location"] == url("conversation", chat.public_id)
    assert (chat.agent, chat.status) == (agent, "open")
    assert AuditEntry.objects.get(action="conversation.taken").object_id == str(chat.pk)


@pytest.mark.parametrize("presence", ["online", "away"])
def test_next__nothing_fits__says_what_to_do(
    presence: str, client: Client, visit: Visit, chat: Conversation, returns: Queue
) -> None:
    client.post(url("presence"), {"presence": presence})
    Conversation.objects.filter(pk=chat.pk).update(queue=returns)
    page = client.post(url("desk-next"), follow=True).content.decode()
    assert "There is nothing for you to take now." in page
    assert not AuditEntry.objects.filter(action="conversation.taken").exists()


def test_next__chat_given_to_me_and_not_read__is_opened(client: Client, visit: Visit) -> None:
    agent = online(client)
    read, later, first = (make_conversation(visit, "chat") for _number in range(3))
    now = timezone.now()
    for number, one in enumerate((read, first, later)):
        mine = {"agent": agent, "status": "open", "due_at": now + timedelta(minutes=number)}
        Conversation.objects.filter(pk=one.pk).update(**mine, agent_read_seq=one.last_seq if one is read else 0)

    response = client.post(url("desk-next"))

    assert response.headers["Location"] == url("conversation", first.public_id)
    assert "There is nothing for you" not in client.get(response.headers["Location"]).content.decode()
    client.get(url("conversation", later.public_id))
    page = client.post(url("desk-next"), follow=True).content.decode()
    assert "There is nothing for you to take now." in page


def test_desk__other_skill_needed__stands_below_and_can_still_be_taken(
    client: Client, visit: Visit, chat: Conversation, returns: Queue
) -> None:
    online(client)
    Conversation.objects.filter(pk=chat.pk).update(queue=returns)
    mine = make_conversation(visit, "chat")
    note = make_conversation(visit)
    Conversation.objects.filter(pk=note.pk).update(language="fr", queue=returns)

    page = client.get(url("desk")).content.decode()

    places = [page.index(text) for text in (mine.reference, "Needs another skill", chat.reference, note.reference)]
    assert places == sorted(places)
    client.post(url("conversation-take", chat.public_id))
    chat.refresh_from_db()
    assert chat.agent == Agent.objects.get()


def test_desk__skill_learnt__stands_with_the_others(client: Client, chat: Conversation, returns: Queue) -> None:
    agent = online(client)
    Conversation.objects.filter(pk=chat.pk).update(queue=returns)
    AgentSkill.objects.create(agent=agent, skill=returns.skill)
    page = client.get(url("desk")).content.decode()
    assert chat.reference in page
    assert "need another skill" not in page


def test_move__to_a_queue_and_back__is_shown_and_audited(client: Client, note: Conversation, returns: Queue) -> None:
    page = client.post(url("conversation-move", note.public_id), {"queue": returns.pk}, follow=True).content.decode()
    assert "It waits in “Returns” now." in page
    assert "<dd>Returns</dd>" in page
    assert AuditEntry.objects.get(action="conversation.moved").detail == {"from": None, "queue": "returns"}
    assert "It was moved." in page

    client.post(url("conversation-move", note.public_id), {"queue": ""})
    note.refresh_from_db()
    assert note.queue is None


def test_move__of_what_somebody_else_moved_first__is_409_and_changes_nothing(
    client: Client, note: Conversation, returns: Queue
) -> None:
    assert 'name="seen" value="waiting.."' in client.get(url("conversation", note.public_id)).content.decode()
    Conversation.objects.filter(pk=note.pk).update(queue=returns)
    response = client.post(url("conversation-move", note.public_id), {"queue": "", "seen": "waiting.."})
    assert response.status_code == 409
    assert f"someone else moved {note.reference} to “Returns” first" in response.content.decode()
    note.refresh_from_db()
    assert note.queue == returns


def test_move__undone__is_where_it_was_and_offers_no_more(client: Client, note: Conversation, returns: Queue) -> None:
    client.post(url("conversation-move", note.public_id), {"queue": returns.pk})
    undo = {"queue": "", "seen": f"waiting..{returns.pk}", "undo": "on"}
    page = client.post(url("conversation-move", note.public_id), undo, follow=True).content.decode()
    note.refresh_from_db()
    assert note.queue is None
    assert "It was moved." not in page
    moved = AuditEntry.objects.filter(action="conversation.moved").latest("pk")
    assert moved.detail == {"from": returns.pk, "queue": "", "undo": True}


@pytest.mark.parametrize("queue", ["999999", "x"])
def test_move__queue_that_is_gone__says_so(queue: str, client: Client, note: Conversation, returns: Queue) -> None:
    page = client.post(url("conversation-move", note.public_id), {"queue": queue}, follow=True).content.decode()
    assert "It was not moved" in page


def test_move__closed__stays(client: Client, note: Conversation, returns: Queue) -> None:
    client.post(url("conversation-close", note.public_id))
    client.post(url("conversation-move", note.public_id), {"queue": returns.pk})
    note.refresh_from_db()
    assert note.queue is None
    assert url("conversation-move", note.public_id) not in client.get(url("conversation", note.public_id)).content.decode()


def test_conversation__no_queues_yet__offers_no_moving(client: Client, note: Conversation) -> None:
    assert url("conversation-move", note.public_id) not in client.get(url("conversation", note.public_id)).content.decode()


def test_presence__pause_with_a_reason__says_it(client: Client) -> None:
    online(client)
    page = client.post(url("presence"), {"presence": "away", "reason": "lunch"}, headers=HTMX).content.decode()
    assert "away: lunch" in page
    assert Agent.objects.get().away_reason == "lunch"


def test_presence__reason_that_only_we_give__is_a_bad_request(client: Client) -> None:
    assert client.post(url("presence"), {"presence": "away", "reason": "inactive"}).status_code == 400


def test_presence__heartbeats_without_activity__page_shows_away_and_why(client: Client, chat: Conversation) -> None:
    online(client)
    client.post(url("desk-next"))
    beat = {"presence": "heartbeat", "shown": "online"}
    assert client.post(url("presence"), beat, headers=HTMX).status_code == 204
    Agent.objects.update(active_at=timezone.now() - timedelta(minutes=21))

    response = client.post(url("presence"), beat, headers=HTMX)

    assert "You were set away" in response.content.decode()
    chat.refresh_from_db()
    assert chat.agent == Agent.objects.get()
    assert client.post(url("presence"), beat | {"shown": "away"}, headers=HTMX).status_code == 204
    assert "You were set away" in client.post(url("presence"), beat, headers=HTMX).content.decode()  # another window


@pytest.mark.parametrize(("what", "is_activity"), [("desk", True), ("desk-news", False)])
def test_activity__pages_opened__count_and_polls_do_not(
    what: str, is_activity: bool, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    online(client)
    before = timezone.now() - timedelta(minutes=10)
    Agent.objects.update(active_at=before)
    with django_capture_on_commit_callbacks(execute=True):
        client.get(url(what))
    assert (Agent.objects.get().active_at != before) is is_activity
