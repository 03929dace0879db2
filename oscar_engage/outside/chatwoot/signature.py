"""Does this request come from our Chatwoot? An HMAC-SHA256 over time and body with the secret of its inbox. Plain Python."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

TIMESTAMP, SIGNATURE, DELIVERY = "x-chatwoot-timestamp", "x-chatwoot-signature", "x-chatwoot-delivery"
"""The headers, as names in lower case; the last one names the delivery, and is not signed."""

TOLERANCE = timedelta(minutes=5)
"""How old, or how far ahead, a request may be: clocks differ."""

_LONGEST_TIMESTAMP = 12


def sign(secret: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """Return the headers that sign ``body`` as sent ``at``: what Chatwoot does."""
    timestamp = str(int(at.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: f"sha256={_digest(secret, timestamp, body)}"}


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> bool:
    """Whether the holder of ``secret`` signed ``body`` lately."""
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    return hmac.compare_digest(f"sha256={_digest(secret, timestamp, body)}".encode(), signature.encode())


def _digest(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
