"""Did this customer ask for such mails? The shop answers by one callable.

The ready-made one is an opt-in of ours, confirmed from the mailbox: an address in an account proves nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.module_loading import import_string

from oscar_engage.conf import get_settings
from oscar_engage.reminders.digest import address_digest
from oscar_engage.reminders.models import MailPermission
from oscar_engage.reminders.suppress import lift

PermissionCallable = Callable[[Any], bool | str]

READY_MADE = "oscar_engage.reminders.permission.has_opted_in"


def never(customer: Any) -> bool:
    """The default of ``MAIL_PERMISSION``: nobody agreed to any mail."""
    return False


def has_opted_in(customer: Any) -> bool | str:
    """The ready-made one: who asked for it on the page ``engage:mails`` and confirmed it, for the address of today."""
    given = MailPermission.objects.filter(customer_id=customer.pk, confirmed_at__isnull=False).first()
    if given is None or given.digest != address_digest(customer.email):
        return False
    return given.language or True


def get_permission(customer: Any) -> bool | str:
    """Return what the shop's callable says of ``customer``: false, or the language in which they agreed (``True``: unknown)."""
    answer: PermissionCallable = import_string(get_settings().mail_permission)
    return answer(customer)


def is_offered() -> bool:
    """Whether shoppers can opt in with us: mails are on, and the ready-made callable answers."""
    settings = get_settings()
    return bool(settings.abandoned_mail_minutes) and settings.mail_permission == READY_MADE


def ask_permission(customer: Any, *, language: str, now: datetime) -> MailPermission:
    """Keep that ``customer`` asks for mails, and return it; one that was confirmed for the same address stays as it is."""
    digest = address_digest(customer.email)
    wanted = {"digest": digest, "language": language, "asked_at": now}
    permission, created = MailPermission.objects.get_or_create(customer_id=customer.pk, defaults=wanted)
    if not created and permission.digest != digest:
        MailPermission.objects.filter(pk=permission.pk).update(**wanted, confirmed_at=None)
        permission.refresh_from_db()
    return permission


def confirm(permission: MailPermission, *, now: datetime) -> None:
    """Keep that the mailbox's owner agreed, if the address is still the customer's; an objection from before is over."""
    customer = get_user_model()._default_manager.filter(pk=permission.customer_id).first()
    email = getattr(customer, "email", "")
    if address_digest(email) == permission.digest:
        MailPermission.objects.filter(pk=permission.pk, confirmed_at=None).update(confirmed_at=now)
        lift(permission.customer_id, email)


def take_back(customer_id: int) -> None:
    """Forget that the customer agreed. A mail that waits is not sent: it asks again before it goes."""
    MailPermission.objects.filter(customer_id=customer_id).delete()
