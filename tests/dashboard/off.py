"""What leads nowhere? Every address in a page that belongs to a module that is off, or to nothing at all."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from oscar_engage.modules import is_there

COMBINATIONS = {
    "no rules": ("rules", "surveys", "learning"),
    "no surveys": ("surveys",),
    "no learning": ("learning",),
    "no desk": ("desk", "chat", "calls", "shared_page"),
    "no chat": ("chat", "shared_page"),
    "no calls": ("calls",),
    "no shared page": ("shared_page",),
    "no outside desk": ("outside",),
    "chat only": ("rules", "surveys", "learning", "calls", "shared_page"),
    "rules and balloons only": ("surveys", "learning", "desk", "chat", "calls", "shared_page"),
    "nothing": ("rules", "surveys", "learning", "desk", "chat", "calls", "shared_page"),
}
"""Each module off with what needs it, and what shops will want."""

_ADDRESSES = (
    "href",
    "action",
    "hx-get",
    "hx-post",
    "formaction",
    "data-engage-open",
    "data-engage-events",
    "data-engage-suggest",
)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in _ADDRESSES and value]


def links_in(html: str) -> set[str]:
    """Return the addresses within the site that a page leads to, without their queries."""
    parser = _Links()
    parser.feed(html)
    paths = {urlsplit(link).path for link in parser.found if not urlsplit(link).netloc and not urlsplit(link).scheme}
    return {path for path in paths if path.startswith("/")}


def dead_ends(html: str) -> Iterator[str]:
    """Give the links of ours in a page that answer 404: to a part that is off, or to an address that nobody has."""
    for path in sorted(links_in(html)):
        if not re.match(r"/(dashboard/)?engage/", path):
            continue
        try:
            match = resolve(path)
        except Resolver404:
            yield path
            continue
        kind = "pages" if match.namespace == "engage_dashboard" else "addresses"
        if not is_there(kind, match.url_name or ""):  # type: ignore[arg-type]  # one of the two kinds
            yield path
