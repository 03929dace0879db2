"""Can an agent see who waits, answer with the whole context, and leave a trail?"""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.test.factories import BasketFactory, create_product

from oscar_engage.audit.models import AuditEntry
from oscar_engage.dashboard.desk.queue import MOST_SHOWN
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Message
from oscar_engage.signals.models import SignalRecord
from oscar_engage.visitors.models import Visit
from tests.dashboard.conftest import NOW, make_conversation

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("agent")


def url(name: str, conversation: Conversation | None = None) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=[conversation.public_id] if conversation else [])


def reply(body: str = "On Friday.", **more: Any) -> dict[str, Any]:
    return {"body": body, "client_id": str(uuid.uuid4()), **more}


def test_desk__first_opening__makes_the_agent_with_the_first_name(client: Client) -> None:
    client.get(url("desk"))
    client.get(url("desk"))
    agent = Agent.objects.get()
    assert (agent.display_name, agent.presence) == ("Agent", "offline")


def test_presence__online_then_heartbeat__keeps_the_lease(client: Client) -> None:
    response = client.post(url("presence"), {"presence": "online"}, headers=HTMX)
    assert "every 10s" in response.content.decode()
    lease = Agent.objects.get().lease_until
    assert client.post(url("presence"), {"presence": "heartbeat"}, headers=HTMX).status_code == 204
    assert Agent.objects.get().lease_until > lease  # type: ignore[operator]  # set above
    assert AuditEntry.objects.filter(action="agent.online").count() == 1


def test_desk__opened_after_the_lease_ended_and_before_the_sweep__is_there_again(client: Client) -> None:
    client.post(url("presence"), {"presence": "online"})
    Agent.objects.update(lease_until=timezone.now() - timedelta(seconds=5))
    client.get(url("desk"))
    agent = Agent.objects.get()

    assert agent.presence == "online"
    assert agent.lease_until is not None
    assert agent.lease_until > timezone.now()


def test_presence__heartbeat_after_the_lease_ended__shows_offline(client: Client) -> None:
    client.post(url("presence"), {"presence": "online"})
    Agent.objects.update(presence="offline", lease_until=None)
    response = client.post(url("presence"), {"presence": "heartbeat"}, headers=HTMX)
    assert "Go online" in response.content.decode()


def test_presence__nonsense__is_a_bad_request(client: Client) -> None:
    assert client.post(url("presence"), {"presence": "asleep"}).status_code == 400


def test_queue__overdue_note__says_so_in_words(client: Client, note: Conversation) -> None:
    page = client.get(url("desk")).content.decode()
    assert note.reference in page
    assert re.search(r"engage-badge-late\">\s*answer late by", page)


@pytest.mark.parametrize("waiting", [1, 3])
def test_queue__any_number__takes_the_same_queries(
    waiting: int, client: Client, visit: Visit, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _number in range(waiting):
        make_conversation(visit)
    client.get(url("desk"))
    # Session, user, permissions (2), savepoints (2), Oscar's notifications, agent, three lists, queues, the agent's skills,
    # and the mark of what is shown.
    with django_assert_num_queries(14):
        client.get(url("desk"))


def test_queue__more_notes_than_are_shown__hide_no_chat(client: Client, visit: Visit) -> None:
    for number in range(MOST_SHOWN):
        Conversation.objects.create(
            kind="note", visitor_id=visit.visitor_id, created_at=NOW, due_at=NOW, reference=f"N{number}", public_id=f"n{number}"
        )
    chat = make_conversation(visit, "chat")  # due later than each note

    assert chat.reference in client.get(url("desk")).content.decode()


def test_conversation__opened__shows_the_whole_context(client: Client, note: Conversation, visit: Visit) -> None:
    product = create_product(title="Alpine boots", price=100, num_in_stock=3)
    basket = BasketFactory()
    basket.add_product(product, 2)
    Visit.objects.filter(pk=visit.pk).update(state={"basket": {"basket_id": basket.pk}})
    payloads = [("search.made", {"query": "<b>warm</b>", "results": 0}), ("product.viewed", {"product_id": product.pk})]
    for seconds, (kind, payload) in enumerate(payloads):
        SignalRecord.objects.create(
            event_id=uuid.uuid4(),
            visitor_id=visit.visitor_id,
            visit_id=visit.pk,
            kind=kind,
            payload=payload,
            source="server",
            at=NOW + timedelta(seconds=seconds),
            received_at=NOW,
        )
    page = client.get(url("conversation", note)).content.decode()
    page = page[page.index("engage-journey") :] + page
    assert page.index("Looked at Alpine boots") < page.index("&lt;b&gt;warm&lt;/b&gt;")
    assert "£200.00" in page
    assert "Shipping method" in page
    assert "When does it arrive?" in page
    note.refresh_from_db()
    assert note.agent_read_seq == 1
    assert AuditEntry.objects.get(action="conversation.viewed").object_id == str(note.pk)


@pytest.mark.parametrize("signals", [1, 60])
def test_conversation__long_journey__takes_the_same_queries_and_shows_fifty(
    signals: int, client: Client, note: Conversation, visit: Visit, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    SignalRecord.objects.bulk_create(
        SignalRecord(
            event_id=uuid.uuid4(),
            visitor_id=visit.visitor_id,
            visit_id=visit.pk,
            kind="product.viewed",
            payload={"product_id": number},
            source="server",
            at=NOW,
            received_at=NOW,
        )
        for number in range(signals)
    )
    client.get(url("conversation", note))
    with django_assert_max_num_queries(32):
        page = client.get(url("conversation", note)).content.decode()
    assert page.count("Looked at") == min(signals, 50)


def test_reply__note__is_posted_once_and_audited(client: Client, note: Conversation) -> None:
    sent = reply()
    client.post(url("conversation-reply", note), sent)
    client.post(url("conversation-reply", note), sent)
    assert [message.body for message in note.messages.order_by("seq")] == ["When does it arrive?", "On Friday."]
    note.refresh_from_db()
    assert note.status == ConversationStatus.OPEN
    assert note.agent == Agent.objects.get()


def test_reply__htmx__returns_new_messages_and_an_empty_form(client: Client, note: Conversation) -> None:
    page = client.post(url("conversation-reply", note), reply(after="1"), headers=HTMX).content.decode()
    assert page.count("<li") == 1
    assert 'name="after" value="2"' in page
    assert "On Friday." not in page[page.index("<textarea") :]


def test_reply__chat_not_taken__keeps_the_text_and_says_why(client: Client, chat: Conversation) -> None:
    response = client.post(url("conversation-reply", chat), reply("Hello there"))
    assert Message.objects.filter(role="agent").count() == 0
    assert "Take this chat" in response.content.decode()
    assert not AuditEntry.objects.filter(action="conversation.replied").exists()


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001])
def test_reply__unusable_text__is_refused_with_a_reason(body: str, client: Client, note: Conversation) -> None:
    page = client.post(url("conversation-reply", note), reply(body)).content.decode()
    assert Message.objects.filter(role="agent").count() == 0
    assert "engage-wrong" in page


