"""What did this person write now? A mail's text without what it quotes and how it is signed; never nothing at all.

Where nothing would be left, everything stays: a customer who answered only within the quotation is still heard.
"""

import re

_FLAGS = re.IGNORECASE

_INTRO = re.compile(
    r"""
    on\ (?=.*\d).{6,200}\ wrote\ ?:                            # Gmail, Apple, Thunderbird: with a date
    | am\ (?=.*\d).{6,200}\ schrieb\ ?.{0,200}:                # the same in German
    | .{2,200}\ schrieb\ am\ (?=.*\d).{6,120}:
    | -{2,}\ ?(?:original|forwarded)\ message\ ?-{2,}            # Outlook, Gmail
    | -{2,}\ ?(?:urspr(?:ü|ue)ngliche\ (?:nachricht|mail)|weitergeleitete\ nachricht)\ ?-{2,}
    | begin\ forwarded\ message:
    | anfang\ der\ weitergeleiteten\ nachricht:
    | _{20,}
    """,
    re.VERBOSE | _FLAGS,
)
"""A line, or two that a mail program broke, after which everything is quoted."""

_SAYS = re.compile(r".{2,200}\ (?:wrote|writes|schrieb|schreibt)\ ?:", re.VERBOSE | _FLAGS)
"""An introduction without a date, which may as well be a sentence: only with a quoted line right below it is it one."""

_HEADER = re.compile(r"\*?(?:from|von|sent|gesendet|date|datum|to|an|cc|kopie|subject|betreff)\s?:\*?\s?\S.*", _FLAGS)
_FIRST_HEADER = re.compile(r"\*?(?:from|von)\s?:\*?\s?\S.*", _FLAGS)
_SENT_HEADER = re.compile(r"\*?(?:sent|gesendet|date|datum)\s?:\*?\s?\S.*", _FLAGS)

_SIGNATURE = re.compile(
    r"""
    --\s?                                                       # RFC 3676, with and without its blank
    | (?:sent|gesendet)\ (?:from|von|mit|via)\ .{2,80}          # telephones
    | (?:von\ meinem|diese\ nachricht\ wurde\ von\ meinem)\ .{2,60}\ gesendet\.?
    | get\ outlook\ for\ .{2,20}
    | (?:holen\ sie\ sich|laden\ sie)\ outlook\ f(?:ü|ue)r\ .{2,20}
    """,
    re.VERBOSE | _FLAGS,
)

_LONGEST_LINE = 400
"""Characters of a line that is looked at; an introduction or a signature's mark is shorter."""

_HEADERS_AT_LEAST = 3
_LINES_OF_HEADERS = 6


def strip_quotes(text: str) -> str:
    """Return what is new in ``text``; where that would be nothing, all of it. The result is blank only if ``text`` is."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    own = _without_signature(_before_history(lines))
    kept = [line for line in own if not line.startswith(">")]
    said = "\n".join(kept).strip()
    return said or text.strip()


def _before_history(lines: list[str]) -> list[str]:
    """Return the lines before the first from which on all is quoted: an introduction, or the headers of another mail.

    An introduction with own words below its quotation is an answer in between: there only the quoted lines go.
    """
    for at, line in enumerate(lines):
        if _is_headers(lines, at):
            return lines[:at]
        size = _intro_size(lines, at) if line.strip() else 0
        if size:
            below = lines[at + size :]
            is_between = any(_is_quoted(one) for one in below) and _has_own_words(below)
            return [*lines[:at], *below] if is_between else lines[:at]
    return lines


def _has_own_words(below: list[str]) -> bool:
    """Whether something that is neither quoted nor a signature stands after a quotation."""
    after_quote = False
    for line in _without_signature(below):
        if _is_quoted(line):
            after_quote = True
        elif line.strip() and after_quote:
            return True
    return False


def _is_quoted(line: str) -> bool:
    return line.startswith(">")


def _intro_size(lines: list[str], at: int) -> int:
    """Return how many lines from ``at`` on introduce a quotation: one, two, or none."""
    first = lines[at].strip()[:_LONGEST_LINE]
    if _INTRO.fullmatch(first):
        return 1
    following = lines[at + 1].strip()[:_LONGEST_LINE] if at + 1 < len(lines) else ""
    if _SAYS.fullmatch(first) and any(_is_quoted(line) for line in lines[at + 1 : at + 3]):
        return 1
    is_begun = re.match(r"(?:on|am)\s", first, _FLAGS)
    return 2 if is_begun and following and _INTRO.fullmatch(f"{first} {following}") else 0


def _is_headers(lines: list[str], at: int) -> bool:
    """Whether the headers of another mail begin here, as Outlook writes them: From, Sent and one more close together."""
    if not _FIRST_HEADER.fullmatch(lines[at].strip()[:_LONGEST_LINE]):
        return False
    near = [line.strip()[:_LONGEST_LINE] for line in lines[at : at + _LINES_OF_HEADERS]]
    found = [line for line in near if _HEADER.fullmatch(line)]
    return len(found) >= _HEADERS_AT_LEAST and any(_SENT_HEADER.fullmatch(line) for line in found)


def _without_signature(lines: list[str]) -> list[str]:
    """Return the lines before the first that begins a signature, if anything stands before it."""
    has_words = False
    for at, line in enumerate(lines):
        if has_words and _SIGNATURE.fullmatch(line[:_LONGEST_LINE]):
            return lines[:at]
        has_words = has_words or bool(line.strip() and not _is_quoted(line))
    return lines
