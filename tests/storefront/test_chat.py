"""Can a shopper chat, with and without JavaScript, and nobody else read along?"""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.decisions.models import Decision
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Role
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import take
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.visitors.models import Visit
from tests.storefront.shopping import FRAGMENT, ask, new_id, submit, text_of

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"HX-Request": "true", "X-Engage-Fragment": "1"}


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Mia"), "online", now=timezone.now())


def test_chat__plain_page__begun_and_waiting(client: Client) -> None:
    response = submit(client, client.get("/engage/chat/new/"), message="Is this in stock?")
    page = client.get(response.url)

    assert response.url == f"/engage/chat/{Conversation.objects.get().public_id}/"
    assert "Is this in stock?" in text_of(page)
    assert "Waiting for an agent" in text_of(page)


def test_chat__fragment__panel_that_the_script_can_run(client: Client) -> None:
    page = client.get("/engage/chat/new/?fragment=1")
    panel = text_of(submit(client, page, headers=FRAGMENT, message="Hello"))

    chat = Conversation.objects.get()
    assert "data-engage-chat" in panel
    assert f'data-engage-events="/engage/chat/{chat.public_id}/events/"' in panel
    assert 'data-engage-status="waiting"' in panel
    assert '<li class="engage-message" data-seq="1" data-role="shopper">' in panel
    assert "<html" not in panel


def test_chat__agent_came__said_by_name(client: Client, agent: Agent) -> None:
    chat = ask(client, "chat")
    take(chat, agent, now=timezone.now())

    assert "Mia is here." in text_of(client.get(f"/engage/chat/{chat.public_id}/"))


def test_message__script_that_has_the_chat__is_answered_with_what_it_has_not_alone(client: Client, agent: Agent) -> None:
    chat = ask(client, "chat")
    take(chat, agent, now=timezone.now())  # says that Mia is here
    page = client.get(f"/engage/chat/{chat.public_id}/?fragment=1")

    answer = submit(client, page, headers=FRAGMENT, body="Still there?", after="1")

    html = text_of(answer)
    assert [f'data-seq="{seq}"' in html for seq in (1, 2, 3)] == [False, True, True]
    assert "engage-panel" not in html
    assert "private" in answer["Cache-Control"]
    chat.refresh_from_db()
    assert chat.shopper_read_seq == 3


def test_message__plain_page__added_and_page_shown_again(client: Client) -> None:
    chat = ask(client, "chat")

    response = submit(client, client.get(f"/engage/chat/{chat.public_id}/"), body="Still there?")

    assert response.url == f"/engage/chat/{chat.public_id}/"
    assert [message.body for message in chat.messages.order_by("seq")][-1] == "Still there?"


def test_message__submitted_twice__once(client: Client) -> None:
    chat = ask(client, "chat")
    page = client.get(f"/engage/chat/{chat.public_id}/?fragment=1")
    for _ in range(2):
        panel = text_of(submit(client, page, headers=FRAGMENT, body="Still there?"))

    assert panel.count("Still there?") == 1
    assert chat.messages.count() == 2


@pytest.mark.attack("N10")
def test_message__role_and_agent_in_the_form__ignored(client: Client, agent: Agent) -> None:
    chat = ask(client, "chat")

    client.post(
        f"/engage/chat/{chat.public_id}/messages/",
        {"body": "I am the shop", "client_id": new_id(), "role": "agent", "agent": agent.pk, "seq": 99},
    )

    message = chat.messages.latest("seq")
    assert (message.role, message.agent, message.seq) == (Role.SHOPPER, None, 2)


@pytest.mark.parametrize(("headers", "status"), [({}, 422), (FRAGMENT, 200), (BY_SCRIPT, 422)])
def test_message__empty__refused_in_the_way_the_asker_understands(headers: dict[str, str], status: int, client: Client) -> None:
    chat = ask(client, "chat")

    response = client.post(f"/engage/chat/{chat.public_id}/messages/", {"body": ""}, headers=headers)

    assert response.status_code == status
    assert "Write a message first." in text_of(response)


@pytest.mark.attack("H07")
def test_message__flood__refused_and_text_kept(client: Client) -> None:
    chat = ask(client, "chat")
    responses = [
        client.post(f"/engage/chat/{chat.public_id}/messages/", {"body": f"text {number}", "client_id": new_id()})
        for number in range(20)
    ]

    assert [response.status_code for response in responses] == [302] * 19 + [429]
    assert "text 19" in text_of(responses[-1])


def test_close__by_the_shopper__slot_back_and_no_more_messages(client: Client, agent: Agent) -> None:
    chat = ask(client, "chat")
    take(chat, agent, now=timezone.now())

    client.post(f"/engage/chat/{chat.public_id}/close/")
    late = client.post(f"/engage/chat/{chat.public_id}/messages/", {"body": "wait", "client_id": new_id()})

    chat.refresh_from_db()
    agent.refresh_from_db()
    assert (chat.status, agent.used_tenths, late.status_code) == (ConversationStatus.CLOSED, 0, 409)


def test_invitation__accepted_by_beginning_a_chat__recorded(client: Client) -> None:
    now = timezone.now()
    visitor_id = ask(client).visitor_id
    decision = Decision.objects.create(
        visitor_id=visitor_id,
        visit=Visit.objects.create(visitor_id=visitor_id, started_at=now, last_at=now),
        version=RuleVersion.objects.create(rule=Rule.objects.create(name="help"), number=1, document={}),
        branch=0,
        action="invite.chat",
        arm="treated",
        reason="offered",
        eligible_at=now,
        offered_at=now,
    )

    submit(client, client.get(f"/engage/chat/new/?decision={decision.pk}&fragment=1"), message="Yes, please")

    decision.refresh_from_db()
    chat = Conversation.objects.latest("pk")
    assert decision.accepted_at is not None
    assert (chat.decision_id, chat.visit_id) == (decision.pk, decision.visit_id)


@pytest.mark.attack("B05")
@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_foreign_and_unknown__every_address__same_bytes(headers: dict[str, str], client: Client) -> None:
    foreign = ask(Client(), "chat").public_id
    ask(client)
    unknown = "x" * len(foreign)
    for method, path in (
        ("get", "chat/{}/"),
        ("get", "note/{}/"),
        ("get", "chat/{}/events/"),
        ("post", "chat/{}/messages/"),
        ("post", "chat/{}/close/"),
    ):
        answers = [
            getattr(client, method)(
                f"/engage/{path.format(public_id)}", {"body": "x", "client_id": uuid.uuid4()}, headers=headers
            )
            for public_id in (foreign, unknown)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
        assert dict(answers[0].headers) == dict(answers[1].headers)
    assert Conversation.objects.get(public_id=foreign).last_seq == 1
