"""Who talks in the measurement of the chats? Shoppers with an open chat each, and the agents who have them."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

AGENTS = 25
CSRF = "c" * 32


@dataclass(frozen=True, slots=True)
class Chat:
    """One open chat, and what its two browsers send along."""

    public_id: str
    shopper_cookie: str
    agent_cookie: str


def make_chats(number: int) -> list[Chat]:
    """Make ``number`` open chats, each of a shopper of its own, shared among the agents; written past our own functions."""
    from django.core import signing
    from django.utils import timezone

    from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Message, Role
    from oscar_engage.visitors.models import Visitor

    now = timezone.now()
    agents = [make_agent(name) for name in range(AGENTS)]
    visitors = Visitor.objects.bulk_create([Visitor(created_at=now, last_seen_at=now, consent=1) for _number in range(number)])
    chats = Conversation.objects.bulk_create(
        Conversation(
            kind=ConversationKind.CHAT,
            status=ConversationStatus.OPEN,
            visitor_id=visitor.pk,
            agent=agents[place % AGENTS][0],
            created_at=now,
            due_at=now + timedelta(hours=1),
            last_seq=1,
        )
        for place, visitor in enumerate(visitors)
    )
    Message.objects.bulk_create(
        Message(conversation=chat, seq=1, client_id=uuid.uuid4(), role=Role.SHOPPER, body="Is this in stock?", at=now)
        for chat in chats
    )
    signer = signing.Signer(salt="oscar_engage.visitor")
    return [
        Chat(chat.public_id, f"engage_visitor={signer.sign(visitor.key)}", agents[place % AGENTS][1])
        for place, (chat, visitor) in enumerate(zip(chats, visitors, strict=True))
    ]


def make_agent(number: int) -> tuple[Any, str]:
    """Make an agent who is online and signed in; return it with the cookie of its browser."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Permission
    from django.test import Client
    from django.utils import timezone

    from oscar_engage.desk.models import Agent, Presence

    user = get_user_model().objects.create_user(f"agent{number}", f"agent{number}@shop.example", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_conversation", "change_conversation"]))
    lease = timezone.now() + timedelta(days=1)
    agent = Agent.objects.create(
        user=user, display_name=f"Agent {number}", presence=Presence.ONLINE, lease_until=lease, active_at=lease, capacity=100
    )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return agent, f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
