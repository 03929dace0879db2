"""Where is a card's security code? Three or four digits, but only beside a word that says so."""

import re
from collections.abc import Iterator, Sequence

_MASK = "[cvv]"
_TOKEN = re.compile(r"\[(?:card|iban|cvv)\]|[^\W\d_]+|\d+")

_WORDS = re.VERBOSE | re.IGNORECASE
_NAME = re.compile(
    r"cv[cnv] | cid | csc | (?:karten)?pr(?:ü|ue)f(?:code|nummer|ziffer) | (?:karten)?sicherheits(?:code|nummer)", _WORDS
)
_NAME_OF_TWO = re.compile(
    r"""
    security\ (?:code|number)
    | card\ verification
    | verification\ (?:number|value)
    | (?:karten)?pr(?:ü|ue)f\ (?:code|nummer|ziffer)
    | sicherheits\ (?:code|nummer)
    """,
    _WORDS,
)
_FILLER = re.compile(
    r"""
    a | am | auf | back | card | code | das | de[rs] | die | digits | for | from | it | karte | meiner? | my | no | nr
    | number | nummer | of | on | rückseite | s | the | value | von
    """,
    _WORDS,
)
"""Words that may stand between the name and the code; with others between them, the number is about something else."""

_COPULA = re.compile(r"is | ist | lautet | war | was", _WORDS)
"""What makes of the number before a name its code ("123 is my CVC"), unless they touch ("123 CVC")."""

_MOST_FILLERS = 6
_CODE_DIGITS = (3, 4)
_ENDS_AFTER = frozenset("?!;")
_ENDS_BEFORE = _ENDS_AFTER | frozenset(".,\n")
_CURRENCIES = ("€", "$", "£", "¥")

Span = tuple[int, int]
Tokens = Sequence[re.Match[str]]


def find_cvvs(plain: str) -> Iterator[Span]:
    """Yield where security codes begin and end in ``plain`` (NFKC, ASCII digits), from left to right, without overlap.

    The code follows its name (``CVV2: 123``, ``Prüfziffer lautet 123``, digits may be apart) or else stands before it
    (``123 is my CVC``). An amount of money is none. One that is masked already is found again, so that a text in which
    all are masked stays as it is.
    """
    tokens = list(_TOKEN.finditer(plain))
    position = 0
    for index in range(len(tokens)):
        size = _name_size(tokens, index)
        if not size:
            continue
        found = _code_after(plain, tokens, index + size) or _code_before(plain, tokens, index - 1)
        if found and found[0] >= position:
            position = found[1]
            yield found


def _name_size(tokens: Tokens, index: int) -> int:
    """Return how many tokens from ``index`` on are a name of the code: one or two, or none."""
    word, following = tokens[index], tokens[index + 1] if index + 1 < len(tokens) else None
    if _NAME.fullmatch(word.group()):
        is_second_version = following and following.group() == "2" and following.start() == word.end()  # CVV2
        return 2 if is_second_version else 1
    return 2 if following and _NAME_OF_TWO.fullmatch(f"{word.group()} {following.group()}") else 0


def _code_after(plain: str, tokens: Tokens, index: int) -> Span | None:
    for at in range(index, min(len(tokens), index + _MOST_FILLERS + 1)):
        word = tokens[at].group()
        if not _ENDS_AFTER.isdisjoint(plain[tokens[at - 1].end() : tokens[at].start()]):
            return None
        if word == _MASK or word.isdigit():
            return _code(plain, tokens, at, _last_digit(tokens, at))
        if not _FILLER.fullmatch(word) and not _COPULA.fullmatch(word):
            return None
    return None


def _code_before(plain: str, tokens: Tokens, index: int) -> Span | None:
    has_copula = False
    for at in range(index, max(-1, index - _MOST_FILLERS - 1), -1):
        word = tokens[at].group()
        if not _ENDS_BEFORE.isdisjoint(plain[tokens[at].end() : tokens[at + 1].start()]):
            return None
        if word == _MASK or word.isdigit():
            return _code(plain, tokens, _first_digit(tokens, at), at) if has_copula or at == index else None
        has_copula = has_copula or bool(_COPULA.fullmatch(word))
        if not _FILLER.fullmatch(word) and not _COPULA.fullmatch(word):
            return None
    return None


def _last_digit(tokens: Tokens, first: int) -> int:
    """Return the index of the last token of a number that may be written digit by digit."""
    last = first
    while last - first < max(_CODE_DIGITS) and last + 1 < len(tokens) and _are_single(tokens[last : last + 2]):
        last += 1
    return last


def _first_digit(tokens: Tokens, last: int) -> int:
    first = last
    while last - first < max(_CODE_DIGITS) and first > 0 and _are_single(tokens[first - 1 : first + 1]):
        first -= 1
    return first


def _are_single(pair: Tokens) -> bool:
    return all(len(token.group()) == 1 and token.group().isdigit() for token in pair)


def _code(plain: str, tokens: Tokens, first: int, last: int) -> Span | None:
    """Return where these tokens are if they can be a code: masked already, or as many digits as one has and no amount."""
    begin, end = tokens[first].start(), tokens[last].end()
    if tokens[first].group() == _MASK:
        return begin, end
    if sum(len(token.group()) for token in tokens[first : last + 1]) not in _CODE_DIGITS:
        return None
    return None if _is_amount(plain, tokens, first, last) else (begin, end)


def _is_amount(plain: str, tokens: Tokens, first: int, last: int) -> bool:
    """Whether the number has a fraction or stands beside a currency's sign."""
    before = plain[tokens[first - 1].end() if first else 0 : tokens[first].start()]
    following = tokens[last + 1] if last + 1 < len(tokens) else None
    after = plain[tokens[last].end() : following.start() if following else len(plain)]
    if after in {".", ","} and following and following.group().isdigit():
        return True
    return before.rstrip().endswith(_CURRENCIES) or after.lstrip().startswith(_CURRENCIES)
