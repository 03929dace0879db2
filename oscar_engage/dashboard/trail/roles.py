"""Who was given which role? Changes of groups and permissions of ours, wherever they are made, become lines of the trail.

They are made in Django's admin, by a command or by code of the shop's, never on a page of ours. Who did it is known where it
happened in a request; of a command nobody is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import router, transaction
from django.db.models.signals import m2m_changed, pre_delete
from django.utils import timezone

from oscar_engage.audit.trail import record_action
from oscar_engage.conf import get_settings
from oscar_engage.dashboard.access import APP_LABEL
from oscar_engage.dashboard.joined import AREAS
from oscar_engage.signals.buffer import get_buffer
from oscar_engage.signals.faults import note_fault

_HEARD = {"post_add": True, "pre_remove": False, "pre_clear": False}
"""What tells of a change that has an effect: rows that come, and rows that go while it is still known which."""


def connect() -> None:
    """Listen to the groups of people, the permissions of groups, and the permissions of people."""
    user: Any = get_user_model()
    for through, receiver in (
        (getattr(user, "groups", None), hear_members),
        (Group.permissions, hear_permissions),
        (getattr(user, "user_permissions", None), hear_permissions),
    ):
        if through is not None:  # a shop's own user need not have them
            m2m_changed.connect(receiver, sender=through.through, dispatch_uid=f"engage-roles-{through.through.__name__}")
    pre_delete.connect(hear_end, sender=Group, dispatch_uid="engage-roles-end")


def hear_members(sender: Any, *, instance: Any, action: str, reverse: bool, pk_set: set[Any] | None, **_more: Any) -> None:
    """Write who was given a role or lost it; never raises into who did it."""
    if action not in _HEARD:
        return
    try:
        with _aside():
            groups = [instance] if reverse else _others(instance.groups, Group, pk_set)
            users = _others(instance.user_set, get_user_model(), pk_set) if reverse else [instance]
            for role in _ours(groups):
                for user in users:
                    deed = "given" if _HEARD[action] else "withheld"
                    _record(f"user.{deed}", "user", user.pk, {"role": role.name})
    except Exception:  # noqa: BLE001 - runs inside what others do with their groups, which must not notice
        note_fault("roles")


def hear_permissions(sender: Any, *, instance: Any, action: str, reverse: bool, pk_set: set[Any] | None, **_more: Any) -> None:
    """Write which permissions of ours a role or a person got or lost; never raises into who did it."""
    if action not in _HEARD or reverse:  # from the permission's side nobody's page changes them
        return
    try:
        with _aside():
            is_group = isinstance(instance, Group)
            held = instance.permissions if is_group else instance.user_permissions
            names = sorted(one.codename for one in _others(held, Permission, pk_set) if _is_ours(one))
            if names:
                kind = "role" if is_group else "user"
                _record(f"{kind}.changed", kind, instance.pk, {"given" if _HEARD[action] else "taken": names})
    except Exception:  # noqa: BLE001 - as above
        note_fault("roles")


def hear_end(sender: Any, *, instance: Group, **_more: Any) -> None:
    """Write that a role is deleted, by its name, and who had it is told by what stands before; never raises."""
    try:
        with _aside():
            for role in _ours([instance]):
                _record("role.deleted", "role", role.pk, {"role": role.name})
    except Exception:  # noqa: BLE001 - as above
        note_fault("roles")


@contextmanager
def _aside() -> Iterator[None]:
    """Have what goes wrong in here undo nothing but itself, in the shop's database and in ours."""
    with transaction.atomic(using=router.db_for_write(Group)), transaction.atomic(using=get_settings().database):
        yield


def _others(held: Any, model: Any, pk_set: set[Any] | None) -> Sequence[Any]:
    """Return the rows at the other end: those of ``pk_set``, or all that are held where everything is cleared."""
    return list(held.all() if pk_set is None else model._default_manager.filter(pk__in=pk_set).order_by("pk"))


def _ours(groups: Iterable[Any]) -> Sequence[Any]:
    """Return those of the groups that give a permission of ours; one query."""
    ids = [group.pk for group in groups]
    return list(Group.objects.filter(pk__in=ids, permissions__content_type__app_label__in=_labels()).distinct().order_by("pk"))


def _is_ours(permission: Permission) -> bool:
    return permission.content_type.app_label in _labels()


def _labels() -> frozenset[str]:
    return frozenset({APP_LABEL, *(area.app_label for area in AREAS)})


def _record(action: str, kind: str, pk: Any, detail: dict[str, Any]) -> None:
    buffer = get_buffer()
    user = getattr(buffer.request, "user", None) if buffer else None
    actor = user if user is not None and user.is_authenticated else None
    record_action(actor=actor, action=action, object_kind=kind, object_id=pk, now=timezone.now(), detail=detail)
