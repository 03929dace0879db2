"""What do we call an address that we must not keep? A keyed hash; the key is the shop's ``SECRET_KEY``."""

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "oscar_engage.reminders"

LENGTH = 32
"""Hexadecimal digits, 128 bits: two are as good as never the same, and an address with two of them still fits a header."""


def address_digest(email: str) -> str:
    """Return what stands for ``email``, in whatever case it is written."""
    return _digest(f"address:{email.strip().lower()}", settings.SECRET_KEY)


def person_digests(customer_id: int | None, email: str) -> list[str]:
    """Return what stands for the address and, if there is one, for the account."""
    return [_digest(name, settings.SECRET_KEY) for name in _names(customer_id, email)]


def known_digests(customer_id: int | None, email: str) -> list[str]:
    """Return the same under every key the shop had as well (``SECRET_KEY_FALLBACKS``): an objection outlives a new key."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_digest(name, key) for name in _names(customer_id, email) for key in keys]


def _names(customer_id: int | None, email: str) -> list[str]:
    address = [f"address:{email.strip().lower()}"] if email.strip() else []
    return address if customer_id is None else [*address, f"customer:{customer_id}"]


def _digest(name: str, key: str | bytes) -> str:
    return salted_hmac(_SALT, name, secret=key, algorithm="sha256").hexdigest()[:LENGTH]
