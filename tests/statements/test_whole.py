"""Models read by a queryset compiled once are those of the queryset itself, with what it reads along."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import BigIntegerField
from django.test.utils import CaptureQueriesContext

from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.statements.prepared import Given
from oscar_engage.statements.whole import PreparedModels
from oscar_engage.visitors.models import Visitor

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALONG = ("agent", "proposal", "settles")


def said_in() -> PreparedModels[Message]:
    return PreparedModels(
        lambda: Message.objects.filter(conversation=Given("conversation", BigIntegerField())).order_by("seq"), *ALONG
    )


@pytest.fixture
def conversation() -> Conversation:
    """A chat of four messages: a plain one, one with a card by an agent, one that proposes, and the word that settles it."""
    visitor = Visitor.objects.create(created_at=NOW, last_seen_at=NOW)
    conversation = Conversation.objects.create(kind="chat", visitor_id=visitor.pk, created_at=NOW, due_at=NOW)
    user = get_user_model().objects.create_user("ann", "ann@shop.example")
    agent = Agent.objects.create(user=user, display_name="Ann", languages=["de", "en"])
    said = {"conversation": conversation, "at": NOW}
    Message.objects.create(seq=1, role="shopper", body="50 % \u20ac?", **said)
    Message.objects.create(seq=2, role="agent", agent=agent, body="", card={"kind": "product", "key": "7"}, **said)
    proposes = Message.objects.create(seq=3, role="agent", agent=agent, body="Shall I?", **said)
    settles = Message.objects.create(seq=4, role="system", body="Done.", **said)
    named = {"conversation": conversation, "agent": agent, "message": proposes, "outcome": settles}
    Proposal.objects.create(act="basket.add", client_id=uuid.uuid4(), created_at=NOW, expires_at=NOW, **named)
    return conversation


def contents(model: Any) -> Any:
    """Return the values of a model and those of the models that it holds, without looking any up."""
    if model is None:
        return None
    held = model._state.fields_cache
    return type(model), {name: value for name, value in vars(model).items() if name != "_state"}, sorted(held)


def test_all__models_read_along__are_those_of_select_related_and_ask_nothing_more(conversation: Conversation) -> None:
    expected = list(Message.objects.filter(conversation=conversation).order_by("seq").select_related(*ALONG))
    prepared = said_in()

    with CaptureQueriesContext(connection) as queries:
        found = prepared.all(conversation=conversation.pk)
        along = [[contents(getattr(message, name, None)) for name in ALONG] for message in found]

    assert len(queries) == 1
    assert [contents(message) for message in found] == [contents(message) for message in expected]
    assert along == [[contents(getattr(message, name, None)) for name in ALONG] for message in expected]


def test_all__what_was_read__can_be_changed_and_saved(conversation: Conversation) -> None:
    first = said_in().all(conversation=conversation.pk)[0]

    first.body = "Other words"
    first.save()

    assert conversation.messages.get(seq=1).body == "Other words"
    assert conversation.messages.count() == 4


def test_get__nothing_there__raises_the_models_own_error(conversation: Conversation) -> None:
    by_key = PreparedModels(lambda: Conversation.objects.filter(pk=Given("pk", BigIntegerField())))

    assert by_key.get(pk=conversation.pk) == conversation
    with pytest.raises(Conversation.DoesNotExist):
        by_key.get(pk=conversation.pk + 1)
