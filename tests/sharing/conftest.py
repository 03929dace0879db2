"""An agent and a shopper in a chat that goes on, in a shop where pages can be shared."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from oscar_engage.desk.models import Agent, Conversation, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import take
from oscar_engage.sharing.begin import agree, ask
from oscar_engage.sharing.models import LiveSession
from oscar_engage.sharing.shopper import Heard, hear_shopper
from oscar_engage.sharing.verbs import read_shopper
from oscar_engage.visitors.models import Visitor
from tests.sharing.test_strip import element, snapshot, text

NOW = datetime(2026, 5, 4, 10, 2, tzinfo=UTC)
PAGE = "page-one-of-shopper"
BASES = ("/static/", "/media/")
Say = Callable[..., Heard]


@pytest.fixture
def make_agent(db: None) -> Callable[..., Agent]:
    def make(name: str = "Ben") -> Agent:
        user = get_user_model().objects.create_user(f"{name}-{uuid.uuid4().hex[:6]}", f"{name}@shop.example")
        return set_presence(Agent.objects.create(user=user, display_name=name), "online", now=NOW)

    return make


@pytest.fixture
def agent(make_agent: Callable[..., Agent]) -> Agent:
    return make_agent()


@pytest.fixture
def chat(agent: Agent) -> Conversation:
    visitor = Visitor.objects.create(created_at=NOW, last_seen_at=NOW, consent=1)
    waiting = open_conversation(ConversationKind.CHAT, visitor_id=visitor.pk, body="Which tent?", language="en", now=NOW)
    return take(waiting, agent, now=NOW)


@pytest.fixture
def live(chat: Conversation, agent: Agent) -> LiveSession:
    """A page that is shared since :data:`NOW`."""
    return agree(ask(chat, agent, now=NOW), now=NOW)


def a_page(words: str = "Tent") -> list[dict[str, Any]]:
    """Return the events with which a page begins."""
    meta = {"type": 4, "data": {"href": "", "width": 800, "height": 600}, "timestamp": 1}
    return [meta, snapshot(element("body", {}, element("p", {}, text(words, 7), number=8), number=4))]


@pytest.fixture
def say() -> Say:
    """Say something as the shopper's page; by default the next number, with a page's beginning."""

    def one(session: LiveSession, *, now: datetime = NOW, is_private: bool = False, **said: Any) -> Heard:
        fresh = LiveSession.objects.select_related("conversation", "agent").get(pk=session.pk)
        content = {"page": PAGE, "path": "/", "begins": True, "seq": fresh.shopper_seq + 1, "events": a_page(), **said}
        return hear_shopper(fresh, read_shopper(json.dumps(content).encode()), is_private=is_private, bases=BASES, now=now)

    return one
