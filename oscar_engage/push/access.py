"""Who may listen, and to what? The same question as the poll's, asked once for a shopper and again and again for staff.

Synchronous: it asks the database. What a shopper's stream says of a conversation is that it has moved, nothing else; the
poll that follows asks anew whether it is still the shopper's. A desk's stream speaks of all conversations, so it ends with the
access.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest

from oscar_engage.desk.access import VIEW_PERMISSION
from oscar_engage.desk.models import Conversation
from oscar_engage.visitors.models import Visitor
from oscar_engage.visitors.token import read_visitor_key


@dataclass(frozen=True, slots=True)
class Caller:
    """What the cookies say: the visitor's key, and the key of a session. Nothing of it is believed yet."""

    visitor_key: str | None
    session_key: str | None


def read_caller(scope: dict[str, Any]) -> Caller:
    """Return who calls, without a query; the visitor's key is one that we signed."""
    request = ASGIRequest({**scope, "method": "GET"}, _NO_BODY)
    return Caller(read_visitor_key(request), request.COOKIES.get(django_settings.SESSION_COOKIE_NAME) or None)


class _NoBody:
    def read(self, *args: object) -> bytes:
        return b""


_NO_BODY: Any = _NoBody()


def find_own(key: str, public_ids: Sequence[str]) -> dict[str, int]:
    """Return those of the conversations that belong to the visitor with this key, each with the number of its last message.

    Foreign and absent ones are left out alike.
    """
    owner = Visitor.objects.filter(key=key).values("pk")
    return dict(
        Conversation.objects.filter(public_id__in=public_ids, visitor_id__in=owner).values_list("public_id", "last_seq")
    )


class _Snapshot(dict[str, Any]):
    """A session to read: where Django would end or renew it, the browser that holds its key would not hear of it."""

    def flush(self) -> None:
        """Forget what was read, and leave what is stored."""
        self.clear()

    def cycle_key(self) -> None:
        """Keep the key."""


def may_listen_at_desk(session_key: str) -> bool:
    """Whether the session is that of somebody who may answer shoppers: as a request of the dashboard would find now."""
    request: Any = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, _NO_BODY)
    engine: Any = import_module(django_settings.SESSION_ENGINE)
    request.session = _Snapshot(engine.SessionStore(session_key).load())
    user = get_user(request)
    return bool(user.is_active and user.has_perm(VIEW_PERMISSION))
