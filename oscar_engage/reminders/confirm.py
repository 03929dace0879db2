"""Is the address the customer's own? A mail to it asks, three in a day at most: it may be a third party's."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.desk.link import shop_address
from oscar_engage.desk.mail import mailbox_digest
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler
from oscar_engage.reminders.digest import address_digest
from oscar_engage.reminders.link import VALID_FOR, confirm_url
from oscar_engage.reminders.models import MailPermission

KIND = "reminders.confirm"

MOST_IN_A_DAY = 3
"""Mails that ask one mailbox, whatever account or ``+`` asks for it; who presses more often has them already."""


def enqueue_confirmation(permission: MailPermission, email: str, *, now: datetime) -> None:
    """Have the mailbox of ``email`` asked, unless it agreed already or was asked often enough.

    Call it in the permission's transaction.
    """
    prefix = f"{KIND}:{mailbox_digest(email)}:"
    sent = Job.objects.filter(key__startswith=prefix, created_at__gt=now - timedelta(days=1)).count()
    if permission.confirmed_at is None and sent < MOST_IN_A_DAY:
        key = f"{prefix}{now:%Y%m%d%H%M}:{sent}"
        enqueue(KIND, key=key, payload={"customer": permission.customer_id, "sent": sent}, now=now)


@handler(KIND)
def send_confirmation(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Send it, as often as a lost worker makes us (the same Message-ID); nothing once it was confirmed or taken back."""
    permission = MailPermission.objects.filter(customer_id=payload["customer"], confirmed_at=None).first()
    if permission is None:
        return
    customer = get_user_model()._default_manager.filter(pk=permission.customer_id).first()
    if customer is None or address_digest(customer.email) != permission.digest:
        return
    with translation.override(permission.language or translation.get_language()):
        _write(permission, customer.email, number=int(payload["sent"])).send()


def _write(permission: MailPermission, email: str, *, number: int) -> EmailMessage:
    host = urlsplit(shop_address()).hostname or "localhost"
    context = {"url": confirm_url(permission), "shop": host, "days": VALID_FOR.days}
    return EmailMessage(
        subject=_("Please confirm: mails from %(shop)s about your basket") % {"shop": host},
        body=render_to_string("oscar_engage/mail/confirm.txt", context),
        to=[email],
        headers={
            "Message-ID": f"<engage-confirm-{permission.pk}-{permission.asked_at:%Y%m%d%H%M%S}-{number}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
