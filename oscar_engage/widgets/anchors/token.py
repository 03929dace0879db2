"""Who may pick a place on a page of the shop, just now? Whoever the dashboard gave a token, for half an hour."""

from typing import Any

from django.core import signing

PARAMETER = "engage-pick"
"""The name it has in the address of a page."""

MAX_AGE = 1800
"""Seconds."""

_SALT = "oscar_engage.pick"


def make_token(user_id: Any, tool_url: str) -> str:
    """Return a token for one member of staff; ``tool_url`` is where the dashboard has the tool's own words and form."""
    return signing.dumps({"user": str(user_id), "tool": tool_url}, salt=_SALT)


def read_token(token: str, user_id: Any) -> str | None:
    """Return the tool's address from a token that is of this user and still valid; else ``None``."""
    try:
        told = signing.loads(token, salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return str(told["tool"]) if told["user"] == str(user_id) else None
