"""What may a person's text contain? Anything but control characters, direction overrides, and numbers of cards and accounts."""

import unicodedata

from oscar_engage.desk.mask.text import mask_secrets

LONGEST_MESSAGE = 4000
"""Characters in one message, at most."""

_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows: they let a text pretend to be another."""

_KEPT_CONTROLS = frozenset("\n\t")

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories of characters that alone leave a message blank: spaces, breaks, zero width and soft hyphens."""


class InvalidMessageError(ValueError):
    """A message without text, or with more than :data:`LONGEST_MESSAGE` characters."""


def clean_message(body: str) -> str:
    """Return ``body`` as it may be stored; an empty or over-long one raises :class:`InvalidMessageError`."""
    text = body.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST_MESSAGE:
        raise InvalidMessageError(f"A message has at most {LONGEST_MESSAGE} characters.")
    cleaned = mask_secrets(_printable(text)).strip()
    if all(unicodedata.category(character) in _UNSEEN for character in cleaned):
        raise InvalidMessageError("A message needs some text.")
    return cleaned


def clean_line(text: str, *, longest: int) -> str:
    """Return ``text`` as one line of at most ``longest`` characters: a name, a title, a path."""
    within_reason = text[: longest * 8]
    return mask_secrets(" ".join(_printable(within_reason).split()))[:longest]


def clean_text(text: str, *, longest: int) -> str:
    """Return ``text``, which may be empty, with its lines, masked and cut to ``longest`` characters."""
    lines = text[: longest * 8].replace("\r\n", "\n").replace("\r", "\n")
    return mask_secrets(_printable(lines).strip())[:longest]


def _printable(text: str) -> str:
    return "".join(character for character in text if _is_kept(character))


def _is_kept(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in _DIRECTION
