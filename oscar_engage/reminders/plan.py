"""Which baskets get a mail? Each abandoned one is planned where it is settled; whether it goes is asked when it is due."""

import uuid
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from oscar_engage.conf import get_settings
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.reminders.models import BasketMail, MailState
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor, VisitorBasket

KIND = "reminders.basket"

FIRST_PAUSE = timedelta(minutes=2)
"""Pause after the mail server's first refusal; it doubles with each."""

MOST_TRIES = 6
"""Tries before a mail is given up: after an hour of refusals it is too late for it."""


def plan_mail(basket: VisitorBasket, *, now: datetime) -> None:
    """Have the mail about ``basket`` considered in ``ABANDONED_MAIL_MINUTES``, if we may think of mailing its visitor."""
    minutes = get_settings().abandoned_mail_minutes
    may = Visitor.objects.filter(
        pk=basket.visitor_id, consent=ConsentLevel.PERSONALISATION, is_staff=False, is_automaton=False, customer__isnull=False
    )
    if minutes and may.exists():
        _enqueue(basket.basket_id, basket.visitor_id, tries=0, now=now, run_at=now + timedelta(minutes=minutes))


def plan_again(mail: BasketMail, visitor_id: uuid.UUID, *, error: str, now: datetime) -> None:
    """Note that the mail server took nothing, and have it tried again, with everything asked anew; give up in the end."""
    is_over = mail.tries >= MOST_TRIES
    state = MailState.FAILED if is_over else MailState.WAITING
    BasketMail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(state=state, last_error=error[:200])
    if not is_over:
        later = now + FIRST_PAUSE * 2 ** (mail.tries - 1)
        _enqueue(mail.basket_id, visitor_id, tries=mail.tries, now=now, run_at=later)


def _enqueue(basket_id: int, visitor_id: uuid.UUID, *, tries: int, now: datetime, run_at: datetime) -> None:
    payload = {"basket": basket_id, "visitor": visitor_id.hex}  # the visitor, so that an erasure empties it
    # A key outlives its payload, and a broker may keep it.
    name = salted_hmac(KIND, str(basket_id), algorithm="sha256").hexdigest()
    enqueue(KIND, key=f"{KIND}:{name}:{tries}", payload=payload, now=now, run_at=run_at)
