"""Is there a card number in this text? It is masked before anything is stored, mailed or logged."""

import re
import unicodedata
from collections.abc import Iterator

MASK = "[card]"

_SEPARATOR = r"[\s\-._,/\\|:;*+=~\u00b7\u2022\u2010-\u2015\u2212]{0,3}"
_DIGITS = re.compile(rf"\d(?:{_SEPARATOR}\d)*")
_GROUP = re.compile(r"\d+")
_SHORTEST, _LONGEST = 13, 19  # ISO/IEC 7812: the account numbers in use have 13 to 19 digits

_BRANDS = re.compile(
    r"""
    4(?:\d{12}|\d{15}|\d{18})                                       # Visa
    | (?:5[1-5]\d\d | 222[1-9] | 22[3-9]\d | 2[3-6]\d\d | 27[01]\d | 2720)\d{12}   # Mastercard
    | 3[47]\d{13}                                                   # American Express
    | 3(?:0[0-5]|095|[689]\d)\d{11,16}                              # Diners Club
    | (?:6011|64[4-9]\d|65\d\d)\d{12,15}                            # Discover
    | 35(?:2[89]|[3-8]\d)\d{12,15}                                  # JCB
    | (?:62\d\d|81\d\d)\d{12,15}                                    # UnionPay
    | (?:5018|5020|5038|5893|6304|6759|676[1-3])\d{9,15}            # Maestro
    | 220[0-4]\d{12,15}                                             # Mir
    """,
    re.VERBOSE,
)


def mask_cards(text: str) -> str:
    """Return ``text`` with every payment card number replaced by ``[card]``; a text without one comes back unchanged.

    Looked for in compatibility form (full-width and other digits become ASCII) and without invisible characters, across
    separators, by the issuers' prefixes and lengths and the Luhn digit: article and order numbers stay.
    """
    plain = _plain(text)
    spans = list(_card_spans(plain))
    if not spans:
        return text
    kept: list[str] = []
    position = 0
    for begin, end in spans:
        kept += plain[position:begin], MASK
        position = end
    return "".join([*kept, plain[position:]])


def has_luhn_digit(digits: str) -> bool:
    """Whether the last of the ASCII ``digits`` is the check digit of the others (ISO/IEC 7812-1)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 * (value > 9)  # noqa: PLR2004 - the sum of the two digits of 10 to 18
    return total % 10 == 0


def is_article_number(digits: str) -> bool:
    """Whether ``digits`` is an EAN-13: what a shopper copies from a product. Visa's old 13 digits are no longer issued."""
    if len(digits) != _SHORTEST:
        return False
    return sum(int(digit) * (1 + 2 * (position % 2)) for position, digit in enumerate(digits)) % 10 == 0


def _plain(text: str) -> str:
    """Return ``text`` in NFKC, every decimal digit as ASCII, without format characters (zero width, soft hyphen, joiners)."""
    if text.isascii():  # is all that already, and most texts are: each beat's path comes through here
        return text
    visible = (character for character in unicodedata.normalize("NFKC", text) if unicodedata.category(character) != "Cf")
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in visible)


def _card_spans(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where card numbers begin and end, from left to right, without overlap."""
    for run in _DIGITS.finditer(plain):
        groups = [(match.start() + run.start(), match.group()) for match in _GROUP.finditer(run.group())]
        first = 0
        while first < len(groups):
            last = _card_end(groups, first)
            if last is None:
                first += 1
                continue
            begin, (end, digits) = groups[first][0], groups[last]
            yield begin, end + len(digits)
            first = last + 1


def _card_end(groups: list[tuple[int, str]], first: int) -> int | None:
    """Return the index of the group with which a card number that begins at group ``first`` ends; the longest wins."""
    digits = ""
    found = None
    for index in range(first, len(groups)):
        digits += groups[index][1]
        if len(digits) > _LONGEST:
            break
        if _is_card(digits):
            found = index
    return found


def _is_card(digits: str) -> bool:
    if len(digits) < _SHORTEST or is_article_number(digits):
        return False
    return bool(_BRANDS.fullmatch(digits)) and has_luhn_digit(digits)
