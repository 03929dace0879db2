"""Where is a bank account's number? By ISO 13616: the country, its length, and the check digits modulo 97."""

import re
from collections.abc import Iterator

_LENGTHS: dict[str, int] = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
"""Characters of an IBAN in each country of the registry that SWIFT keeps (2024)."""

_HINT = re.compile(r"[A-Z]{2}\d|I[\W_]*B[\W_]*A[\W_]*N", re.IGNORECASE)
"""Without this there is none; most texts have neither."""

_TOKEN = re.compile(r"\[(?:card|iban|cvv)\]|[^\W_]")
_BREAK = "|"  # stands for what is in no IBAN: a letter of another alphabet, a mask
_START = re.compile(r"[A-Z]{2}(?=\d{2})")
_ALNUM = re.compile(r"[A-Z0-9]+")


def find_ibans(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where IBANs begin and end in ``plain`` (NFKC, ASCII digits), from left to right, without overlap.

    Upper or lower case, and across whatever is neither letter nor digit; only between country and check digits there is
    nothing, or the word IBAN before them: "no 4006381333931" is Norwegian by chance once in 97 times. At least half of what
    follows the check digits are digits, as in every country's, so no sentence is one.
    """
    if not _HINT.search(plain):
        return
    places, compact = _compact(plain)
    end = 0
    for start in _START.finditer(compact):
        begin, stop = start.start(), start.start() + _LENGTHS.get(start.group(), 0)
        is_named = places[begin + 2] == places[begin] + 2 or compact[max(0, begin - 4) : begin] == "IBAN"
        if is_named and end <= begin < stop <= len(compact) and _is_iban(compact[begin:stop]):
            end = stop
            yield places[begin], places[end - 1] + 1


def _is_iban(text: str) -> bool:
    if not _ALNUM.fullmatch(text) or 2 * sum(map(str.isdigit, text[4:])) < len(text) - 4:
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def _compact(plain: str) -> tuple[list[int], str]:
    """Return the letters and digits alone, in upper case, and where each of them stands."""
    places: list[int] = []
    kept: list[str] = []
    for match in _TOKEN.finditer(plain):
        token = match.group()
        places.append(match.start())
        kept.append(token.upper() if len(token) == 1 and token.isascii() else _BREAK)
    return places, "".join(kept)
