"""Who may listen, and to what? The same question as the poll's, asked once for a shopper and again and again for staff.

Synchronous: it asks the database. What a shopper's stream says of a conversation is that it has moved, nothing else; the
poll that follows asks anew whether it is still the shopper's. A desk's stream speaks of all conversations, so it ends with the
access.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest

from oscar_engage.core.pushing import LIVE
from oscar_engage.core.registry import Registry
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


LiveAccess = Callable[[Caller, Sequence[str]], Collection[str]]
"""Returns those of the public ids of live sessions that the caller takes part in, as shopper or at the desk."""

LIVE_ACCESS: Registry[LiveAccess] = Registry("access to live sessions")
"""Asked for topics that begin with ``core.pushing.LIVE``; a package above registers, since these are its rows."""


def find_own(caller: Caller, topics: Sequence[str]) -> dict[str, int]:
    """Return those of the topics that are the caller's: of conversations with the number of the last message, else with 0.

    Foreign and absent ones are left out alike.
    """
    live = [topic.removeprefix(LIVE) for topic in topics if topic.startswith(LIVE)]
    said = [topic for topic in topics if not topic.startswith(LIVE)]
    own: dict[str, int] = {}
    if said:
        owner = Visitor.objects.filter(key=caller.visitor_key or "").values("pk")
        rows = Conversation.objects.filter(public_id__in=said, visitor_id__in=owner)
        own.update(rows.values_list("public_id", "last_seq"))
    if live:
        own.update({f"{LIVE}{one}": 0 for find in LIVE_ACCESS for one in find(caller, live)})
    return own


class _Snapshot(dict[str, Any]):
    """A session to read: where Django would end or renew it, the browser that holds its key would not hear of it."""

    def flush(self) -> None:
        """Forget what was read, and leave what is stored."""
        self.clear()

    def cycle_key(self) -> None:
        """Keep the key."""


def may_listen_at_desk(session_key: str) -> bool:
    """Whether the session is that of somebody who may answer shoppers: as a request of the dashboard would find now."""
    user = user_of(session_key)
    return bool(user.is_active and user.has_perm(VIEW_PERMISSION))


def user_of(session_key: str) -> Any:
    """Return who is logged in with the session; it is read and left as it is."""
    request: Any = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, _NO_BODY)
    engine: Any = import_module(django_settings.SESSION_ENGINE)
    request.session = _Snapshot(engine.SessionStore(session_key).load())
    return get_user(request)
