"""What follows from pressing one of the editor's save buttons? Columns and document are kept together, or neither."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.dashboard.rules.forms import RuleForm
from oscar_engage.rules.life.approval import PERMISSION, ask_for_approval
from oscar_engage.rules.life.columns import Columns, columns_of, save_columns
from oscar_engage.rules.life.publish import latest_version, publish, save_draft
from oscar_engage.rules.limits import TooManyRulesError
from oscar_engage.rules.models import Rule, RuleVersion
from oscar_engage.rules.segments.shelf import Texts

_NUMBER = re.compile(r"[0-9]{1,9}")
_LONGEST_SEEN = 2000


class Outcome(Enum):
    """What became of the wish behind the button."""

    SAVED = "saved"
    PUBLISHED = "published"
    ASKED = "asked"
    NO_ROOM = "no room"
    NOT_ALLOWED = "not allowed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever pressed the button had before them: the number of the latest version (0: none) and the columns.

    ``None``: the form did not say, so nothing is compared.
    """

    base: int | None
    columns: Columns | None

    @classmethod
    def stored(cls, rule: Rule) -> "Seen":
        """Return what there is to see of ``rule`` now."""
        if rule._state.adding:
            return cls(0, {})
        version = latest_version(rule)
        return cls(version.number if version else 0, columns_of(Rule.objects.get(pk=rule.pk)))

    @classmethod
    def posted(cls, data: QueryDict) -> "Seen":
        """Return what the form's hidden fields say; whoever forges them can only miss a warning."""
        base, columns = data.get("base", ""), data.get("columns", "")[:_LONGEST_SEEN]
        try:
            decoded = json.loads(columns)
        except (ValueError, RecursionError):
            decoded = None
        return cls(int(base) if _NUMBER.fullmatch(base) else None, decoded if isinstance(decoded, dict) else None)

    @property
    def columns_json(self) -> str:
        """The columns as the hidden field carries them."""
        return json.dumps(self.columns)


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that is stored now, and what became of the wish."""

    version: RuleVersion
    outcome: Outcome


def save_rule(
    form: RuleForm,
    document: Mapping[str, Any],
    *,
    wish: str,
    seen: Seen,
    user: Any,
    now: datetime,
    engagements: Mapping[str, str],
    segments: Texts,
) -> Saved:
    """Keep what the valid ``form`` and ``document`` say, and do what is wished: ``publish``, ``ask`` or nothing more.

    Raises ``ChangedMeanwhileError``, ``ColumnsChangedError``, ``ArchivedRuleError`` and ``InvalidRuleError``; then nothing is
    written. Who may not publish, or finds no room, has saved nevertheless.
    """
    with transaction.atomic(using=get_settings().database):
        rule = form.save(commit=False)
        save_columns(rule, user=user, now=now, seen=seen.columns)
        options: dict[str, Any] = {"user": user, "now": now, "engagements": engagements}
        version = save_draft(rule, document, segments=segments, base=seen.base, **options)
        if wish == "ask":
            ask_for_approval(version, user=user, now=now)
            return Saved(version, Outcome.ASKED)
        if wish != "publish":
            return Saved(version, Outcome.SAVED)
        if not user.has_perm(PERMISSION):
            return Saved(version, Outcome.NOT_ALLOWED)
        try:
            publish(rule, expected=version.number, **options)
        except TooManyRulesError:
            return Saved(version, Outcome.NO_ROOM)
        return Saved(version, Outcome.PUBLISHED)


def tell(request: HttpRequest, rule: Rule, saved: Saved) -> None:
    """Say what became of it on the next page."""
    words = {"number": saved.version.number, "name": rule.name}
    if saved.outcome is Outcome.NO_ROOM:
        messages.warning(request, no_room())
    if saved.outcome is Outcome.NOT_ALLOWED:
        messages.warning(request, _("Not live: you may change rules, but not publish them. Ask for approval."))
    if saved.outcome is Outcome.PUBLISHED:
        messages.success(request, _("Version %(number)d of “%(name)s” is live.") % words)
    elif saved.outcome is Outcome.ASKED:
        messages.success(request, _("Version %(number)d of “%(name)s” is saved and waits for approval.") % words)
    else:
        messages.success(request, _("Version %(number)d of “%(name)s” is saved.") % words)


def no_room() -> str:
    """Say that there are as many live rules as there may be."""
    words = _("Not live: at most %(rules)d rules with %(conditions)d conditions together are live at once. Pause one first.")
    return words % {"rules": get_settings().live_rules, "conditions": get_settings().live_conditions}
