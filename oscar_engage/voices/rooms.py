"""Where else can the two meet? A seam: a room of somebody else's, by a link that stands in the chat."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote

from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings

LASTS = timedelta(hours=2)
"""How long a link with a token opens its room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who wants to meet: ``name`` is the room's, random and not to be guessed; ``agent_name`` as shoppers read it."""

    name: str
    agent_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The link for the shopper, who gets it in the chat, and the agent's own."""

    shopper_link: str
    agent_link: str


class Rooms(Protocol):
    """Makes rooms. ``VOICES_ROOMS`` names a class with this method, built without arguments; no network is asked here."""

    def make(self, wish: Wish, *, now: datetime) -> Room:
        """Return where the two meet."""
        ...


class StaticLink:
    """A link by a template: ``VOICES_ROOM = {"TEMPLATE": "https://meet.example/{room}"}``; without ``{room}``, one for all."""

    def make(self, wish: Wish, *, now: datetime) -> Room:
        """Return the same link for both."""
        link = str(dict(get_settings().voices_room)["TEMPLATE"]).replace("{room}", quote(wish.name, safe=""))
        return Room(shopper_link=link, agent_link=link)


class Jitsi:
    """A room of a Jitsi server: ``VOICES_ROOM = {"HOST": "meet.example"}``, with ``"APP_ID"`` and ``"SECRET"`` signed ones.

    With a secret each link carries a token (RFC 7519, HS256) for this one room, good for two hours; the agent's makes a
    moderator. Names, addresses and what the shop knows of the shopper are in neither.
    """

    def make(self, wish: Wish, *, now: datetime) -> Room:
        """Return a link for either."""
        options = dict(get_settings().voices_room)
        base = f"https://{options['HOST']}/{quote(wish.name, safe='')}"
        if not options.get("SECRET"):
            return Room(shopper_link=base, agent_link=base)
        claims = {
            "aud": str(options["APP_ID"]),
            "iss": str(options["APP_ID"]),
            "sub": str(options["HOST"]),
            "room": wish.name,
            "nbf": int(now.timestamp()) - 10,
            "exp": int((now + LASTS).timestamp()),
        }
        shopper = _token({**claims, "context": {"user": {"moderator": False}}}, str(options["SECRET"]))
        agent = _token({**claims, "context": {"user": {"moderator": True, "name": wish.agent_name}}}, str(options["SECRET"]))
        return Room(shopper_link=f"{base}?jwt={shopper}", agent_link=f"{base}?jwt={agent}")


def get_rooms() -> Rooms | None:
    """Return the implementation that ``VOICES_ROOMS`` names; ``None`` where the shop has none."""
    path = get_settings().voices_rooms
    return _build(path) if path else None


@lru_cache(maxsize=4)
def _build(path: str) -> Rooms:
    built: Rooms = import_string(path)()
    return built


def _token(claims: dict[str, Any], secret: str) -> str:
    """Return a signed token. We only ever write one: what reads them, and has to be careful, is the Jitsi server."""
    told = ".".join(
        _letters(json.dumps(part, separators=(",", ":")).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    )
    return f"{told}.{_letters(hmac.new(secret.encode(), told.encode(), hashlib.sha256).digest())}"


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
