"""A customer who agreed to everything and left a basket behind: the one who gets the mail."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.test import override_settings
from django.utils import timezone
from oscar.test.factories import BasketFactory, create_product

from oscar_engage.jobs.run import run_due
from oscar_engage.models import MailPermission, Visitor, VisitorBasket
from oscar_engage.reminders.digest import address_digest

NOW = timezone.now()
HOUR = timedelta(hours=1)

SHOP = {
    "CONSENT": "tests.consent.consent_from_cookie",
    "SITE_URL": "https://shop.example",
    "SHOP_HOLDOUT": 0,
    "ABANDONED_MAIL_MINUTES": 60,
    "MAIL_PERMISSION": "oscar_engage.reminders.permission.has_opted_in",
}


@pytest.fixture(autouse=True)
def _mails_are_on() -> Iterator[None]:
    with override_settings(OSCAR_ENGAGE=SHOP):
        yield


@pytest.fixture
def customer(transactional_db: None) -> Any:
    return make_customer()


def make_customer(email: str = "ada@example.com", *, language: str = "en", opted_in: bool = True) -> Any:
    user = get_user_model().objects.create_user(
        username=email,
        email=email,
        password="pw-ada-1",
        first_name="Ada",
    )
    if opted_in:
        MailPermission.objects.create(
            customer=user, digest=address_digest(email), language=language, asked_at=NOW - HOUR, confirmed_at=NOW - HOUR
        )
    return user


def leave(customer: Any, *, quantity: int = 2, title: str = "Rain boots", gone: timedelta = 2 * HOUR) -> VisitorBasket:
    """Return the open basket of a customer whose browser was last seen so long ago."""
    basket = BasketFactory(owner=customer)
    basket.add_product(create_product(num_in_stock=5, price=10, title=title), quantity)
    seen_at = NOW - gone
    visitor = Visitor.objects.create(consent=3, created_at=seen_at, last_seen_at=seen_at, customer_id=customer.pk)
    return VisitorBasket.objects.create(visitor=visitor, basket_id=basket.pk, seen_at=seen_at)


@pytest.fixture
def left(customer: Any) -> VisitorBasket:
    return leave(customer)


def work(at: timedelta = timedelta(0), *, now: datetime = NOW) -> None:
    """Run what is due, as the worker does."""
    run_due(now=now + at)


@pytest.fixture
def mail(left: VisitorBasket, mailoutbox: list[EmailMessage]) -> EmailMessage:
    """The mail about the basket."""
    work()
    work(HOUR)
    [sent] = mailoutbox
    return sent


Change = Callable[[VisitorBasket, Any], object]
