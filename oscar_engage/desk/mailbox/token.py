"""Which conversation does a reply belong to? A signed token says so: in the address it goes to, and in the thread it refers to.

The token holds the conversation's reference and 130 bits of a keyed hash over its public id. It is in lower case throughout,
because mail servers may change the case of an address; it opens nothing but the way in, and that for one sender only.
"""

import base64
import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from oscar_engage.desk.models import Conversation

_SALT = "oscar_engage.mail_reply"
_SIGNATURE = 26
"""Characters of the signature, of five bits each."""

TOKEN_LENGTH = 8 + 1 + _SIGNATURE
"""Characters of a token: the reference, a hyphen, the signature."""

_TOKEN = re.compile(r"([2-9a-hj-np-tv-z]{4})([2-9a-hj-np-tv-z]{4})-([a-z2-7]{26})")
_THREAD = re.compile(r"<engage-thread-([^@<>\s]{1,60})@[^<>\s]{1,255}>", re.IGNORECASE)

LONGEST_LOCAL_PART = 64
"""Characters before the @ of an address (RFC 5321)."""


def make_token(conversation: Conversation) -> str:
    """Return the token of ``conversation``, 35 characters."""
    return f"{conversation.reference.replace('-', '').lower()}-{_sign(conversation, settings.SECRET_KEY)}"


def reply_address(address: str, conversation: Conversation) -> str:
    """Return ``address`` with the token of ``conversation`` after a plus, or empty if there is none or it would be too long."""
    local, _at, domain = address.rpartition("@")
    with_token = f"{local}+{make_token(conversation)}"
    return f"{with_token}@{domain}" if local and len(with_token) <= LONGEST_LOCAL_PART else ""


def thread_id(conversation: Conversation, host: str) -> str:
    """Return the Message-ID that all our mails of ``conversation`` refer to; whoever answers, refers to it, too."""
    return f"<engage-thread-{make_token(conversation)}@{host}>"


def find_tokens(recipients: Iterable[str], references: Iterable[str], ours: Iterable[str]) -> list[str]:
    """Return what stands where a token of ours would: after the plus of one of ``ours``, and in the threads referred to."""
    own = {_split(address) for address in ours}
    plus = [local.partition("+") for local, domain in map(_split, recipients) if (local.partition("+")[0], domain) in own]
    found = [token for _local, sign, token in plus if sign]
    found += [match[1].lower() for reference in references if (match := _THREAD.fullmatch(reference))]
    return list(dict.fromkeys(found))


def access_conversation_by_reply(tokens: Iterable[str]) -> Conversation:
    """Return the conversation that the first genuine one of ``tokens`` names, or raise ``Conversation.DoesNotExist``."""
    for token in list(tokens)[:5]:
        found = _TOKEN.fullmatch(token)
        named = Conversation.objects.filter(reference=f"{found[1]}-{found[2]}".upper()).first() if found else None
        if named is not None and found is not None and _is_genuine(named, found[3]):
            return named
    raise Conversation.DoesNotExist


def _is_genuine(conversation: Conversation, signature: str) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(signature, _sign(conversation, key)) for key in keys)


def _sign(conversation: Conversation, key: str | bytes) -> str:
    digest = salted_hmac(_SALT, conversation.public_id, secret=key, algorithm="sha256").digest()
    return base64.b32encode(digest).decode("ascii").lower()[:_SIGNATURE]


def _split(address: str) -> tuple[str, str]:
    local, _at, domain = address.lower().rpartition("@")
    return local, domain
