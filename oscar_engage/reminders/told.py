"""What became of a mail? Sent, followed, the end of all mails: each once, in its visitor's log if that consents."""

import uuid
from datetime import datetime

from django.db import transaction

from oscar_engage.conf import get_settings
from oscar_engage.hooks import mail_unsubscribed
from oscar_engage.reminders.models import BasketMail, MailState
from oscar_engage.reminders.suppress import suppress
from oscar_engage.signals import shipped
from oscar_engage.signals.kinds import Payload
from oscar_engage.signals.signal import Signal
from oscar_engage.visitors.hear import find_visitor_id, hear

_NAMESPACE = uuid.UUID("8c1a7a8e-5a52-4f0f-9d0c-6c2f0d7a4e57")


def mark_sent(mail: BasketMail, *, now: datetime) -> None:
    """Note that the mail server has it."""
    with transaction.atomic(using=get_settings().database):
        BasketMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=now, last_error="")
        _tell("mail.sent", shipped.MailSent(basket_id=mail.basket_id), mail.basket_id, now)


def mark_followed(mail: BasketMail, *, now: datetime) -> None:
    """Note that somebody took the goods by the link; the first time counts."""
    with transaction.atomic(using=get_settings().database):
        if BasketMail.objects.filter(pk=mail.pk, followed_at=None).update(followed_at=now):
            _tell("mail.followed", shipped.MailFollowed(basket_id=mail.basket_id), mail.basket_id, now)


def unsubscribe(basket_id: int, digests: list[str], *, now: datetime) -> None:
    """End all mails to whom ``digests`` stand for; the mail was about ``basket_id``. Repeating it changes nothing."""
    with transaction.atomic(using=get_settings().database):
        suppress(digests, now=now)
        _tell("mail.unsubscribed", shipped.MailUnsubscribed(basket_id=basket_id), basket_id, now)
        owner = BasketMail.objects.filter(basket_id=basket_id).values_list("customer_id", flat=True).first()
        transaction.on_commit(
            lambda: mail_unsubscribed.send_robust(sender=BasketMail, customer_id=owner),
            using=get_settings().database,
            robust=True,
        )


def _tell(kind: str, payload: Payload, basket_id: int, now: datetime) -> None:
    visitor_id = find_visitor_id(basket_id=basket_id, customer_id=None)
    if visitor_id is not None:
        event_id = uuid.uuid5(_NAMESPACE, f"{kind}:{basket_id}")
        hear(visitor_id, [Signal(kind=kind, payload=payload, at=now, event_id=event_id)], now=now)
