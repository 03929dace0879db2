"""What have other apps joined to our part of the dashboard? Pages, their permissions, menu entries, rights of the roles."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import URLPattern
from django.utils.functional import Promise

from oscar_engage.core.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedArea:
    """What one app adds: pages by URL name with the codenames of ``app_label`` that they need, and what goes with them."""

    app_label: str
    patterns: Callable[[], list[URLPattern]]
    codenames: Mapping[str, tuple[str, ...]]
    entries: tuple[tuple[str | Promise, str], ...] = ()
    """Menu entries: label and URL name."""
    roles: Mapping[str, tuple[str, ...]]
    """Codenames that the roles of :data:`oscar_engage.dashboard.access.ROLES`, or further ones, get beside their own."""


AREAS: Registry[JoinedArea] = Registry("joined area of the dashboard")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLink:
    """A link at each agent's reply: ``url_name`` takes the conversation's public id and the reply's number."""

    label: str | Promise
    url_name: str
    permission: str


REPLY_LINKS: Registry[ReplyLink] = Registry("link at a reply")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLink:
    """A link at each question in a report: ``url_name`` takes the conversation's public id."""

    label: str | Promise
    url_name: str
    permission: str


QUESTION_LINKS: Registry[QuestionLink] = Registry("link at a question")


def area_patterns() -> list[URLPattern]:
    """Return the patterns of all joined areas."""
    return [pattern for area in AREAS for pattern in area.patterns()]
