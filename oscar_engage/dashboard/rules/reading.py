"""What does it say? A draft or a stored version in words, and the list and history that show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oscar_engage.conf import get_settings
from oscar_engage.dashboard.rules.draft import Raw, to_document
from oscar_engage.rules.errors import InvalidRuleError
from oscar_engage.rules.grammar import parse_document, read_document
from oscar_engage.rules.life.states import describe_state, state_of
from oscar_engage.rules.models import ApprovalRequest, Rule, RuleStatus, RuleVersion
from oscar_engage.rules.off import modules_missing, say_off
from oscar_engage.rules.segments.shelf import Texts
from oscar_engage.rules.sentence import sentence
from oscar_engage.widgets.models import Engagement

VERSIONS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One line of the list of rules. ``state`` is for the style sheet, ``state_label`` the state in words."""

    pk: int
    name: str
    state: str
    state_label: str
    is_waiting: bool
    priority: int
    version: int | None
    has_newer_draft: bool
    words: str
    off: str
    """Why it does not run, whatever its state says; empty: a module it uses is not the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One line of a rule's history; ``author`` is empty when that person is gone."""

    number: int
    author: str
    created_at: datetime
    words: str
    is_published: bool


class Show(Enum):
    """Which rules the list shows: the name in its address, and the words of the link."""

    CURRENT = "current", gettext_lazy("All but archived")
    WAITING = "waiting", gettext_lazy("Waiting for approval")
    DRAFT = "draft", gettext_lazy("Drafts")
    LIVE = "live", gettext_lazy("Live")
    PAUSED = "paused", gettext_lazy("Paused")
    ARCHIVED = "archived", gettext_lazy("Archived")

    @property
    def key(self) -> str:
        """What stands in the address."""
        return self.value[0]

    @property
    def label(self) -> str | Promise:
        """What people read."""
        return self.value[1]

    @classmethod
    def of(cls, key: str) -> "Show":
        """Return the choice called ``key``; anything else is the default."""
        return next((show for show in cls if show.key == key), cls.CURRENT)


def read_rules(show: Show = Show.CURRENT, *, now: datetime) -> list[RuleRow]:
    """Return the rules to ``show`` by priority, with two queries."""
    waiting = Exists(ApprovalRequest.objects.filter(rule=OuterRef("pk"), answer=""))
    rules = list(_shown(Rule.objects.annotate(is_waiting=waiting), show).order_by("priority", "pk"))
    newest = RuleVersion.objects.filter(rule=OuterRef("pk")).order_by("-number").values("pk")[:1]
    versions = RuleVersion.objects.filter(
        pk__in=_shown(Rule.objects.annotate(is_waiting=waiting), show).values_list(Subquery(newest))
    )
    latest = {version.rule_id: version for version in versions}
    return [_row(rule, latest.get(rule.pk), now=now) for rule in rules]


def _shown(rules: Any, show: Show) -> Any:
    if show is Show.CURRENT:
        return rules.exclude(status=RuleStatus.ARCHIVED)
    return rules.filter(is_waiting=True) if show is Show.WAITING else rules.filter(status=show.key)


def read_versions(rule: Rule) -> Sequence[VersionRow]:
    """Return the latest versions of ``rule``, the newest first, with two queries."""
    versions = list(rule.versions.order_by("-number")[:VERSIONS_SHOWN])
    # People may be in another database than our tables: never joined.
    people = get_user_model()._default_manager.in_bulk({version.created_by_id for version in versions} - {None})
    return [
        VersionRow(
            number=version.number,
            author=name_of(people.get(version.created_by_id)),
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


def words_of_draft(raw: Raw, segments: Texts) -> str:
    """Return what the draft says, or how much of it is missing; ``segments`` are the shop's."""
    document, errors = read_document(to_document(raw), segments=segments)
    if not errors:
        return sentence(document)
    count = len(errors)
    return ngettext(
        "Not complete yet: %(count)d place to fill in.", "Not complete yet: %(count)d places to fill in.", count
    ) % {"count": count}


def engagement_kinds() -> dict[str, str]:
    """Return the shop's engagements, slug to kind of widget; a rule may speak of one that is not active yet."""
    return dict(Engagement.objects.order_by("slug").values_list("slug", "widget"))


def _row(rule: Any, version: RuleVersion | None, *, now: datetime) -> RuleRow:
    return RuleRow(
        pk=rule.pk,
        name=rule.name,
        state=state_of(rule, now=now).value,
        state_label=describe_state(rule, now=now),
        is_waiting=rule.is_waiting,
        priority=rule.priority,
        version=version.number if version else None,
        has_newer_draft=version is not None and rule.published_id not in (None, version.pk),
        words=words_of(version.document) if version else "",
        off=say_off() if version and missing_in(version.document) else "",
    )


def missing_in(document: Mapping[str, Any] | None) -> list[str]:
    """Return the modules that are off and that a stored document uses; of one that cannot be read, none."""
    if document is None or not get_settings().modules_off:  # nothing is read for most shops
        return []
    try:
        return modules_missing(parse_document(document))
    except InvalidRuleError:
        return []


def name_of(author: Any) -> str:
    """Return what a member of staff is called; of one who is gone, nothing."""
    return "" if author is None else (author.get_full_name() or author.get_username() or str(author.email))
