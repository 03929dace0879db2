"""Is this a key of ours? Made once, shown once, compared in the same time whether it is right or wrong."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from oscar_engage.keys.models import ApiKey

START = "eng_"
"""How a key begins, so that people and scanners know one when they see it."""

SCOPES = {
    "conversations:read": _("Read conversations"),
    "conversations:write": _("Answer, close and assign conversations"),
    "reports:read": _("Read how offers did"),
    "rules:read": _("Read rules"),
    "signals:write": _("Record signals"),
}
"""What a key may be for; its user's permissions are asked beside."""

_PREFIX_BYTES, _SECRET_BYTES = 6, 32
_LONGEST = 100


class UnknownKeyError(LookupError):
    """No key, a wrong one, or one that was revoked."""


def make_key(user: Any, *, name: str, scopes: Iterable[str], per_minute: int, now: datetime) -> tuple[ApiKey, str]:
    """Make a key of ``user`` and return it with its text, which is kept nowhere."""
    prefix = secrets.token_hex(_PREFIX_BYTES)
    text = f"{START}{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    known = [scope for scope in SCOPES if scope in set(scopes)]
    made = {"name": name, "prefix": prefix, "digest": _digest(text), "scopes": known, "per_minute": per_minute}
    return ApiKey.objects.create(user_id=user.pk, created_at=now, **made), text


def find_key(text: str, *, now: datetime) -> ApiKey:
    """Return the key written ``text``, or raise :class:`UnknownKeyError`. One query, and one more once a day."""
    prefix = text.removeprefix(START).partition("_")[0]
    known = ApiKey.objects.filter(prefix=prefix, revoked_at=None).first() if len(text) <= _LONGEST else None
    if not constant_time_compare(_digest(text), known.digest if known else "") or known is None:
        raise UnknownKeyError("No such key.")
    if known.used_on != now.date():
        ApiKey.objects.filter(pk=known.pk).update(used_on=now.date())
    return known


def end_key(key: ApiKey, *, now: datetime) -> None:
    """Have the key open nothing from now on; a second time changes nothing."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
