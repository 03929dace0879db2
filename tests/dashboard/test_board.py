"""Does the board show what goes on, let supervisors move it by the version they saw, and cost little?"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.audit.models import AuditEntry
from oscar_engage.desk.models import Agent, Conversation, Message, Queue
from oscar_engage.visitors.models import Visit, Visitor
from tests.dashboard.conftest import make_conversation

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(name: str, *args: object) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


@pytest.fixture
def boss(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


@pytest.fixture
def agent(client_of: Callable[[str], Client]) -> Client:
    client = client_of("agent")
    client.post(url("presence"), {"presence": "online"})
    return client


@pytest.fixture
def returns(db: None) -> Queue:
    return Queue.objects.create(slug="returns", name="Returns")


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_board__empty__says_so(boss: Client) -> None:
    text = text_of(boss.get(url("board")))
    assert "Nothing waits here." in text
    assert "Nobody is at the desk." in text
    assert "none was due yet" in text


def test_board__queues_with_what_waits__in_words(boss: Client, visit: Visit, note: Conversation, returns: Queue) -> None:
    now = timezone.now()
    late = make_conversation(visit, "chat", "Where is my parcel?")
    Conversation.objects.filter(pk=late.pk).update(
        queue=returns,
        name="Ada",
        created_at=now - timedelta(minutes=12, seconds=5),
        due_at=now - timedelta(minutes=2, seconds=5),
    )
    Visitor.objects.update(customer_id=1)
    Conversation.objects.filter(pk=note.pk).update(created_at=now, due_at=now + timedelta(minutes=40))

    text = text_of(boss.get(url("board")))

    column = text.partition(" Returns 1 ")[2]
    for words in (
        late.reference,
        "answer late by 2 minutes",
        "waits 12 minutes",
        "Ada · with an account",
        "Where is my parcel?",
    ):
        assert words in column, words
    assert note.reference in text.partition(" In no queue 1 ")[2]
    assert re.search(r"Waiting 2 Longest wait 12.minutes", text)
    assert "Promises broken today 1" in text


def test_board__agents__with_presence_load_and_chats(boss: Client, agent: Client, chat: Conversation) -> None:
    agent.post(url("conversation-take", chat.public_id))
    response = boss.get(url("board"))
    text = text_of(response)
    assert re.search(r"Agent online for 0.minutes · connected 1 of 3 chats", text)
    assert f"{chat.reference} Shopper" in text
    assert '<meter min="0" max="3" value="1.0" aria-label="Load of Agent">' in response.content.decode()
    agent.post(url("presence"), {"presence": "away", "reason": "lunch"})
    assert "away: lunch" in text_of(boss.get(url("board")))
    agent.post(url("presence"), {"presence": "offline"})
    assert "Offline: Agent" in text_of(boss.get(url("board")))


def test_board__lease_over__takes_the_agent_off_and_the_chat_waits(boss: Client, agent: Client, chat: Conversation) -> None:
    agent.post(url("conversation-take", chat.public_id))
    Agent.objects.update(lease_until=timezone.now())
    assert "Offline: Agent" in text_of(boss.get(url("board")))
    chat.refresh_from_db()
    assert (chat.status, chat.agent) == ("waiting", None)


def test_board__poll__204_until_something_changes(boss: Client, chat: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    page = boss.get(url("board")).content.decode()
    version = re.search(r"version=(\w+)", page)
    assert version
    fresh = boss.get(url("board"), {"version": version[1]}, headers=HTMX)
    if fresh.status_code == 200:  # the half minute was just over
        version = re.search(r"version=(\w+)", fresh.content.decode())
        assert version
        fresh = boss.get(url("board"), {"version": version[1]}, headers=HTMX)
    assert (fresh.status_code, fresh.content) == (204, b"")
    Conversation.objects.update(last_seq=7)
    changed = boss.get(url("board"), {"version": version[1]}, headers=HTMX)
    assert changed.status_code == 200
    assert "<html" not in changed.content.decode()


def test_move__by_a_plain_form__says_where_it_is_and_offers_to_undo(boss: Client, note: Conversation, returns: Queue) -> None:
    response = boss.post(url("board-move", note.public_id), {"queue": returns.pk, "seen": "waiting.."}, follow=True)
    note.refresh_from_db()
    assert note.queue == returns
    assert f"{note.reference} waits in “Returns” now." in text_of(response)
    undo = dict(re.findall(r'name="(seen|queue|undo)" value="([^"]*)"', response.content.decode().partition("engage-undo")[2]))
    assert undo == {"seen": f"waiting..{returns.pk}", "queue": "", "undo": "on"}

    back = boss.post(url("board-move", note.public_id), undo, follow=True)
    note.refresh_from_db()
    assert note.queue is None
    assert f"{note.reference} waits in “no queue” again." in text_of(back)
    assert [entry.detail.get("undo") for entry in AuditEntry.objects.filter(action="conversation.moved").order_by("pk")] == [
        None,
        True,
    ]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_move__somebody_was_quicker__is_409_with_the_board_as_it_is(
    headers: dict[str, str], boss: Client, note: Conversation, returns: Queue
) -> None:
    other = Queue.objects.create(slug="vip", name="Preferred")
    boss.post(url("board-move", note.public_id), {"queue": other.pk, "seen": "waiting.."})
    response = boss.post(url("board-move", note.public_id), {"queue": returns.pk, "seen": "waiting.."}, headers=headers)
    assert response.status_code == 409
    assert f"someone else moved {note.reference} to “Preferred” first" in text_of(response)
    alert = "innerHTML:#engage-board-wrong" if headers else 'id="engage-board-wrong" role="alert"'
    assert re.search(f'{alert}"?><p class="engage-summary"', response.content.decode())
    note.refresh_from_db()
    assert note.queue == other


def test_move__undo_after_another_move__is_409(boss: Client, note: Conversation, returns: Queue) -> None:
    other = Queue.objects.create(slug="vip", name="Preferred")
    boss.post(url("board-move", note.public_id), {"queue": returns.pk, "seen": "waiting.."})
    boss.post(url("board-move", note.public_id), {"queue": other.pk, "seen": f"waiting..{returns.pk}"})
    undo = {"queue": "", "seen": f"waiting..{returns.pk}", "undo": "on"}
    assert boss.post(url("board-move", note.public_id), undo).status_code == 409
    note.refresh_from_db()
    assert note.queue == other


@pytest.mark.parametrize("sent", [{"queue": 999, "seen": "waiting.."}, {"queue": "x", "seen": "waiting.."}, {"queue": ""}])
def test_move__queue_that_is_gone_or_nothing_seen__is_409(sent: dict[str, Any], boss: Client, note: Conversation) -> None:
    response = boss.post(url("board-move", note.public_id), sent)
    assert response.status_code == 409
    assert "that queue is gone" in text_of(response)


@pytest.mark.parametrize("query", ["moved=nobody&seen=waiting..", "moved=&seen=x", "undone=x", "seen=waiting.."])
def test_board__address_tells_of_what_is_not_there__says_nothing(query: str, boss: Client, note: Conversation) -> None:
    assert '<div id="engage-board-news" role="status"></div>' in boss.get(f"{url('board')}?{query}").content.decode()


def test_send_off__to_a_queue__says_what_went_where(boss: Client, agent: Client, chat: Conversation, returns: Queue) -> None:
    agent.post(url("conversation-take", chat.public_id))
    mia = Agent.objects.get(display_name="Agent")
    sent = {"to": f"queue-{returns.pk}", "reason": "Gone home"}
    page = text_of(boss.post(url("agent-send-off", mia.pk), sent, follow=True))
    chat.refresh_from_db()
    mia.refresh_from_db()
    assert "Agent is offline now. 1 conversation went to Returns." in page
    assert (chat.queue, chat.agent, mia.presence, mia.used_tenths) == (returns, None, "offline", 0)


def test_send_off__back__says_so(boss: Client, agent: Client, chat: Conversation) -> None:
    agent.post(url("conversation-take", chat.public_id))
    sent = {"to": "back", "reason": "Gone home"}
    page = text_of(boss.post(url("agent-send-off", Agent.objects.get(display_name="Agent").pk), sent, follow=True))
    assert "1 went back into its queue." in page


@pytest.mark.parametrize("sent", [{"to": "back"}, {"to": "agent-0", "reason": "x"}, {"reason": "x"}])
def test_send_off__without_a_reason_or_to_nobody__changes_nothing(
    sent: dict[str, str], boss: Client, agent: Client, chat: Conversation
) -> None:
    pk = Agent.objects.get(display_name="Agent").pk
    assert "Say why, and choose" in text_of(boss.post(url("agent-send-off", pk), sent, follow=True))
    assert Agent.objects.get(pk=pk).presence == "online"
    assert boss.post(url("agent-send-off", 999_999), sent).status_code == 404


@pytest.mark.parametrize("number", [1, 200])
def test_board__queries__do_not_grow(
    number: int, boss: Client, agent: Client, visit: Visit, returns: Queue, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    Conversation.objects.bulk_create(
        Conversation(
            kind="chat" if at % 2 else "note",
            status="open" if at % 4 == 1 else "waiting",
            agent=Agent.objects.get(display_name="Agent") if at % 4 == 1 else None,
            queue=returns if at % 3 else None,
            visitor_id=visit.visitor_id,
            created_at=now,
            due_at=now,
            last_seq=1,
        )
        for at in range(number)
    )
    Message.objects.bulk_create(
        Message(conversation=one, seq=1, role="shopper", body="Hello?", at=now) for one in Conversation.objects.all()
    )
    boss.get(url("board"))
    with django_assert_max_num_queries(22):
        page = boss.get(url("board")).content.decode()
    assert page.count('<li class="engage-ticket ') == Conversation.objects.filter(status="waiting").count()
    version = re.search(r"version=(\w+)", page)
    assert version
    with django_assert_max_num_queries(10):
        boss.get(url("board"), {"version": version[1]}, headers=HTMX)
