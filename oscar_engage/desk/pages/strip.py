"""What of a page's copy may stay? Text, structure, classes, pictures and stylesheets of the shop itself; nothing that acts."""

import re
from collections.abc import Iterable

import nh3

from oscar_engage.desk.mask.text import mask_secrets

PIN = "engage-pin"
"""Id of the element that the question is about."""

TAGS = frozenset(
    (
        *("a", "abbr", "article", "aside", "b", "blockquote", "br", "button", "caption", "cite", "code", "col"),
        *("colgroup", "dd", "del", "details", "div", "dl", "dt", "em", "fieldset", "figcaption", "figure", "footer"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "label", "legend", "li", "main"),
        *("mark", "nav", "ol", "p", "pre", "q", "s", "section", "small", "span", "strong", "sub", "summary", "sup"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "wbr"),
    )
)
"""The elements that stay; of any other only what is in it."""

_EVERYWHERE = {"class", "dir", "id", "lang"}
_CELL = {"colspan", "rowspan"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "img": {"alt", "height", "src", "width"},
    "td": _CELL,
    "th": _CELL,
    "details": {"open"},
}
_WITH_CONTENT = {"script", "style", "template", "iframe", "object", "svg", "math", "noscript", "textarea", "select", "title"}
_OWN_PATH = re.compile(r"/(?![/\\])[^\s\\?#<>\"']*")
_TEXT = re.compile(r"[^<>]+(?=<|$)")


def strip_html(html: str) -> str:
    """Return ``html``, which passed :func:`~oscar_engage.desk.pages.grammar.check_markup`, without what could act or fetch.

    Numbers of cards and accounts in its texts are masked, in case the browser's own eye missed one.
    """
    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep,
        link_rel=None,
        url_schemes=set(),
        generic_attribute_prefixes=set(),
    )
    return _TEXT.sub(lambda found: mask_secrets(found[0]), cleaned)


def own_paths(addresses: Iterable[str]) -> list[str]:
    """Return those of ``addresses`` that are plain paths of this very shop."""
    return [address for address in addresses if is_own_path(address)]


def is_own_path(address: str) -> bool:
    """Whether ``address`` is a path without host, query and anything that a browser may read as one."""
    return _OWN_PATH.fullmatch(address) is not None


def _keep(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if is_own_path(value) else None
    if name == "id":
        return value if value == PIN else None
    return mask_secrets(value) if name == "alt" else value
