"""A shopper in a chat with Mia, who proposes something: through the desk's own functions, answered by the shopper's browser."""

import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_engage.desk.acts.models import Proposal
from oscar_engage.desk.acts.propose import propose
from oscar_engage.desk.models import Agent, Conversation
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import take
from tests.storefront.shopping import ask

BY_SCRIPT = {"HX-Request": "true", "X-Engage-Fragment": "1"}


def make_agent(name: str = "Mia") -> Agent:
    user = get_user_model().objects.create_user(name.lower(), f"{name.lower()}@shop.example")
    return set_presence(Agent.objects.create(user=user, display_name=name, capacity=9), "online", now=timezone.now())


def begin_chat(client: Client, agent: Agent) -> Conversation:
    """Begin a chat in ``client``'s browser that ``agent`` takes."""
    return take(ask(client, "chat"), agent, now=timezone.now())


def offer(chat: Conversation, agent: Agent, act: str, **typed: object) -> Proposal:
    """Have ``agent`` propose ``act``; ``typed`` is what the form held."""
    data = QueryDict(mutable=True)
    for name, value in typed.items():
        data.setlist(name, [str(one) for one in value] if isinstance(value, list) else [str(value)])
    user = get_user_model()(pk=agent.user_id)  # perhaps in another database
    return propose(chat, agent, act, data, user=user, client_id=uuid.uuid4(), now=timezone.now())


def say(client: Client, proposal: Proposal, answer: str = "yes", headers: dict[str, str] | None = None) -> Any:
    """Press a button of the proposal in ``client``'s browser."""
    address = f"/engage/chat/{proposal.conversation.public_id}/acts/{proposal.public_id}/"
    return client.post(address, {"answer": answer}, headers=headers or {})


def state_of(proposal: Proposal) -> tuple[str, str]:
    """Return the state and the reason."""
    proposal.refresh_from_db()
    return proposal.state, proposal.reason


def held(status: str = "Open") -> dict[str, int]:
    """Return the pieces in each such basket's lines, by title."""
    lines = get_model("basket", "Line").objects.filter(basket__status=status)
    return {line.product.get_title(): line.quantity for line in lines}


def words(chat: Conversation) -> list[str]:
    """Return what was said in the chat, in its order."""
    return list(chat.messages.order_by("seq").values_list("body", flat=True))
