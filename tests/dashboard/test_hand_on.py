"""Can an agent hand a conversation on, a supervisor take it over, and is whoever comes too late told so?"""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from oscar_engage.desk.models import Agent, Conversation, Queue
from oscar_engage.desk.notes.models import InternalNote

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"engage_dashboard:engage-{name}", args=args)


def online(client: Client) -> Client:
    client.post(url("presence"), {"presence": "online"})
    return client


@pytest.fixture
def client(client_of: Callable[[str], Client], chat: Conversation) -> Client:
    client = online(client_of("agent"))
    client.post(url("conversation-take", chat.public_id))
    return client


@pytest.fixture
def boss(client_of: Callable[[str], Client]) -> Client:
    return online(client_of("supervisor"))


@pytest.fixture
def returns(db: None) -> Queue:
    return Queue.objects.create(slug="returns", name="Returns")


def agent(name: str) -> Agent:
    return Agent.objects.get(display_name=name)


def form(to: object, why: str = "Knows returns", seen: str = "") -> dict[str, str]:
    at = seen or f"open.{agent('Agent').pk}."
    return {"to": f"agent-{to.pk}" if isinstance(to, Agent) else str(to), "reason": why, "seen": at}


def test_hand_on__to_an_agent__who_reads_why_and_it_can_be_undone(client: Client, boss: Client, chat: Conversation) -> None:
    page = client.get(url("conversation", chat.public_id)).content.decode()
    assert "Supervisor (room for 3 chats)" in page
    done = client.post(url("conversation-transfer", chat.public_id), form(agent("Supervisor")), follow=True).content.decode()
    chat.refresh_from_db()
    assert (chat.agent, agent("Agent").used_tenths, agent("Supervisor").used_tenths) == (agent("Supervisor"), 0, 10)
    assert "is handed on to Supervisor." in done
    assert "Knows returns" in boss.get(url("conversation", chat.public_id)).content.decode()
    assert 'name="reason" value="Taken back."' in done

    back = form(agent("Agent"), "Taken back.", f"open.{agent('Supervisor').pk}.")
    assert client.post(url("conversation-transfer", chat.public_id), back).status_code == 302
    chat.refresh_from_db()
    assert (chat.agent, agent("Supervisor").used_tenths) == (agent("Agent"), 0)


def test_hand_on__undo_after_somebody_moved_it__is_409(client: Client, boss: Client, chat: Conversation) -> None:
    client.post(url("conversation-transfer", chat.public_id), form(agent("Supervisor")))
    boss.post(url("conversation-close", chat.public_id))
    back = form(agent("Agent"), "Taken back.", f"open.{agent('Supervisor').pk}.")
    response = client.post(url("conversation-transfer", chat.public_id), back)
    assert response.status_code == 409
    assert f"somebody else closed {chat.reference} first" in response.content.decode()


def test_hand_on__to_a_queue__waits_there(client: Client, chat: Conversation, returns: Queue) -> None:
    client.post(url("conversation-transfer", chat.public_id), form(f"queue-{returns.pk}"))
    chat.refresh_from_db()
    assert (chat.queue, chat.agent, chat.status) == (returns, None, "waiting")
    assert InternalNote.objects.get().body == "Knows returns"


@pytest.mark.parametrize("why", ["no reason", "offline", "full", "itself", "gone", "nonsense", "seen"])
def test_hand_on__that_cannot_be__changes_nothing_and_says_so(
    why: str, client: Client, boss: Client, chat: Conversation
) -> None:
    sent = form(agent("Supervisor"), "" if why == "no reason" else "Why", "x" if why == "seen" else "")
    if why == "offline":
        boss.post(url("presence"), {"presence": "offline"})
    if why == "full":
        Agent.objects.filter(display_name="Supervisor").update(capacity=0)
    if why in {"itself", "gone", "nonsense"}:
        sent["to"] = {"itself": f"agent-{agent('Agent').pk}", "gone": "queue-999", "nonsense": "nobody"}[why]
    page = client.post(url("conversation-transfer", chat.public_id), sent, follow=True).content.decode()
    chat.refresh_from_db()
    assert "It was not handed on" in page
    assert (chat.agent, agent("Agent").used_tenths) == (agent("Agent"), 10)
    assert not InternalNote.objects.exists()


def test_hand_on__somebody_was_quicker__is_409_and_says_who_has_it(client: Client, boss: Client, chat: Conversation) -> None:
    sent = form("queue-")
    boss.post(url("conversation-take-over", chat.public_id), {"seen": sent["seen"]})
    response = boss.post(url("conversation-transfer", chat.public_id), sent)
    assert response.status_code == 409
    assert f"Supervisor got {chat.reference} first" in response.content.decode()


def test_hand_on__of_a_colleague_by_an_agent__is_refused(
    client: Client, boss: Client, chat: Conversation, returns: Queue
) -> None:
    boss.post(url("conversation-take-over", chat.public_id), {"seen": f"open.{agent('Agent').pk}."})
    sent = form(f"queue-{returns.pk}", seen=f"open.{agent('Supervisor').pk}.")
    assert client.post(url("conversation-transfer", chat.public_id), sent).status_code == 403
    mine = form(agent("Agent"), seen=f"open.{agent('Supervisor').pk}.")
    assert client.post(url("conversation-transfer", chat.public_id), mine).status_code == 403  # never handed it on
    page = client.get(url("conversation", chat.public_id)).content.decode()
    assert url("conversation-transfer", chat.public_id) not in page
    assert boss.post(url("conversation-transfer", chat.public_id), sent).status_code == 302


def test_take_over__by_a_supervisor__moves_the_slot(client: Client, boss: Client, chat: Conversation) -> None:
    seen = {"seen": f"open.{agent('Agent').pk}."}
    assert client.post(url("conversation-take-over", chat.public_id), seen).status_code == 403
    boss.post(url("conversation-take-over", chat.public_id), seen)
    chat.refresh_from_db()
    assert (chat.agent, agent("Agent").used_tenths, agent("Supervisor").used_tenths) == (agent("Supervisor"), 0, 10)
    assert boss.post(url("conversation-take-over", chat.public_id), seen).status_code == 409
    assert boss.post(url("conversation-take-over", chat.public_id), {"seen": "x"}).status_code == 302


def test_take_over__without_a_slot__says_so(client: Client, boss: Client, chat: Conversation) -> None:
    boss.post(url("presence"), {"presence": "away"})
    answer = boss.post(url("conversation-take-over", chat.public_id), {"seen": f"open.{agent('Agent').pk}."}, follow=True)
    assert "you have no free slot" in answer.content.decode()
    chat.refresh_from_db()
    assert chat.agent == agent("Agent")


def test_receivers__lost_the_role_or_left__are_not_offered(client: Client, boss: Client, chat: Conversation) -> None:
    user = get_user_model().objects.get(username="supervisor")
    user.groups.clear()
    assert "Supervisor (" not in client.get(url("conversation", chat.public_id)).content.decode()
    user.groups.add(Group.objects.get(name="Engage agents"))
    assert "Supervisor (" in client.get(url("conversation", chat.public_id)).content.decode()
    get_user_model().objects.filter(pk=user.pk).update(is_active=False)
    page = client.post(url("conversation-transfer", chat.public_id), form(agent("Supervisor")), follow=True).content.decode()
    assert "It was not handed on" in page
