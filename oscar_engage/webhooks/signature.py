"""Is this request from the shop? Signed as the Standard Webhooks specification says, so that its libraries can check it.

What is signed is ``id.timestamp.body``; the signature is ``v1,`` and the HMAC-SHA256 in Base64. While a secret is changed there
are two, with a blank between. Receivers refuse what is older than some minutes, and what they have had by its id.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
"""The headers; the same for what comes in."""

PREFIX = "whsec_"
"""How a secret begins, so that people and scanners know one when they see it."""

TOLERANCE = timedelta(minutes=5)
"""How old, or how far ahead, a request may be: clocks differ."""

_LONGEST_TIMESTAMP = 12
_MOST_SIGNATURES = 8


class MalformedSecretError(ValueError):
    """No secret: it begins with ``whsec_``, and Base64 follows."""


def sign(secrets: Sequence[str], message: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """Return the headers that sign ``body`` as sent ``at`` under the name ``message``, once with each of ``secrets``."""
    timestamp = str(int(at.timestamp()))
    signatures = (f"v1,{_digest(secret, message, timestamp, body)}" for secret in secrets)
    return {ID: message, TIMESTAMP: timestamp, SIGNATURE: " ".join(signatures)}


def is_genuine(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, *, now: datetime) -> bool:
    """Whether one of ``secrets`` signed ``body`` lately, by ``headers`` (names in lower case)."""
    timestamp, message = headers.get(TIMESTAMP, ""), headers.get(ID, "")
    if not (message and timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    given = [one.encode() for one in headers.get(SIGNATURE, "").split(" ")[:_MOST_SIGNATURES]]
    wanted = [f"v1,{_digest(secret, message, timestamp, body)}".encode() for secret in secrets]
    return any([hmac.compare_digest(one, other) for one in given for other in wanted])  # noqa: C419 - as long for each


def write_secret(key: bytes) -> str:
    """Return ``key`` as a secret that people copy."""
    return PREFIX + base64.b64encode(key).decode()


def read_secret(secret: str) -> bytes:
    """Return the key in ``secret``, or raise :class:`MalformedSecretError`."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise MalformedSecretError("A secret is whsec_ and Base64.") from None


def _digest(secret: str, message: str, timestamp: str, body: bytes) -> str:
    signed = b".".join((message.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.new(read_secret(secret), signed, hashlib.sha256).digest()).decode()
