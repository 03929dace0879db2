"""How is the formula read and changed? One row; each change is on the trail, from and to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.decisions.order.models import ONLY, PriorityFormula
from oscar_engage.decisions.priority import Formula

ACTION = "priorities.changed"
KIND = "priorities"
COLUMNS = (
    *("is_number_first", "value_weight", "basket_percent", "customer_percent"),
    *("unknown_basket", "unknown_customer"),
)


def read_row() -> PriorityFormula:
    """Return the row, or what holds without one; one query."""
    return PriorityFormula.objects.filter(pk=ONLY).first() or PriorityFormula(pk=ONLY)


def read_formula() -> Formula:
    """Return the formula that counts now; one query."""
    return read_row().formula


def save_row(row: PriorityFormula, *, user: AbstractBaseUser | AnonymousUser | None, now: datetime) -> Mapping[str, Any]:
    """Write ``row``, checked by the caller, and return what changed, from and to; it counts for the next beat."""
    with transaction.atomic(using=get_settings().database):
        PriorityFormula.objects.get_or_create(pk=ONLY)
        stored = PriorityFormula.objects.select_for_update().get(pk=ONLY)
        before, after = _plain(stored), _plain(row)
        changes = {name: [before[name], after[name]] for name in COLUMNS if before[name] != after[name]}
        if changes:
            row.pk = ONLY
            row.save(force_update=True)
            record_action(actor=user, action=ACTION, object_kind=KIND, object_id=ONLY, now=now, detail=changes)
    return changes


def _plain(row: PriorityFormula) -> dict[str, Any]:
    return {name: value if isinstance(value := getattr(row, name), bool) else format(value, ".2f") for name in COLUMNS}
