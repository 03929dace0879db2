"""What does it say? A draft or a stored version in words, and the list and history that show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_engage.dashboard.rules.draft import Raw, to_document
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.rules.sentence import sentence
from oscar_engage.widgets.models import Engagement

VERSIONS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One line of the list of rules."""

    pk: int
    name: str
    status: str
    status_label: str
    priority: int
    version: int | None
    has_newer_draft: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One line of a rule's history; ``author`` is empty when that person is gone."""

    number: int
    author: str
    created_at: datetime
    words: str
    is_published: bool


def read_rules() -> list[RuleRow]:
    """Return all rules by priority, with two queries."""
    newest = RuleVersion.objects.filter(rule=OuterRef("pk")).order_by("-number").values("pk")[:1]
    versions = RuleVersion.objects.filter(pk__in=Rule.objects.values_list(Subquery(newest)))
    latest = {version.rule_id: version for version in versions}
    return [_row(rule, latest.get(rule.pk)) for rule in Rule.objects.order_by("priority", "pk")]


def read_versions(rule: Rule) -> Sequence[VersionRow]:
    """Return the latest versions of ``rule``, the newest first, with two queries."""
    versions = list(rule.versions.order_by("-number")[:VERSIONS_SHOWN])
    # People may be in another database than our tables: never joined.
    people = get_user_model()._default_manager.in_bulk({version.created_by_id for version in versions} - {None})
    return [
        VersionRow(
            number=version.number,
            author=_name_of(people.get(version.created_by_id)),
            created_at=version.created_at,
            words=words_of(version.document),
            is_published=version.pk == rule.published_id,
        )
        for version in versions
    ]


def words_of(document: Mapping[str, Any]) -> str:
    """Return a stored document in words; one that can no longer be read says so."""
    try:
        return sentence(parse_document(document))
    except InvalidRuleError as error:
        return _("This version can no longer be read: %(problem)s") % {"problem": error.errors[0].message}


def words_of_draft(raw: Raw) -> str:
    """Return what the draft says, or how much of it is missing."""
    try:
        return sentence(parse_document(to_document(raw)))
    except InvalidRuleError as error:
        count = len(error.errors)
        return ngettext(
            "Not complete yet: %(count)d place to fill in.", "Not complete yet: %(count)d places to fill in.", count
        ) % {"count": count}


def engagement_kinds() -> dict[str, str]:
    """Return the shop's engagements, slug to kind of widget; a rule may speak of one that is not active yet."""
    return dict(Engagement.objects.order_by("slug").values_list("slug", "widget"))


def _row(rule: Rule, version: RuleVersion | None) -> RuleRow:
    return RuleRow(
        pk=rule.pk,
        name=rule.name,
        status=rule.status,
        status_label=str(rule.get_status_display()),
        priority=rule.priority,
        version=version.number if version else None,
        has_newer_draft=version is not None and rule.published_id not in (None, version.pk),
        words=words_of(version.document) if version else "",
    )


def _name_of(author: Any) -> str:
    return "" if author is None else (author.get_full_name() or author.get_username() or str(author.email))
