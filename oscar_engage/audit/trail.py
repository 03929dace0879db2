"""Who did what? Write one line of the trail."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from oscar_engage.audit.models import AuditEntry


def record_action(
    *,
    actor: AbstractBaseUser | AnonymousUser | None,
    action: str,
    object_kind: str,
    object_id: object,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write that ``actor`` did ``action`` (dotted lower case, e.g. ``"rule.published"``) to one object, named by its id.

    ``detail`` is JSON: what changed, never anything about a shopper.
    Call it inside the transaction that does the deed, so that there is never one without the other.
    """
    return AuditEntry.objects.create(
        at=now,
        actor_id=actor.pk if actor else None,
        action=action,
        object_kind=object_kind,
        object_id=str(object_id),
        detail=dict(detail or {}),
    )


def record_same_action(
    *,
    actor: AbstractBaseUser | AnonymousUser | None,
    action: str,
    object_kind: str,
    object_ids: Iterable[object],
    now: datetime,
) -> None:
    """Write the same of several objects, as :func:`record_action` does of one; one query."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now, actor_id=actor.pk if actor else None, action=action, object_kind=object_kind, object_id=str(object_id)
        )
        for object_id in object_ids
    )


def was_last_done_by(user: AbstractBaseUser | AnonymousUser, *, action: str, object_kind: str, object_id: object) -> bool:
    """Whether it was ``user`` who did ``action`` to the object the last time that anybody did."""
    done = AuditEntry.objects.filter(object_kind=object_kind, object_id=str(object_id), action=action)
    last = done.order_by("-at", "-pk").values_list("actor_id", flat=True).first()
    return last is not None and last == user.pk
