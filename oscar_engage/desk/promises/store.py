"""How do policies and opening hours change? Checked, with a line in the trail; what somebody still relies on is not deleted."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.db.models import Model

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.promises.models import OpeningHours, Policy
from oscar_engage.rules.errors import FieldError
from oscar_engage.rules.grammar import group_to_json, read_group
from oscar_engage.rules.segments.shelf import Texts

User = AbstractBaseUser | AnonymousUser | None


class InUseError(ValueError):
    """Something still relies on it: ``users`` are the policies with these hours, or the open conversations with this policy."""

    def __init__(self, users: list[str]) -> None:
        self.users = users
        super().__init__("In use by " + ", ".join(users))


def check_conditions(raw: Any, *, path: str, segments: Texts) -> tuple[Any, list[FieldError]]:
    """Return the group ``raw`` in its canonical shape with every mistake below ``path``; one without a line is ``None``."""
    if isinstance(raw, dict) and raw.get("rules") == []:
        return None, []
    group, errors = read_group(raw, path=path, segments=segments)
    return (None if errors else group_to_json(group)), errors


def save_policy(policy: Policy, *, user: User, now: datetime) -> None:
    """Write ``policy``, new or not, checked by the caller. Conversations that began before keep what they were promised."""
    _save(policy, "policy", user=user, now=now)


def save_hours(hours: OpeningHours, *, user: User, now: datetime) -> None:
    """Write ``hours``, new or not, checked by the caller. What was promised stays, and later promises follow."""
    _save(hours, "opening_hours", user=user, now=now)


def delete_policy(policy: Policy, *, user: User, now: datetime) -> None:
    """Delete ``policy``; raises :class:`InUseError` while a conversation that is not closed goes by it."""
    going_on = Conversation.objects.filter(policy=policy).exclude(status=ConversationStatus.CLOSED)
    with transaction.atomic(using=get_settings().database):
        _refuse(list(going_on.order_by("pk").values_list("reference", flat=True)))
        _delete(policy, "policy", user=user, now=now)


def delete_hours(hours: OpeningHours, *, user: User, now: datetime) -> None:
    """Delete ``hours``; raises :class:`InUseError` while a policy has them."""
    with transaction.atomic(using=get_settings().database):
        _refuse(list(hours.policies.order_by("priority", "pk").values_list("name", flat=True)))
        _delete(hours, "opening_hours", user=user, now=now)


def _refuse(users: list[str]) -> None:
    if users:
        raise InUseError(users)


def _save(row: Model, kind: str, *, user: User, now: datetime) -> None:
    with transaction.atomic(using=get_settings().database):
        action = f"{kind}.created" if row._state.adding else f"{kind}.changed"
        row.save()
        record_action(actor=user, action=action, object_kind=kind, object_id=row.pk, now=now)


def _delete(row: Model, kind: str, *, user: User, now: datetime) -> None:
    pk = row.pk
    row.delete()
    record_action(actor=user, action=f"{kind}.deleted", object_kind=kind, object_id=pk, now=now)
