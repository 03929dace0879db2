"""How are things named: towards people, in addresses, and in a log of millions?"""

import secrets
import uuid
from datetime import datetime

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


def new_id_at(at: datetime) -> uuid.UUID:
    """Return a random id that begins with the millisecond of ``at`` (version 7 of RFC 9562, section 5.7; 74 random bits).

    Ids of one hour lie beside each other in an index, so that a log of any length is written at its end; wholly random ones
    each touch another page of it.
    """
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    bits = milliseconds << 80 | secrets.randbits(80)
    return uuid.UUID(int=bits & ~(0xF << 76) & ~(0b11 << 62) | 7 << 76 | 0b10 << 62)
