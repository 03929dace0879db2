"""Who can be given a conversation? Agents who are there, may still see it, and for a chat have room."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

from oscar_engage.desk.access import VIEW_PERMISSION
from oscar_engage.desk.line import busy_of
from oscar_engage.desk.models import Agent
from oscar_engage.desk.routing import room_of
from oscar_engage.desk.slots import present


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """An agent who is online, with how many more chats fit."""

    agent: Agent
    room: int


def read_receivers(*, now: datetime, but: int | None = None) -> list[Receiver]:
    """Return who is online and may see conversations, the emptiest first; without the agent ``but``. Two queries."""
    there = [agent for agent in present(now=now) if agent.pk != but]
    allowed = still_allowed(there)
    found = [Receiver(agent=one, room=room_of(busy_of(one, now=now))) for one in there if one.pk in allowed]
    return sorted(found, key=lambda receiver: (-receiver.room, receiver.agent.display_name, receiver.agent.pk))


def still_allowed(agents: Iterable[Agent]) -> set[int]:
    """Return the ids of those of ``agents`` whose user is there, active and may see conversations.

    One query for the permissions that Django's tables hold; whoever has them from elsewhere (a backend of the shop's own) is
    asked for one by one.
    """
    by_user: dict[int, int] = {agent.user_id: agent.pk for agent in agents}
    if not by_user:
        return set()
    known = ModelBackend().with_perm(VIEW_PERMISSION, is_active=True).filter(pk__in=by_user).values_list("pk", flat=True)
    allowed = set(known)
    others = get_user_model()._default_manager.filter(pk__in=set(by_user) - allowed, is_active=True)
    if allowed != set(by_user):
        allowed |= {user.pk for user in others if user.has_perm(VIEW_PERMISSION)}
    return {by_user[user] for user in allowed}
