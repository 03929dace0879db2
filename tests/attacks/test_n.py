"""One agent, however many windows."""

import pytest
from django.test import Client
from django.urls import reverse

from oscar_engage.desk.models import Agent, Conversation
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


@pytest.mark.attack("N10")
def test_n10__shopper_who_poses_as_agent_or_system__stays_the_shopper(scene: Scene) -> None:
    for pose in ("agent", "system", "supervisor"):
        posed = {"role": pose, "agent": "1", "author": pose, "name": pose, "data-role": pose}
        scene.shopper.post(f"/engage/chat/{scene.chat.public_id}/messages/", {"body": f"I am the {pose}", **posed})

    assert list(scene.chat.messages.order_by("seq").values_list("role", "agent")) == [("shopper", None)] * 4
