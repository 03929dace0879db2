"""Is there a secret of somebody's money in this text? It is masked before anything is stored, mailed or logged."""

import re
import unicodedata
from collections.abc import Callable, Iterable

from oscar_engage.desk.mask.card import find_cards
from oscar_engage.desk.mask.cvv import find_cvvs
from oscar_engage.desk.mask.iban import find_ibans

Spans = Iterable[tuple[int, int]]

_DIGIT = re.compile(r"\d")

_FINDERS: tuple[tuple[int, str, Callable[[str], Spans]], ...] = (
    (8, "[iban]", find_ibans),  # first: the digits in one may look like a card
    (13, "[card]", find_cards),
    (3, "[cvv]", find_cvvs),
)
"""How many digits there must be at least, what is written instead, and where it is found."""


def mask_secrets(text: str) -> str:
    """Return ``text`` with ``[card]``, ``[iban]`` and ``[cvv]`` for what is one; a text without any comes back unchanged.

    Looked for in compatibility form (full-width and other digits become ASCII) and without invisible characters, so a text
    with a secret comes back in that form. Numbers that merely look long (articles, orders, phones, prices) stay.
    """
    masked = plain = _plain(text)
    digits = len(_DIGIT.findall(plain))
    for fewest, mask, find in _FINDERS:
        if digits >= fewest:
            masked = _replace(masked, find(masked), mask)
    return text if masked == plain else masked


def _plain(text: str) -> str:
    """Return ``text`` in NFKC, every decimal digit as ASCII, without format characters (zero width, soft hyphen, joiners)."""
    if text.isascii():  # is all that already, and most texts are: each beat's path comes through here
        return text
    visible = (character for character in unicodedata.normalize("NFKC", text) if unicodedata.category(character) != "Cf")
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in visible)


def _replace(text: str, spans: Spans, mask: str) -> str:
    """Return ``text`` with ``mask`` in the place of each of ``spans``, which are in order and apart."""
    kept: list[str] = []
    position = 0
    for begin, end in spans:
        kept += text[position:begin], mask
        position = end
    return "".join([*kept, text[position:]])
