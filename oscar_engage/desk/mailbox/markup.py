"""What does a mail say that is HTML alone? Its text, line by line; nothing of it is ever shown as HTML.

A scanner of our own, because a text is all that we want and ``html.parser`` takes time by the square of a hostile mail's length
(13 seconds for 200 KB of ``<!--``). This one only ever looks forward: what does not end, ends it.
"""

import re
from collections.abc import Iterator
from html import unescape

LONGEST = 500_000
"""Characters of HTML that are read."""

_BREAKS = frozenset(
    {
        "br",
        "p",
        "div",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "section",
        "hr",
        "blockquote",
    }
)
_HIDDEN = frozenset({"style", "script", "title", "template"})
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,20})")
_QUOTED_FROM_HERE = re.compile(r"gmail_quote|yahoo_quoted|protonmail_quote|divRplyFwdMsg|OLK_SRC_BODY_SECTION")
_BLANKS = re.compile(r"\s+")
_MANY_LINES = re.compile(r"\n{3,}")
_END_OF = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in _HIDDEN}

QUOTED = "> "
"""What a line begins with that was in a quotation, as in a plain mail."""


def text_of_html(html: str) -> str:
    """Return the text of ``html``: a line for each block, links by their words, quotations with ``> `` before each line."""
    lines: list[str] = []
    line: list[str] = []
    quotes, is_history = 0, False
    for token in _tokens(html[:LONGEST]):
        found = _TAG.match(token)
        if found is None:
            line.append(token)
            continue
        name, is_end = found[1].lower(), token.startswith("</")
        if name in _BREAKS:
            _end_line(lines, line, is_quoted=is_history or quotes > 0)
        if name == "blockquote":
            quotes = max(0, quotes + (-1 if is_end else 1))
        is_history = is_history or bool(_QUOTED_FROM_HERE.search(token))
    _end_line(lines, line, is_quoted=is_history or quotes > 0)
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _tokens(html: str) -> Iterator[str]:
    """Give the text and the tags of ``html`` in their order, comments and what is hidden left out, in linear time."""
    at = 0
    while at < len(html):
        begin = html.find("<", at)
        if begin < 0:
            yield _plain(html[at:])
            return
        yield _plain(html[at:begin])
        is_comment = html.startswith("<!--", begin)
        end = html.find("-->" if is_comment else ">", begin)
        found = _TAG.match(html, begin)
        if end < 0:  # a lone "<", as in "a < b", or what was cut off in the middle of a tag
            if found is None and not is_comment:
                yield _plain(html[begin:])
            return
        at = end + (3 if is_comment else 1)
        if found is None:
            if html[begin + 1 : begin + 2].isspace() or html[begin + 1 : begin + 2].isdigit():
                yield "<"
                at = begin + 1
            continue
        yield html[begin:at]
        hidden = _END_OF.get(found[1].lower()) if html[begin + 1] != "/" else None
        if hidden is not None:
            closing = hidden.search(html, at)
            at = closing.start() if closing else len(html)


def _plain(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # "&#" and more digits than Python turns into a number
        return text


def _end_line(lines: list[str], line: list[str], *, is_quoted: bool) -> None:
    words = _BLANKS.sub(" ", "".join(line)).strip()
    line.clear()
    if words:
        lines.append(QUOTED + words if is_quoted else words)
    elif lines and lines[-1]:
        lines.append("")
