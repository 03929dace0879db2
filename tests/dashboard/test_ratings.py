"""Do supervisors see how conversations went, of how many, and what was said, at a constant price?"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from oscar_engage.desk.models import Agent, Conversation, ConversationKind, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.ratings.give import rate
from oscar_engage.desk.ratings.judge import judge_step
from oscar_engage.desk.ratings.models import Step
from oscar_engage.desk.take import close, take
from tests.attacks.payloads import XSS

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("noa", "noa@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name="Noa", capacity=9), "online", now=timezone.now())


def talk(agent: Agent, *, score: int | None = None, comment: str = "") -> Conversation:
    """A chat that was answered after two minutes and took five more."""
    now = timezone.now()
    chat = open_conversation(
        ConversationKind.CHAT, visitor_id=uuid.uuid4(), body="Is it green?", now=now - timedelta(minutes=7)
    )
    take(chat, agent, now=now)
    post_message(chat, role=Role.AGENT, agent=agent, body="Yes", client_id=uuid.uuid4(), now=now - timedelta(minutes=5))
    close(chat, agent, now=now)
    if score:
        rate(chat, score=score, comment=comment, now=now)
    return chat


def page(client: Client, days: int = 30) -> str:
    return client.get(reverse("engage_dashboard:engage-ratings"), {"days": days}).content.decode()


def test_ratings__nothing_yet__says_so(client: Client) -> None:
    html = page(client)

    assert "none yet" in html
    assert "No comments in this period." in html


def test_ratings__some__average_with_count_and_share_and_times_in_words(client: Client, agent: Agent) -> None:
    talk(agent, score=5, comment="So quick!")
    talk(agent, score=2)
    talk(agent)
    talk(agent)
    html = page(client)

    assert html.count("2 ratings, 50% of those asked") == 2  # of all, and of Noa
    assert '<span class="text-nowrap">3.5</span>' in html
    assert "2\xa0minutes" in html
    assert "5\xa0minutes" in html
    assert "So quick!" in html
    assert "5: very well" in html


def test_ratings__begun_before_the_period__left_out(client: Client, agent: Agent) -> None:
    talk(agent, score=5)
    Conversation.objects.update(created_at=timezone.now() - timedelta(days=20))

    assert "1 rating," in page(client, 30)
    assert "1 rating," not in page(client, 7)


@pytest.mark.attack("A05")
def test_ratings__comment_holds_markup__shown_as_text(client: Client, agent: Agent) -> None:
    for payload in XSS:
        talk(agent, score=1, comment=payload)
    html = page(client)

    assert "<script>alert" not in html
    assert "onerror=alert(1)>" not in html.replace("&gt;", "")


@pytest.mark.parametrize("count", [1, 3])
def test_ratings__queries__are_the_same_for_one_and_three(
    count: int, client: Client, agent: Agent, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(count):
        talk(agent, score=3, comment="Well")
    page(client)
    with django_assert_num_queries(14):
        page(client)


def test_steps__judged__stand_side_by_side_with_their_shares(client: Client, agent: Agent) -> None:
    for helped in (True, True, False):
        judge_step(Step.ARTICLE, subject="returns", visitor_id=uuid.uuid4(), helped=helped, now=timezone.now())

    html = client.get(reverse("engage_dashboard:engage-ratings")).content.decode()

    assert "Without an agent" in html
    assert "66.7%" in html
