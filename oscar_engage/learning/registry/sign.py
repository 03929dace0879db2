"""Did we write this model? A keyed hash over its text, with Django's own key; an older key of the shop still counts."""

from hashlib import sha256
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "oscar_engage.learning.model"


def digest_of(text: str) -> str:
    """Return the SHA-256 of a document's text: 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def sign(text: str) -> str:
    """Return the signature of a document's text: 64 hexadecimal digits."""
    return _sign(text, settings.SECRET_KEY)


def is_ours(text: str, *, sha256: str, signature: str) -> bool:
    """Whether ``text`` is what was signed, by the shop's key or one of ``SECRET_KEY_FALLBACKS``."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    is_signed = any(compare_digest(_sign(text, key).encode(), signature.encode()) for key in keys)
    return compare_digest(digest_of(text).encode(), sha256.encode()) and is_signed


def _sign(text: str, key: str | bytes) -> str:
    return salted_hmac(_SALT, text, secret=key, algorithm="sha256").hexdigest()
