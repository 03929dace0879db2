"""May the mail about this basket go? All is asked when it is about to, so that whatever changed since wins; then it is claimed.

The job only claims: it writes that the mail is being sent, and that is committed before the mail server is spoken to. So a
worker that is lost in between has sent one mail or none; a mail nobody asked for twice is not sent twice.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from oscar.core.loading import get_model

from oscar_engage.conf import get_settings
from oscar_engage.decisions.arms import is_in_shop_holdout
from oscar_engage.jobs.models import FillState
from oscar_engage.jobs.registry import handler
from oscar_engage.reminders.gates import Facts, Refusal, refuse
from oscar_engage.reminders.models import BasketMail, MailState
from oscar_engage.reminders.permission import get_permission
from oscar_engage.reminders.plan import KIND
from oscar_engage.reminders.suppress import is_suppressed
from oscar_engage.shop.basket_mail import send
from oscar_engage.shop.goods import read_goods
from oscar_engage.signals.counters import count
from oscar_engage.switch.models import Switch
from oscar_engage.visitors.consent import ConsentLevel
from oscar_engage.visitors.models import Visitor, VisitorBasket

FILL_STATE = "basket mails"


@handler(KIND)
def consider_mail(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Ask every gate, and have the mail sent once this is committed; or count why not."""
    if "basket" not in payload:  # the visitor was erased before this job came to it
        return
    _take_turn(now)
    left = VisitorBasket.objects.select_related("visitor").filter(basket_id=payload["basket"]).first()
    if left is None or left.visitor_id != uuid.UUID(payload["visitor"]) or left.settled_at is None:
        count("mail", "forgotten")
        return
    customer = _find_customer(left.visitor.customer_id)
    refusal = refuse(_facts(left, left.settled_at, customer, now))
    if refusal is not None:
        count("mail", refusal)
        if refusal is Refusal.SHOP_HOLDOUT:
            _hold_out(left.basket_id, customer, now)
        return
    mail = _claim(left.basket_id, customer, now)
    if mail is not None:
        send_now = partial(send, mail, left.visitor_id, customer, language=get_permission(customer), now=now)
        transaction.on_commit(send_now, using=get_settings().database, robust=True)


def _find_customer(customer_id: int | None) -> Any | None:
    users = get_user_model()._default_manager.filter(is_active=True)
    return None if customer_id is None else users.filter(pk=customer_id).first()


def _take_turn(now: datetime) -> None:
    """Let one job at a time ask: two baskets of one customer are not to be mailed about at once."""
    FillState.objects.select_for_update().get_or_create(name=FILL_STATE, defaults={"filled_at": now})
    FillState.objects.filter(name=FILL_STATE).update(filled_at=now)


def _hold_out(basket_id: int, customer: Any, now: datetime) -> None:
    """Write that the mail would have gone; it counts as one towards ``ABANDONED_MAIL_DAYS``, so that both groups fare alike."""
    lines = read_goods(basket_id, customer)
    held_out = {"customer_id": customer.pk, "lines": lines, "created_at": now, "state": MailState.HELD_OUT}
    BasketMail.objects.get_or_create(basket_id=basket_id, defaults=held_out)


def _claim(basket_id: int, customer: Any, now: datetime) -> BasketMail | None:
    """Write that the mail is being sent; ``None`` when it was before, whatever came of it."""
    wanted = {"customer_id": customer.pk, "lines": read_goods(basket_id, customer), "created_at": now, "tries": 1}
    mail, created = BasketMail.objects.get_or_create(basket_id=basket_id, defaults=wanted)
    if created:
        return mail
    again = BasketMail.objects.filter(pk=mail.pk, customer_id=customer.pk, state=MailState.WAITING)
    if not again.update(state=MailState.SENDING, tries=mail.tries + 1, lines=wanted["lines"]):
        return None
    mail.refresh_from_db()
    return mail


def _facts(left: VisitorBasket, settled_at: datetime, customer: Any, now: datetime) -> Facts:
    settings, visitor = get_settings(), left.visitor
    return Facts(
        is_on=settings.enabled and not Switch.objects.filter(is_on=False).exists(),
        has_address=bool(customer is not None and customer.email),
        is_no_shopper=visitor.is_uncounted or bool(getattr(customer, "is_staff", False)),
        agrees=visitor.consent >= ConsentLevel.PERSONALISATION,
        is_permitted=lambda: bool(get_permission(customer)),
        is_suppressed=lambda: is_suppressed(customer.pk, customer.email),
        is_held_out=is_in_shop_holdout(visitor.unit_id, salt=settings.salt, share=settings.shop_holdout),
        was_seen_since=lambda: _was_seen_since(visitor, settled_at),
        has_ordered_since=lambda: _has_ordered_since(left, customer),
        is_theirs=customer is not None and _is_open_and_theirs(left.basket_id, customer.pk),
        has_goods=lambda: bool(read_goods(left.basket_id, customer)),
        was_mailed_lately=lambda: _was_mailed_lately(left.basket_id, customer.pk, now),
        planned_at=settled_at + timedelta(minutes=settings.abandoned_mail_minutes),
        now=now,
    )


def _was_seen_since(visitor: Visitor, since: datetime) -> bool:
    """Whether the customer was in the shop again, with any browser: who came back needs no reminder."""
    own = Q(pk=visitor.pk) | Q(customer_id=visitor.customer_id)
    return Visitor.objects.filter(own, last_seen_at__gt=since).exists()


def _has_ordered_since(left: VisitorBasket, customer: Any) -> bool:
    orders = get_model("order", "Order").objects
    theirs = Q(user_id=customer.pk) | Q(guest_email__iexact=customer.email)
    return bool(orders.filter(Q(basket_id=left.basket_id) | (theirs & Q(date_placed__gte=left.seen_at))).exists())


def _is_open_and_theirs(basket_id: int, customer_id: int) -> bool:
    basket = get_model("basket", "Basket")
    own = Q(owner_id=customer_id) | Q(owner__isnull=True)
    return bool(basket.objects.filter(own, pk=basket_id, status=basket.OPEN).exists())


def _was_mailed_lately(basket_id: int, customer_id: int, now: datetime) -> bool:
    """Whether another mail went, or may have gone, to the customer within ``ABANDONED_MAIL_DAYS``."""
    since = now - timedelta(days=get_settings().abandoned_mail_days)
    mails = BasketMail.objects.filter(customer_id=customer_id, created_at__gt=since).exclude(basket_id=basket_id)
    return mails.exclude(state=MailState.FAILED).exists()
