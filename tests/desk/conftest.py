"""The people at the desk: agents who are online, shoppers who ask."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model

from oscar_engage.desk.models import Agent, Conversation, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.presence import set_presence
from oscar_engage.visitors.models import Visitor

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)

MakeAgent = Callable[..., Agent]
MakeVisitor = Callable[[], Visitor]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make_agent(db: None) -> MakeAgent:
    """Return a maker of agents who are online with a fresh lease."""

    def make(name: str = "Mia", *, capacity: int = 3, presence: str = "online") -> Agent:
        user = get_user_model().objects.create_user(username=f"{name}-{uuid.uuid4().hex[:6]}", email=f"{name}@shop.example")
        return set_presence(Agent.objects.create(user=user, display_name=name, capacity=capacity), presence, now=NOW)

    return make


@pytest.fixture
def make_visitor(db: None) -> MakeVisitor:
    return lambda: Visitor.objects.create(created_at=NOW, last_seen_at=NOW, consent=1)


@pytest.fixture
def agent(make_agent: MakeAgent) -> Agent:
    return make_agent()


@pytest.fixture
def make_chat(make_visitor: MakeVisitor) -> Callable[[], Conversation]:
    return lambda: open_conversation(ConversationKind.CHAT, visitor_id=make_visitor().pk, body="Is this in stock?", now=NOW)


@pytest.fixture
def chat(make_chat: Callable[[], Conversation]) -> Conversation:
    return make_chat()


@pytest.fixture
def note(make_visitor: MakeVisitor) -> Conversation:
    return open_conversation(
        ConversationKind.NOTE,
        visitor_id=make_visitor().pk,
        body="Do you ship to Malta?",
        email="ada@example.com",
        language="en",
        now=NOW,
    )
