"""Which servers help two browsers find each other? The shop's own, with credentials that end by themselves.

The credentials are those of coturn's ``use-auth-secret``: the name says until when it is good and for whom, the password is
its HMAC with the secret that both servers know. Nothing has to be stored on either.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

LASTS = timedelta(hours=2)
"""How long a credential is good: as long as the longest talk, for what is relayed is asked for again all the while."""


def ice_servers(turn: Mapping[str, Any], *, opaque_id: str, now: datetime) -> list[dict[str, Any]]:
    """Return the servers as ``RTCPeerConnection`` takes them; none without ``VOICES_TURN``.

    ``opaque_id`` stands in the name, and with it in the relay's log: it names nobody. Addresses with ``stun:`` need no name.
    """
    urls = list(turn.get("URLS", ()))
    plain = [url for url in urls if url.startswith("stun:")]
    relays = [url for url in urls if not url.startswith("stun:")]
    servers: list[dict[str, Any]] = [{"urls": plain}] if plain else []
    if relays:
        name = f"{int((now + LASTS).timestamp())}:{opaque_id}"
        servers.append({"urls": relays, "username": name, "credential": sign(name, str(turn["SECRET"]))})
    return servers


def sign(name: str, secret: str) -> str:
    """Return the password that belongs to ``name``: base64 of its HMAC-SHA1, which is what coturn compares.

    (As a keyed digest SHA-1 is sound; coturn takes no other by default.)
    """
    return base64.b64encode(hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()).decode()


def has_relay(urls: Sequence[str]) -> bool:
    """Whether one of the addresses is a relay, and not only a mirror that tells a browser its own address."""
    return any(url.startswith(("turn:", "turns:")) for url in urls)
