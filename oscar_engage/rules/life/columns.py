"""When and how often may a rule act? Its columns act at once, so every change of them is on the trail, from and to."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.rules.models import Rule

COLUMNS = (
    *("name", "priority", "purpose", "holdout_share", "starts_at", "ends_at"),
    *("goal", "goal_value", "cap_offers", "cap_days", "cap_visit", "cap_pause_days", "cap_day"),
)

Columns: TypeAlias = Mapping[str, Any]
"""Each of :data:`COLUMNS` as JSON."""

Changes: TypeAlias = dict[str, list[Any]]
"""Column to its value before and after."""


class ColumnsChangedError(ValueError):
    """Somebody else changed columns since this work began; ``changes`` says which, from and to. Nothing was written."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes
        super().__init__(f"Changed meanwhile: {', '.join(changes)}.")


def columns_of(rule: Rule) -> Columns:
    """Return the columns of ``rule`` as it is in memory."""
    return {name: _to_json(value) for name, value in _values(rule).items()}


def changes_between(before: Columns, after: Columns) -> Changes:
    """Return what is not the same, from and to; what ``before`` does not know does not count."""
    return {name: [before[name], value] for name, value in after.items() if name in before and before[name] != value}


def save_columns(rule: Rule, *, user: AbstractBaseUser | None, now: datetime, seen: Columns | None = None) -> None:
    """Write the columns of ``rule``, new or not, and put what changed on the trail.

    ``seen`` are the columns that whoever changed them had before them: raises :class:`ColumnsChangedError` when the stored
    ones are others by now.
    """
    with transaction.atomic(using=get_settings().database):
        if rule._state.adding:
            rule.save()
            record_action(actor=user, action="rule.created", object_kind="rule", object_id=rule.pk, now=now)
            return
        stored = columns_of(Rule.objects.select_for_update().get(pk=rule.pk))
        meanwhile = changes_between(seen or {}, stored)
        if meanwhile:
            raise ColumnsChangedError(meanwhile)
        changes = changes_between(stored, columns_of(rule))
        if changes:
            rule.save(update_fields=[*changes, "updated_at"])
            record_action(actor=user, action="rule.changed", object_kind="rule", object_id=rule.pk, now=now, detail=changes)


def _values(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in COLUMNS}


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return format(Decimal(value), ".2f") if isinstance(value, Decimal) else value
