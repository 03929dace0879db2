"""Which elements and attributes of a shared page may stay? A list of what draws; whatever is not in it is not shown."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from oscar_engage.desk.mask.text import mask_secrets
from oscar_engage.sharing.styles import LONGEST_SHEET, clean_css, clean_declarations, defuse

LONGEST_TEXT = 20_000
"""Characters of one text, at most."""

TAGS = frozenset(
    (
        *("a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "body", "br", "button", "caption"),
        *("cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "fieldset", "figcaption"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "img"),
        *("input", "ins", "kbd", "label", "legend", "li", "link", "main", "mark", "menu", "meter", "nav", "ol", "optgroup"),
        *("option", "output", "p", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "section", "select"),
        *("small", "span", "strong", "style", "sub", "summary", "sup", "table", "tbody", "td", "textarea", "tfoot", "th"),
        *("thead", "time", "tr", "u", "ul", "var", "wbr"),
    )
)
"""HTML elements that stay what they are."""

DRAWN = frozenset(("svg", "g", "path", "circle", "ellipse", "line", "polygon", "polyline", "rect", "defs", "symbol", "title"))
"""Elements of a drawing that stay."""

EMPTY = frozenset(
    (
        *("script", "noscript", "template", "iframe", "frame", "frameset", "object", "embed", "applet", "canvas", "video"),
        *("audio", "map", "math", "base", "meta", "textarea", "option", "datalist", "input"),
    )
)
"""Elements with nothing in them here: what would run, load something, or show what was typed."""

_WORDS = frozenset(("alt", "title", "placeholder", "label", "aria-label"))
_PLAIN = frozenset(
    (
        *("class", "id", "dir", "lang", "role", "colspan", "rowspan", "span", "width", "height", "for", "start", "reversed"),
        *("open", "hidden", "disabled", "multiple", "size", "rows", "cols", "scope", "align", "valign", "border"),
        *("aria-hidden", "aria-expanded", "aria-selected", "aria-current", "aria-pressed", "aria-disabled", "media"),
        *(
            "viewBox",
            "viewbox",
            "fill",
            "stroke",
            "stroke-width",
            "stroke-linecap",
            "stroke-linejoin",
            "fill-rule",
            "clip-rule",
        ),
        *("d", "points", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "x2", "y1", "y2", "opacity", "xmlns"),
        *("preserveAspectRatio", "low", "high", "min", "max", "optimum"),
    )
)
_PLAIN_VALUE = re.compile(r"[^<>\\\"'`{}\x00-\x1f]{0,4000}")
_NUMBERS = frozenset(("rr_width", "rr_height", "rr_scrolltop", "rr_scrollleft", "rr_scrollTop", "rr_scrollLeft"))
_LENGTH = re.compile(r"-?\d{1,7}(?:\.\d{1,20})?(?:px)?")
_TYPES = frozenset(
    (
        *("text", "search", "email", "tel", "url", "number", "password", "date", "time", "month", "week", "checkbox", "radio"),
        *("submit", "button", "reset", "range", "color", "text/css"),
    )
)
_E_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PATH = re.compile(r"[^\s\\?#<>\"'`]*")
_MOST_ATTRIBUTES = 60


def mask_words(text: str) -> str:
    """Return words of a page as they may be shown: cut, without numbers of cards and accounts, without addresses of e-mail."""
    return defuse(_E_MAIL.sub("[e-mail]", mask_secrets(text[:LONGEST_TEXT])))


def is_own_file(address: str, bases: Sequence[str]) -> bool:
    """Whether ``address`` lies below one of ``bases`` (where static files and pictures are), and goes to nowhere else.

    Any other path of the shop is left out, too: to ask for ``/logout/`` as a picture is to log out.
    """
    below = any(base and address.startswith(base) and address != base for base in bases)
    return below and ".." not in address and "%2e" not in address.lower() and _PATH.fullmatch(address) is not None


def clean_attribute(name: str, value: object, bases: Sequence[str], *, tag: str = "") -> object:
    """Return the value under which ``name`` may stay, or ``None``; with an unknown ``tag``, what may stay on any.

    Whatever names another address, a handler, a value, or a frame's content has none.
    """
    if name == "style":
        return clean_declarations(value)
    if name in _NUMBERS:
        return _number(value)
    if value is True or value == "":
        return "" if name in _PLAIN else None
    if not isinstance(value, str):
        return None
    if name in {"src", "href"}:
        return _address(name, value, bases, tag)
    return _TEXTS.get(name, partial(_plain, name))(value, tag)


def _plain(name: str, value: str, tag: str) -> str | None:
    return mask_secrets(value) if name in _PLAIN and _PLAIN_VALUE.fullmatch(value) else None


def _address(name: str, value: str, bases: Sequence[str], tag: str) -> str | None:
    """Return an address of one of our own files, for an element that draws with it; a link leads nowhere."""
    if name == "href" and tag == "a":
        return "#"
    may_load = tag in ({"", "img"} if name == "src" else {"", "link"})
    return value if may_load and is_own_file(value, bases) else None


def _sheet(text: str, tag: str) -> str | None:
    return clean_css(text, most=LONGEST_SHEET) if tag == "style" else None


def _type(text: str, tag: str) -> str | None:
    return text if text.lower() in _TYPES else None


def _rel(text: str, tag: str) -> str | None:
    return "stylesheet" if "stylesheet" in text.lower().split() else None


def _words(text: str, tag: str) -> str:
    return mask_words(text)[:1000]


_TEXTS: Mapping[str, Callable[[str, str], str | None]] = {
    **dict.fromkeys(_WORDS, _words),
    "_cssText": _sheet,
    "type": _type,
    "rel": _rel,
}
"""How the value of an attribute is cleaned that is more than plain, given the element's tag."""


def clean_attributes(tag: str, attributes: object, bases: Sequence[str]) -> dict[str, object]:
    """Return those of an element's attributes that may stay; a link that is no stylesheet of the shop has none."""
    if not isinstance(attributes, dict) or len(attributes) > _MOST_ATTRIBUTES:
        return {}
    kept: dict[str, object] = {}
    for name, value in attributes.items():
        clean = clean_attribute(name, value, bases, tag=tag) if isinstance(name, str) else None
        if clean is not None and clean != {}:
            kept[name] = clean
    if tag == "link" and not {"rel", "href"} <= kept.keys():
        return {}
    return kept


def _number(value: object) -> object:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if math.isfinite(value) and abs(value) < 10_000_000 else None  # noqa: PLR2004 - longer than any page
    return value if isinstance(value, str) and _LENGTH.fullmatch(value) else None
