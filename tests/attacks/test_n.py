"""One agent, however many windows."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.notes.models import InternalNote
from oscar_engage.desk.presence import LEASE, expire_leases
from tests.attacks.conftest import Scene
from tests.storefront.beats import known_shopper
from tests.storefront.shopping import ask

pytestmark = pytest.mark.django_db


@pytest.mark.attack("N05")
def test_n05__two_browsers_and_a_storm_of_reloads__are_one_presence_with_each_chat_once(scene: Scene) -> None:
    first = scene.client_of("agent")
    second = Client()
    second.cookies["sessionid"] = first.cookies["sessionid"].value
    chats = [scene.chat, *(ask(known_shopper(), "chat") for _chat in range(2))]

    for _reload in range(5):
        for window in (first, second):
            window.get(reverse("engage_dashboard:engage-desk"))
            window.post(reverse("engage_dashboard:engage-presence"), {"presence": "online"})
            window.post(reverse("engage_dashboard:engage-presence"), {"presence": "heartbeat"})
            for chat in chats:
                window.post(reverse("engage_dashboard:engage-conversation-take", args=[chat.public_id]))

    agent = Agent.objects.get()
    assert (agent.presence, agent.used_tenths) == ("online", 30)
    assert Conversation.objects.filter(agent=agent, kind="chat", status="open").count() == 3
    assert {chat.messages.filter(role="system").count() for chat in chats} == {1}


@pytest.mark.attack("N05")
def test_n05__take_over_pressed_in_two_windows_and_the_role_lost_meanwhile__is_one_chat_in_one_slot(scene: Scene) -> None:
    agent, boss = scene.client_of("agent"), scene.client_of("supervisor")
    again = Client()
    again.cookies["sessionid"] = boss.cookies["sessionid"].value
    for client in (agent, boss):
        client.post(reverse("engage_dashboard:engage-presence"), {"presence": "online"})
    chat = [scene.chat.public_id]
    agent.post(reverse("engage_dashboard:engage-conversation-take", args=chat))
    seen = {"seen": f"open.{Agent.objects.get(display_name='Agent').pk}."}

    over = reverse("engage_dashboard:engage-conversation-take-over", args=chat)
    answers = [window.post(over, seen).status_code for window in (boss, again, boss, again)]
    assert answers == [302, 409, 409, 409]
    assert dict(Agent.objects.values_list("display_name", "used_tenths")) == {"Agent": 0, "Supervisor": 10}
    assert scene.chat.messages.filter(body__contains="is here for you").count() == 1

    get_user_model().objects.get(username="supervisor").groups.clear()
    assert {window.post(over, seen).status_code for window in (boss, again)} == {403}
    expire_leases(now=timezone.now() + LEASE)
    scene.chat.refresh_from_db()
    assert (scene.chat.status, set(Agent.objects.values_list("used_tenths", flat=True))) == ("waiting", {0})


@pytest.mark.attack("N10")
def test_n10__shopper_who_poses_as_agent_or_system__stays_the_shopper(scene: Scene) -> None:
    for pose in ("agent", "system", "note"):
        posed = {"role": pose, "agent": "1", "author": pose, "name": pose, "data-role": pose}
        scene.shopper.post(f"/engage/chat/{scene.chat.public_id}/messages/", {"body": f"I am the {pose}", **posed})

    assert list(scene.chat.messages.order_by("seq").values_list("role", "agent")) == [("shopper", None)] * 4
    for name in ("notes", "whisper", "transfer", "take-over"):
        own = reverse(f"engage_dashboard:engage-conversation-{name}", args=[scene.chat.public_id])
        scene.shopper.post(own, {"note": "I am an agent", "to": "queue-", "reason": "I", "seen": "waiting.."})
    assert not InternalNote.objects.exists()
