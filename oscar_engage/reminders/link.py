"""Where do the links in a mail lead? To the goods in it, for some days; to the end of all such mails, for good.

Neither logs anybody in, and neither holds an address: a mail may be forwarded.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError, shop_address
from oscar_engage.reminders.digest import person_digests
from oscar_engage.reminders.models import BasketMail, MailPermission

_BASKET_SALT = "oscar_engage.reminders.basket"
_UNSUBSCRIBE_SALT = "oscar_engage.reminders.unsubscribe"
_CONFIRM_SALT = "oscar_engage.reminders.confirm"

VALID_FOR = timedelta(days=14)
"""How long the links to a basket and to a confirmation work."""

_LONGEST_TOKEN = 600  # characters; ours have at most some 300


def basket_url(mail: BasketMail) -> str:
    """Return the full address of the goods in ``mail``."""
    return _url("engage:left-basket", signing.dumps(mail.pk.hex, salt=_BASKET_SALT))


def access_mail_by_link(token: str) -> BasketMail:
    """Return the mail whose goods ``token`` shows, or raise :class:`ExpiredLinkError` or :class:`InvalidLinkError`."""
    with _refusing(token):
        key = signing.loads(token, salt=_BASKET_SALT, max_age=VALID_FOR)
    try:
        return BasketMail.objects.get(pk=key)
    except BasketMail.DoesNotExist as error:
        raise ExpiredLinkError from error


def unsubscribe_url(mail: BasketMail, email: str) -> str:
    """Return the full address that ends all such mails to this address and account; it needs no row of ours, ever."""
    whom = [mail.basket_id, *person_digests(mail.customer_id, email)]
    return _url("engage:unsubscribe", signing.dumps(whom, salt=_UNSUBSCRIBE_SALT))


def read_unsubscribe(token: str) -> tuple[int, list[str]]:
    """Return the basket the mail was about and the digests of whom it went to; :class:`InvalidLinkError` for others' tokens."""
    with _refusing(token):
        basket_id, *digests = signing.loads(token, salt=_UNSUBSCRIBE_SALT)
    return basket_id, digests


def confirm_url(permission: MailPermission) -> str:
    """Return the full address under which the mailbox's owner confirms the permission."""
    return _url("engage:mails-confirm", signing.dumps([permission.customer_id, permission.digest], salt=_CONFIRM_SALT))


def access_permission_by_link(token: str) -> MailPermission:
    """Return the permission that ``token`` confirms, if it is still asked for, for the same address."""
    with _refusing(token):
        customer_id, digest = signing.loads(token, salt=_CONFIRM_SALT, max_age=VALID_FOR)
    try:
        return MailPermission.objects.get(customer_id=customer_id, digest=digest)
    except MailPermission.DoesNotExist as error:
        raise ExpiredLinkError from error


def _url(name: str, token: str) -> str:
    return f"{shop_address()}{reverse(name)}?{urlencode({'token': token})}"  # a query: no sensor keeps those


@contextmanager
def _refusing(token: str) -> Iterator[None]:
    if len(token) > _LONGEST_TOKEN:
        raise InvalidLinkError
    try:
        yield
    except signing.SignatureExpired as error:
        raise ExpiredLinkError from error
    except signing.BadSignature as error:
        raise InvalidLinkError from error
