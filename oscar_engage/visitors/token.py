"""Which key does this browser hold? A signed cookie with a random key, set only on our own uncached answers."""

import re

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE_NAME = "engage_visitor"
_SALT = "oscar_engage.visitor"
_READ = "_engage_visitor_key"
MAX_AGE = 390 * 24 * 3600
"""Seconds; 13 months of 30 days, the longest that data protection authorities accept."""

_LONGEST_TOKEN = 200  # characters; ours are 76
_KEY = re.compile(r"[0-9a-f]{32}")


def read_visitor_key(request: HttpRequest) -> str | None:
    """Return the key in the request's cookie, or ``None`` when there is none that we signed. Never raises.

    Whether there is a visitor with it only the database knows: keys change, and visitors are erased.
    """
    token = request.COOKIES.get(COOKIE_NAME, "")
    read: tuple[str, str | None] | None = getattr(request, _READ, None)
    if read is None or read[0] != token:
        read = token, _verify(token)
        setattr(request, _READ, read)  # a beat asks three times, and each signature is two hashes
    return read[1]


def _verify(token: str) -> str | None:
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    try:
        key = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    return key if _KEY.fullmatch(key) else None


def write_visitor_cookie(response: HttpResponse, key: str, *, secure: bool) -> None:
    """Set the cookie on ``response``, which must not be cacheable: a cached cookie would give everybody one key."""
    response.set_cookie(
        COOKIE_NAME,
        signing.Signer(salt=_SALT).sign(key),
        max_age=MAX_AGE,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )


def forget_visitor_cookie(response: HttpResponse) -> None:
    """Tell the browser to drop the cookie."""
    response.delete_cookie(COOKIE_NAME, samesite="Lax")
