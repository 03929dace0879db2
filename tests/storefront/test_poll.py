"""Is the poll of an open chat cheap, complete and only for its shopper?"""

import random
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.utils import timezone

from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import close, take
from oscar_engage.desk.writing import is_writing, note_agent_writing
from oscar_engage.storefront.poll import serve_poll
from oscar_engage.visitors.token import read_visitor_key
from tests.storefront.shopping import ask, text_of

pytestmark = pytest.mark.django_db
CountQueries = Callable[[int], Any]


@pytest.fixture
def chat(client: Client) -> Conversation:
    return ask(client, "chat")


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Mia"), "online", now=timezone.now())


def poll(client: Client, chat: Conversation, after: str | int, **more: str) -> Any:
    """Poll with the visitor's cookie alone, as the fast path does."""
    request = RequestFactory().get(f"/engage/chat/{chat.public_id}/events/", {"after": after, **more})
    request.COOKIES["engage_visitor"] = client.cookies["engage_visitor"].value
    return serve_poll(request, key=read_visitor_key(request))


def test_poll__nothing_new__204_with_one_query(
    client: Client, chat: Conversation, django_assert_num_queries: CountQueries
) -> None:
    with django_assert_num_queries(1):
        response = poll(client, chat, 1)

    assert (response.status_code, response.content) == (204, b"")
    assert response["Engage-Status"] == "waiting"
    assert response["Cache-Control"] == "private, no-store"
    assert not response.cookies


def test_poll__news__items_after_the_number_marked_as_read(
    client: Client, chat: Conversation, agent: Agent, django_assert_num_queries: CountQueries
) -> None:
    take(chat, agent, now=timezone.now())
    post_message(chat, role=Role.AGENT, agent=agent, body="<b>Hi</b>", client_id=uuid.uuid4(), now=timezone.now())

    with django_assert_num_queries(4):
        response = poll(client, chat, 1)

    html = text_of(response)
    assert [part in html for part in ('data-seq="1"', 'data-seq="2"', 'data-seq="3"')] == [False, True, True]
    assert "&lt;b&gt;Hi&lt;/b&gt;" in html
    assert (response["Engage-Status"], response["Engage-Next"]) == ("open", "3")
    chat.refresh_from_db()
    assert chat.shopper_read_seq == 3


@pytest.mark.parametrize("after", ["-1", "x", "1e9", "99999999999999999999", "\x00", "२"])
def test_poll__number_that_is_none__everything(after: str, client: Client, chat: Conversation) -> None:
    response = poll(client, chat, after)

    assert response.status_code == 200
    assert 'data-seq="1"' in text_of(response)


def test_poll__closed__says_so(client: Client, chat: Conversation) -> None:
    close(chat, now=timezone.now())

    assert poll(client, chat, 1)["Engage-Status"] == "closed"


@pytest.mark.attack("N02")
def test_poll__agent_is_lost__chat_waits_again_at_once(client: Client, chat: Conversation, agent: Agent) -> None:
    take(chat, agent, now=timezone.now())
    Agent.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    response = poll(client, chat, 2)

    assert response["Engage-Status"] == ConversationStatus.WAITING
    assert "Mia had to leave." in text_of(response)


@pytest.mark.attack("B05")
def test_poll__no_cookie_foreign_or_unknown__same_empty_404(client: Client, chat: Conversation) -> None:
    stranger = Client()
    ask(stranger)
    unknown = Conversation(public_id="x" * len(chat.public_id))
    bare = RequestFactory().get(f"/engage/chat/{chat.public_id}/events/")

    answers = [poll(stranger, chat, 0), poll(client, unknown, 0), serve_poll(bare, key=None)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(404, b"")] * 3


def test_poll__whole_stack__no_session_touched(client: Client, chat: Conversation) -> None:
    response = client.get(f"/engage/chat/{chat.public_id}/events/?after=1")

    assert response.status_code == 204
    assert "sessionid" not in response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_poll__agent_writes__names_them_and_nothing_they_wrote(client: Client, chat: Conversation, agent: Agent) -> None:
    mine = take(chat, agent, now=timezone.now())
    assert "Engage-Typing" not in poll(client, chat, 1)
    Agent.objects.update(display_name="Zoë\r\nX: y")
    note_agent_writing(mine, agent, now=timezone.now())
    assert poll(client, chat, 1)["Engage-Typing"] == "Zo%C3%AB%0D%0AX%3A%20y"
    Conversation.objects.update(agent_writes_until=timezone.now())
    assert "Engage-Typing" not in poll(client, chat, 1)


def test_poll__shopper_writes__is_noted_with_one_query_more_and_only_for_their_own(
    client: Client, chat: Conversation, django_assert_num_queries: CountQueries
) -> None:
    address = f"/engage/chat/{chat.public_id}/events/"
    with django_assert_num_queries(2):
        client.get(address, {"after": "1", "writing": "1"})
    with django_assert_num_queries(1):
        client.get(address, {"after": "1", "writing": "1"})
    chat.refresh_from_db()
    assert is_writing(chat.shopper_writes_until, now=timezone.now())
    Conversation.objects.update(shopper_writes_until=None)
    assert Client().get(address, {"writing": "1"}).status_code == 404
    chat.refresh_from_db()
    assert chat.shopper_writes_until is None


@pytest.mark.attack("N06")
@pytest.mark.parametrize("seed", range(5))
def test_poll__a_third_of_the_answers_is_lost_and_others_come_late_and_twice__transcript_is_whole(
    seed: int, client: Client, chat: Conversation, agent: Agent
) -> None:
    chance = random.Random(seed)
    take(chat, agent, now=timezone.now())
    shown: dict[int, str] = {}
    late: list[str] = []
    for number in range(12):
        role, author = chance.choice([(Role.SHOPPER, None), (Role.AGENT, agent)])
        post_message(chat, role=role, agent=author, body=f"word {number}", client_id=uuid.uuid4(), now=timezone.now())
        html = text_of(poll(client, chat, max(shown, default=0)))
        if chance.random() < 0.3:
            late.append(html)  # it comes after the next ones, or never
            continue
        for answer in chance.sample([html, html, *late], chance.randint(1, 2 + len(late))):
            shown |= dict(_items(answer))
    shown |= dict(_items(text_of(poll(client, chat, max(shown, default=0)))))

    said = chat.messages.order_by("seq").values_list("seq", "body")
    assert sorted(shown.items()) == list(said)
    assert [seq for seq, _body in said] == list(range(1, 15))


def _items(html: str) -> list[tuple[int, str]]:
    """Number and words of each message in an answer."""
    found = re.findall(r'data-seq="(\d+)".*?engage-text">(.*?)</span>', html, re.DOTALL)
    return [(int(seq), body) for seq, body in found]
