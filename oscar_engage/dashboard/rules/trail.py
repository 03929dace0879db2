"""What was done to this rule? Its lines of the trail in words, with what changed from and to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_engage.audit.models import AuditEntry
from oscar_engage.rules.models import Rule, RuleGoal, RulePurpose, RuleVersion

LINES_SHOWN = 100

ACTIONS: Mapping[str, str | Promise] = {
    "rule.created": gettext_lazy("created the rule"),
    "rule.changed": gettext_lazy("changed the settings"),
    "rule.drafted": gettext_lazy("saved version %(number)s"),
    "rule.published": gettext_lazy("published version %(number)s"),
    "rule.rolled_back": gettext_lazy("went back to version %(to)s, as version %(number)s"),
    "rule.approval_asked": gettext_lazy("asked for approval of version %(number)s"),
    "rule.sent_back": gettext_lazy("sent version %(number)s back"),
    "rule.paused": gettext_lazy("paused the rule"),
    "rule.archived": gettext_lazy("archived the rule"),
    "rule.taken_back": gettext_lazy("took the rule back as a draft"),
    "rule.imported": gettext_lazy("imported the rule"),
}
_COLUMNS: Mapping[str, str | Promise] = {
    "name": gettext_lazy("name"),
    "priority": gettext_lazy("priority"),
    "purpose": gettext_lazy("purpose"),
    "holdout_share": gettext_lazy("hold-out share"),
    "starts_at": gettext_lazy("starts at"),
    "ends_at": gettext_lazy("ends at"),
    "goal": gettext_lazy("worth more with"),
    "goal_value": gettext_lazy("value of a success"),
    "cap_offers": gettext_lazy("offers to one shopper"),
    "cap_days": gettext_lazy("within days"),
    "cap_visit": gettext_lazy("offers in one visit"),
    "cap_pause_days": gettext_lazy("days of rest after a “no”"),
    "cap_day": gettext_lazy("offers in a day"),
}
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Changed:
    """One column: its name, and its value before and after, in words."""

    label: str | Promise
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One thing that somebody did; ``actor`` is their id, ``None`` for a command."""

    at: datetime
    actor: int | None
    words: str
    changes: Sequence[Changed]


def read_trail(rule: Rule) -> list[TrailLine]:
    """Return what was done to ``rule`` and its versions, the newest first, as much as a page holds; with two queries."""
    numbers = dict(RuleVersion.objects.filter(rule=rule).values_list("pk", "number"))
    entries = AuditEntry.objects.filter(
        Q(object_kind="rule", object_id=str(rule.pk)) | Q(object_kind="rule_version", object_id__in=[str(pk) for pk in numbers])
    ).order_by("-at", "-pk")[:LINES_SHOWN]
    return [_line(entry, {str(pk): number for pk, number in numbers.items()}) for entry in entries]


def read_publications(version_ids: Sequence[int]) -> dict[int, list[datetime]]:
    """Return when each of these versions was published, as often as it was, the newest first; one query."""
    entries = AuditEntry.objects.filter(
        action="rule.published", object_kind="rule_version", object_id__in=[str(pk) for pk in version_ids]
    ).order_by("-at")
    found: dict[int, list[datetime]] = {}
    for entry in entries:
        found.setdefault(int(entry.object_id), []).append(entry.at)
    return found


def say_changes(changes: Mapping[str, Any]) -> list[Changed]:
    """Return changed columns (column to value before and after) in words."""
    return [
        Changed(_COLUMNS[name], _say(name, pair[0]), _say(name, pair[1]))
        for name, pair in changes.items()
        if name in _COLUMNS and isinstance(pair, list) and len(pair) == 2  # noqa: PLR2004 - from and to
    ]


def _line(entry: AuditEntry, numbers: Mapping[str, int]) -> TrailLine:
    words = {"number": numbers.get(entry.object_id, ""), "to": entry.detail.get("to", "")}
    said = str(ACTIONS[entry.action]) % words if entry.action in ACTIONS else entry.action
    return TrailLine(at=entry.at, actor=entry.actor_id, words=said, changes=say_changes(entry.detail))


def _say(name: str, value: Any) -> str:
    if value is None:
        return _("none")
    if name == "holdout_share":
        percent = round(value * _PERCENT, 1)
        return _("%(number)s %%") % {"number": number_format(int(percent) if percent == int(percent) else percent)}
    if name == "purpose":
        return str(dict(RulePurpose.choices).get(value, value))
    if name == "goal":
        return str(dict(RuleGoal.choices).get(value, value))
    moment = parse_datetime(value) if name.endswith("_at") else None
    return str(value) if moment is None else date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
