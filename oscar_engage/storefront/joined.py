"""What have other apps joined to the shopper's pages? Addresses below ours, and links in the help panel."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import URLPattern
from django.utils.functional import Promise

from oscar_engage.core.registry import Registry
from oscar_engage.modules import is_on


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLink:
    """A link in the help panel: what it says, and the name of its address."""

    label: str | Promise
    url_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What one app adds: its patterns, in the namespace ``engage``, and its links."""

    patterns: Callable[[], list[URLPattern]]
    links: tuple[HelpLink, ...] = ()


JOINED: Registry[Joined] = Registry("joined app")
"""Register from ``AppConfig.ready()``: the addresses are read once, when the first request comes."""


def joined_patterns() -> list[URLPattern]:
    """Return the patterns of all joined apps."""
    return [pattern for joined in JOINED for pattern in joined.patterns()]


def help_links() -> list[HelpLink]:
    """Return the links that the help panel shows beside its own."""
    return [link for joined in JOINED for link in joined.links]


def has_help() -> bool:
    """Whether the help panel has anything in it: without a desk it has the links of other apps, if there are any."""
    return is_on("desk") or bool(help_links())
