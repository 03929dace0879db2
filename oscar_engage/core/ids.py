"""How are things named towards people and in addresses?"""

import secrets

_REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: safe to read out on the phone
_REFERENCE_LENGTH = 8
_PUBLIC_ID_BYTES = 18  # 144 bits: above the 128 that make guessing hopeless, and 24 characters without padding


def new_reference() -> str:
    """Return a short reference that a person can read out, such as ``"K7Q2-9FMX"``; unique only by a table's constraint."""
    letters = "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(_REFERENCE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def new_public_id() -> str:
    """Return an unguessable id for use in an address (144 random bits, 24 URL-safe characters)."""
    return secrets.token_urlsafe(_PUBLIC_ID_BYTES)


def new_key() -> str:
    """Return an unguessable key for a cookie (128 random bits, 32 hexadecimal digits)."""
    return secrets.token_hex(16)
