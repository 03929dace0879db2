"""Is a shopper asked once how helpful it was, and is the answer kept as it was meant?"""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from oscar_engage.desk.link import answer_url
from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.ratings.give import NotRateableError, last_rating, rate
from oscar_engage.desk.ratings.models import Rating
from oscar_engage.desk.take import close, take
from tests.attacks.payloads import XSS
from tests.storefront.shopping import ask, text_of

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"HX-Request": "true", "X-Engage-Fragment": "1"}
QUESTION = "How helpful was this?"


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Mia"), "online", now=timezone.now())


@pytest.fixture
def chat(client: Client, agent: Agent) -> Conversation:
    """A chat that was answered and is closed."""
    return talked(ask(client, "chat"), agent)


def talked(conversation: Conversation, agent: Agent, *, is_closed: bool = True) -> Conversation:
    now = timezone.now()
    take(conversation, agent, now=now)
    post_message(conversation, role=Role.AGENT, agent=agent, body="Yes", client_id=uuid.uuid4(), now=now)
    return close(conversation, agent, now=now) if is_closed else conversation


def tell(client: Client, conversation: Conversation, *, headers: dict[str, str] | None = None, **fields: Any) -> Any:
    return client.post(f"/engage/chat/{conversation.public_id}/rating/", fields, headers=headers or {})


def test_question__chat_closed_after_an_answer__is_asked_in_words(client: Client, chat: Conversation) -> None:
    html = text_of(client.get(f"/engage/chat/{chat.public_id}/"))

    assert f"<legend>{QUESTION}</legend>" in html
    assert html.count('type="radio"') == 5
    for words in ("not at all", "a little", "partly", "well", "very well"):
        assert words in html


def test_question__chat_goes_on_or_nobody_came__is_not_asked(client: Client, agent: Agent) -> None:
    going_on = talked(ask(client, "chat"), agent, is_closed=False)
    alone = close(ask(client, "chat"), now=timezone.now())

    for one in (going_on, alone):
        assert QUESTION not in text_of(client.get(f"/engage/chat/{one.public_id}/"))
        assert tell(client, one, score=5).status_code == 409
    assert not Rating.objects.exists()


def test_rate__plain_page__kept_with_the_agent_and_thanked(client: Client, chat: Conversation, agent: Agent) -> None:
    response = tell(client, chat, score=4, comment="Quick!")
    html = text_of(client.get(response.url))

    rating = Rating.objects.get()
    assert (rating.score, rating.comment, rating.agent) == (4, "Quick!", agent)
    assert "You said that it helped: well." in html
    assert "Change what I said" in html


def test_rate__again_within_a_day__changed_later_no_more(client: Client, chat: Conversation) -> None:
    tell(client, chat, score=1)
    tell(client, chat, score=5, headers=BY_SCRIPT)
    assert Rating.objects.get().score == 5

    Rating.objects.update(at=timezone.now() - timedelta(days=1, seconds=1))
    response = tell(client, chat, score=2, headers=BY_SCRIPT)
    assert (response.status_code, Rating.objects.get().score) == (409, 5)
    assert "can no longer be changed" in text_of(response)
    assert "Change what I said" not in text_of(client.get(f"/engage/chat/{chat.public_id}/"))


@pytest.mark.parametrize("score", ["", "0", "6", "-1", "1e1", "NaN", "five", "\x00"])
def test_rate__no_such_answer__refused(score: str, client: Client, chat: Conversation) -> None:
    response = tell(client, chat, score=score, comment="kept in the form", headers=BY_SCRIPT)

    assert response.status_code == 422
    assert "kept in the form" in text_of(response)
    assert not Rating.objects.exists()


def test_rate__comment_with_a_card__is_masked_and_cut(client: Client, chat: Conversation) -> None:
    tell(client, chat, score=3, comment="My card 4111 1111 1111 1111 was charged")
    assert "4111" not in Rating.objects.get().comment

    assert tell(client, chat, score=3, comment="x" * 501, headers=BY_SCRIPT).status_code == 422
    tell(client, chat, score=3, comment="\u200b \n")
    assert Rating.objects.get().comment == ""


@pytest.mark.attack("A05")
def test_rate__comment_holds_markup__shown_as_text(client: Client, chat: Conversation) -> None:
    for payload in XSS:
        Rating.objects.all().delete()
        tell(client, chat, score=3, comment=payload)
        html = text_of(client.get(f"/engage/chat/{chat.public_id}/"))
        assert payload not in html or "<" not in payload


def test_rate__note_after_its_answer__asked_there_and_kept(client: Client, agent: Agent) -> None:
    note = talked(ask(client, "note"), agent, is_closed=False)
    assert QUESTION in text_of(client.get(f"/engage/note/{note.public_id}/"))

    assert tell(client, note, score=2).url == f"/engage/note/{note.public_id}/"
    assert Rating.objects.get().conversation == note


@pytest.mark.attack("B06")
def test_rate__mailed_link__without_a_cookie_until_it_ends(agent: Agent, settings: Any) -> None:
    note = talked(ask(Client(), "note", email="ada@example.com"), agent, is_closed=False)
    query = answer_url(note).partition("?")[2]
    reader = Client()
    html = text_of(reader.get(f"/engage/answer/?{query}"))
    assert f'action="/engage/answer/rating/?{query}"' in html

    response = reader.post(f"/engage/answer/rating/?{query}", {"score": 5})
    assert "very well" in text_of(reader.get(response.url))
    assert Rating.objects.get().score == 5
    assert reader.post("/engage/answer/rating/?token=forged", {"score": 1}).status_code == 404
    Conversation.objects.all().delete()
    assert reader.post(f"/engage/answer/rating/?{query}", {"score": 1}).status_code == 410


def test_rate__nobody_has_it_any_more__is_of_who_answered_last(client: Client, agent: Agent) -> None:
    note = talked(ask(client, "note"), agent, is_closed=False)
    Conversation.objects.update(agent=None)

    assert rate(note, score=4, now=timezone.now()).agent_id == agent.pk


def test_last_rating__of_all_devices__the_latest(client: Client, chat: Conversation, agent: Agent) -> None:
    assert last_rating(chat.visitor_id) is None
    rate(chat, score=2, now=timezone.now())
    other = talked(ask(client, "chat"), agent)
    rate(other, score=5, now=timezone.now() + timedelta(seconds=1))

    assert last_rating(chat.visitor_id) == 5


def test_rate__conversation_erased__rating_goes_with_it(chat: Conversation) -> None:
    rate(chat, score=2, now=timezone.now())
    chat.delete()

    assert not Rating.objects.exists()
    assert issubclass(NotRateableError, ValueError)
