"""Where is a payment card's number? By the issuers' prefixes and lengths and the Luhn digit, across whatever separates it."""

import re
import unicodedata
from collections.abc import Iterator

_GROUP = re.compile(r"\d+")
_SHORTEST, _LONGEST = 13, 19  # ISO/IEC 7812: the account numbers in use have 13 to 19 digits
_LONGEST_PHONE = 15  # ITU-T E.164

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

Group = tuple[int, int, str]
"""Begin, end and digits of digits that stand together."""


def find_cards(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where card numbers begin and end in ``plain`` (NFKC, ASCII digits), from left to right, without overlap.

    Groups of digits belong together across anything but letters, a currency's sign (that is a list of prices) and a ``+``
    that begins a word (that is the next phone number). What follows a ``+`` and is short enough is a phone number.
    """
    for groups in _runs(plain):
        first = 0
        while first < len(groups):
            last = _card_end(plain, groups, first)
            if last is None:
                first += 1
                continue
            yield groups[first][0], groups[last][1]
            first = last + 1


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


def _runs(plain: str) -> Iterator[list[Group]]:
    """Give the groups of digits that nothing keeps apart, together."""
    run: list[Group] = []
    for match in _GROUP.finditer(plain):
        if run and not _joins(plain[run[-1][1] : match.start()]):
            yield run
            run = []
        run.append((match.start(), match.end(), match.group()))
    yield run


def _joins(gap: str) -> bool:
    if gap.endswith("+") and gap[:-1].strip() != gap[:-1]:  # " +", ", +"
        return False
    return not any(character.isalnum() or unicodedata.category(character) == "Sc" for character in gap)


def _card_end(plain: str, groups: list[Group], first: int) -> int | None:
    """Return the index of the group with which a card number that begins at group ``first`` ends; the longest wins."""
    begin = groups[first][0]
    is_after_plus = plain[max(0, begin - 1) : begin] == "+"
    digits = ""
    found = None
    for index in range(first, min(len(groups), first + _LONGEST)):
        if len(digits) + len(groups[index][2]) > _LONGEST:
            break
        digits += groups[index][2]
        if _is_card(digits) and not (is_after_plus and len(digits) <= _LONGEST_PHONE):
            found = index
    return found


def _is_card(digits: str) -> bool:
    if len(digits) < _SHORTEST or is_article_number(digits):
        return False
    return bool(_BRANDS.fullmatch(digits)) and has_luhn_digit(digits)
