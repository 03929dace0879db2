"""Does who waits learn what to expect, cheaply, and can they leave a message instead?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.desk import expected
from oscar_engage.desk.expected import forget_lines
from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import close, take
from tests.storefront.shopping import ask, new_id, text_of
from tests.storefront.test_poll import poll

pytestmark = pytest.mark.django_db
CountQueries = Callable[[int], Any]
BY_SCRIPT = {"HX-Request": "true", "X-Engage-Fragment": "1"}


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Mia", capacity=1), "online", now=timezone.now())


@pytest.fixture
def chat(client: Client) -> Conversation:
    return ask(client, "chat")


def shown_poll(client: Client, chat: Conversation, shown: str, after: int = 1) -> Any:
    return poll(client, chat, f"{after}", shown=shown)


def age_line(seconds: int) -> None:
    for alias, line in expected._lines.items():
        expected._lines[alias] = replace(line, read_at=line.read_at - timedelta(seconds=seconds))


def busy(agent: Agent) -> None:
    take(ask(Client(), "chat"), agent, now=timezone.now())
    forget_lines()


def test_panel__nobody_there__says_so_with_the_promise_and_the_way_out_open(client: Client, chat: Conversation) -> None:
    html = text_of(client.get(f"/engage/chat/{chat.public_id}/"))

    assert "Nobody who could answer this is here right now." in html
    assert "Our answer is here by" in html
    assert "<details open>" in html
    assert "Leave it as a message" in html


def test_panel__all_busy__place_and_minutes(client: Client, agent: Agent, chat: Conversation) -> None:
    busy(agent)
    ahead, later = ask(Client(), "chat"), Client()
    mine = ask(later, "chat")
    forget_lines()

    assert "You are next. It takes about 4 minutes." in text_of(client.get(f"/engage/chat/{chat.public_id}/"))
    assert "You are number 3 in the queue. It takes about 20 minutes." in text_of(later.get(f"/engage/chat/{mine.public_id}/"))
    assert ahead.pk < mine.pk


def test_panel__somebody_is_free__less_than_a_minute(client: Client, agent: Agent, chat: Conversation) -> None:
    assert "It takes less than a minute." in text_of(client.get(f"/engage/chat/{chat.public_id}/"))


def test_poll__what_is_shown_is_still_right__204(client: Client, agent: Agent, chat: Conversation) -> None:
    assert shown_poll(client, chat, "1.0").status_code == 204


def test_poll__something_else_is_right__the_words_anew(client: Client, agent: Agent, chat: Conversation) -> None:
    busy(agent)
    response = shown_poll(client, chat, "2.15")

    assert response.status_code == 200
    assert '<p class="engage-expected" data-engage-shown="1.4">You are next.' in text_of(response)
    assert shown_poll(client, chat, "1.4").status_code == 204


@pytest.mark.parametrize("shown", ["", "x", "-1.-1", "9" * 99, "1.1e9", "\x00", "<b>"])
def test_poll__nonsense_is_shown__the_words_anew(shown: str, client: Client, agent: Agent, chat: Conversation) -> None:
    response = shown_poll(client, chat, shown)

    assert 'data-engage-shown="1.0"' in text_of(response)
    assert "<b>" not in text_of(response)


def test_poll__waiting__two_queries_more_and_none_for_some_seconds(
    client: Client,
    agent: Agent,
    chat: Conversation,
    django_assert_max_num_queries: CountQueries,
    django_assert_num_queries: Any,
) -> None:
    shown_poll(client, chat, "1.0")
    with django_assert_num_queries(1):
        shown_poll(client, chat, "1.0")


def test_poll__agent_is_there__no_query_more(
    client: Client, agent: Agent, chat: Conversation, django_assert_num_queries: CountQueries
) -> None:
    take(chat, agent, now=timezone.now())
    with django_assert_num_queries(1):
        response = shown_poll(client, chat, "1.0", after=2)

    assert response.status_code == 204


def test_agent_leaves__back_in_the_queue__word_place_and_promise_again(
    client: Client, agent: Agent, chat: Conversation
) -> None:
    take(chat, agent, now=timezone.now())
    set_presence(agent, "offline", now=timezone.now())
    forget_lines()

    html = text_of(client.get(f"/engage/chat/{chat.public_id}/"))
    assert "Mia had to leave. You are back in the queue" in html
    assert "Nobody who could answer this is here right now." in html
    assert "Our answer is here by" in html


def leave(client: Client, chat: Conversation, **fields: str) -> Any:
    headers = fields.pop("headers", None)
    return client.post(f"/engage/chat/{chat.public_id}/message/", fields, headers=headers)


def test_leave_instead__plain_page__note_with_reference_and_promise(client: Client, chat: Conversation) -> None:
    response = leave(client, chat, email="ada@example.com")
    html = text_of(client.get(response.url))

    assert response.url == f"/engage/note/{chat.public_id}/"
    assert response.cookies["engage_chat"].value == ""
    for words in ("Thank you, we have your note.", chat.reference, "Our answer is here by", "Do you ship to Malta?"):
        assert words in html
    assert "We also send you a mail" in html


def test_leave_instead__fragment__panel_of_the_note(client: Client, chat: Conversation) -> None:
    response = leave(client, chat, headers=BY_SCRIPT)

    assert response.status_code == 200
    assert "data-engage-receipt" in text_of(response)
    assert poll(client, chat, 2)["Engage-Status"] == "note"


def test_leave_instead__text_in_the_box__goes_along_once(client: Client, chat: Conversation) -> None:
    client_id = new_id()
    for _ in range(2):
        leave(client, chat, body="And to Gozo?", client_id=client_id)

    said = Message.objects.filter(conversation=chat).order_by("seq").values_list("role", "body")
    assert [(role, body) for role, body in said if role == "shopper"][1:] == [("shopper", "And to Gozo?")]
    assert len(said) == 3


def test_leave_instead__wrong_address__says_so_and_stays_a_chat(client: Client, chat: Conversation) -> None:
    response = leave(client, chat, email="nobody", headers=BY_SCRIPT)

    chat.refresh_from_db()
    assert (response.status_code, chat.kind) == (422, "chat")
    assert 'value="nobody"' in text_of(response)
    assert "<details open>" in text_of(response)


@pytest.mark.parametrize("body", ["x" * 4001, "\u200b"])
def test_leave_instead__text_in_the_box_cannot_be_sent__says_so_and_stays_a_chat(
    body: str, client: Client, chat: Conversation
) -> None:
    response = leave(client, chat, body=body, headers=BY_SCRIPT)

    chat.refresh_from_db()
    assert (response.status_code, chat.kind) == (422, "chat")
    assert "cannot be sent" in text_of(response)


def test_leave_instead__agent_was_quicker_or_it_is_over__shows_how_it_is(
    client: Client, chat: Conversation, agent: Agent
) -> None:
    take(chat, agent, now=timezone.now())
    assert "Mia is here." in text_of(leave(client, chat, headers=BY_SCRIPT))
    close(chat, agent, now=timezone.now())
    assert "This conversation is closed." in text_of(leave(client, chat, headers=BY_SCRIPT))
    chat.refresh_from_db()
    assert chat.kind == "chat"


@pytest.mark.attack("B05")
def test_leave_instead_and_rate__foreign_or_unknown__same_bytes(client: Client, chat: Conversation) -> None:
    stranger = Client()
    ask(stranger)
    for path in ("chat/{}/message/", "chat/{}/rating/"):
        answers = [
            stranger.post(f"/engage/{path.format(public_id)}", {"score": "5"})
            for public_id in (chat.public_id, "x" * len(chat.public_id))
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    chat.refresh_from_db()
    assert chat.kind == "chat"


def test_message__to_what_became_a_note_in_another_tab__is_kept(client: Client, chat: Conversation) -> None:
    leave(client, chat)
    client.post(f"/engage/chat/{chat.public_id}/messages/", {"body": "One more thing", "client_id": new_id()})

    assert chat.messages.latest("seq").body == "One more thing"