def test_messages__nothing_new__is_204(client: Client, note: Conversation) -> None:
    response = client.get(url("conversation-messages", note), {"after": "1", "state": "waiting-none"})
    assert response.status_code == 204
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40, "²"])
def test_messages__nonsense_number__returns_all(after: str, client: Client, note: Conversation) -> None:
    assert "When does it arrive?" in client.get(url("conversation-messages", note), {"after": after}).content.decode()


def test_messages__closed_by_the_shopper__replaces_the_form(client: Client, note: Conversation) -> None:
    Conversation.objects.update(status="closed", closed_at=NOW)
    page = client.get(url("conversation-messages", note), {"after": "1", "state": "waiting-none"}).content.decode()
    assert "This conversation is closed." in page
    assert "hx-get" not in page


def test_take__chat_while_offline__says_what_to_do(client: Client, chat: Conversation) -> None:
    page = client.post(url("conversation-take", chat), follow=True).content.decode()
    assert "Set yourself online first" in page
    assert not AuditEntry.objects.filter(action="conversation.taken").exists()


def test_take__chat_while_online__can_be_answered_and_closed(client: Client, chat: Conversation) -> None:
    client.post(url("presence"), {"presence": "online"})
    client.post(url("conversation-take", chat))
    client.post(url("conversation-reply", chat), reply("Hello"))
    client.post(url("conversation-close", chat))
    chat.refresh_from_db()
    assert chat.status == ConversationStatus.CLOSED
    assert chat.messages.filter(body="Hello", role="agent").exists()
    assert Agent.objects.get().used_tenths == 0
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["agent.online", "conversation.taken", "conversation.replied", "conversation.closed"]


def test_take__chat_of_a_colleague__is_refused(client: Client, client_of: Callable[[str], Client], chat: Conversation) -> None:
    colleague = client_of("supervisor")
    for one in (client, colleague):
        one.post(url("presence"), {"presence": "online"})
    colleague.post(url("conversation-take", chat))
    assert "Somebody else was quicker" in client.post(url("conversation-take", chat), follow=True).content.decode()


@pytest.mark.parametrize("name", ["conversation", "conversation-messages"])
def test_conversation__unknown__is_404(name: str, client: Client) -> None:
    assert client.get(reverse(f"engage_dashboard:engage-{name}", args=["no-such-id"])).status_code == 404


@pytest.mark.attack("B14")
def test_conversation__agent_was_deactivated__the_next_poll_is_refused(client: Client, note: Conversation) -> None:
    get_user_model().objects.update(is_active=False)
    assert client.get(url("conversation-messages", note)).status_code == 302


@pytest.mark.parametrize("how", ["conversation-take", "desk-next"])
def test_take__after_a_while_without_a_press__that_is_noted_after_the_commit(
    how: str, client: Client, chat: Conversation, django_capture_on_commit_callbacks: Any
) -> None:
    """Conversations are locked before agents everywhere: here, too, or two who press at once could wait for each other."""
    client.post(url("presence"), {"presence": "online"})
    Agent.objects.update(active_at=NOW)

    with django_capture_on_commit_callbacks() as after, CaptureQueriesContext(connection) as queries:
        client.post(url(how, chat if how == "conversation-take" else None))

    chat.refresh_from_db()
    assert chat.agent is not None
    assert not any(query["sql"].startswith("UPDATE") and '"active_at" = ' in query["sql"] for query in queries)
    for callback in after:
        callback()
    assert Agent.objects.get().active_at != NOW
