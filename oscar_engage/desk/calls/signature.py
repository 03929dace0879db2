"""Is this request from the shop? An HMAC over time and body, which whoever has the secret can compute. Plain Python.

The receiver computes the same over the bytes that it got and refuses what is older than some minutes, so that a request which
somebody has caught cannot be played again later.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

TIMESTAMP_HEADER = "Engage-Timestamp"
SIGNATURE_HEADER = "Engage-Signature"

TOLERANCE = timedelta(minutes=5)
"""How old, or how far ahead, a request may be: clocks differ."""


def sign(secret: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """Return the headers that sign ``body`` as sent ``at``: seconds since 1970, and ``v1=`` with 64 hexadecimal digits."""
    timestamp = str(int(at.timestamp()))
    return {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: f"v1={_digest(secret, timestamp, body)}"}


def is_genuine(secret: str, body: bytes, *, timestamp: str, signature: str, now: datetime) -> bool:
    """Whether these headers sign ``body`` and are fresh: what a receiver asks before it dials."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):  # noqa: PLR2004 - digits of a time
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    return hmac.compare_digest(f"v1={_digest(secret, timestamp, body)}".encode(), signature.encode())


def _digest(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
