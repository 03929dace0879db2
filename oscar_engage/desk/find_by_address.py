"""How does a guest find their questions again? By a mail to the address they gave, with a link to all that was asked with it.

Whoever opens the link has read mail of that address, and that is the only proof we take. Asking for it tells nothing: the same
two rows are read and the same one written whether we know the address or not, and whether a mail goes out is decided by a
worker later. Addresses are compared letter by letter: a database that takes the dotless i or the Kelvin sign for an ASCII
letter would otherwise hand one person's questions to another.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.link import ExpiredLinkError, InvalidLinkError, shop_address
from oscar_engage.desk.mail import mailbox_digest
from oscar_engage.desk.mailbox.outgoing import host_of_shop
from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler

KIND = "desk.find_mail"
_SALT = "oscar_engage.find"

VALID_FOR = timedelta(hours=24)
"""How long the link works."""

MOST_IN_A_DAY = 3
"""Mails to one mailbox, whoever asks for them; another is not sent, and nobody is told."""


def is_same_address(one: str, other: str) -> bool:
    """Whether two addresses are one: letter by letter, without case where both are plain ASCII."""
    return one == other or (one.isascii() and other.isascii() and one.lower() == other.lower())


def asked_with(address: str) -> QuerySet[Conversation]:
    """Return all conversations that name ``address``; one query, and another to read them, whether there are any or not."""
    spellings = Conversation.objects.filter(email__iexact=address).order_by().values_list("email", flat=True).distinct()
    return Conversation.objects.filter(email__in=[address, *(one for one in spellings if is_same_address(one, address))])


def request_link(address: str, *, language: str, now: datetime) -> None:
    """Have a link mailed to ``address`` if anything was asked with it; the caller learns nothing, and so does the shopper."""
    prefix = f"{KIND}:{mailbox_digest(address)}:"
    with transaction.atomic(using=get_settings().database):
        newest = next(iter(asked_with(address).order_by("-created_at", "-pk")[:1]), None)
        sent = Job.objects.filter(key__startswith=prefix, created_at__gt=now - timedelta(days=1)).count()
        number = min(sent, MOST_IN_A_DAY - 1)  # a key that is taken already sends nothing
        payload = {"conversation": newest.pk if newest else 0, "language": language}
        enqueue(KIND, key=f"{prefix}{now:%Y%m%d}:{number}", payload=payload, now=now)


@handler(KIND)
def send_link(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Send it; nothing where nothing was asked, or it is gone."""
    conversation = Conversation.objects.filter(pk=payload["conversation"]).exclude(email="").first()
    if conversation is not None:
        with translation.override(payload["language"] or conversation.language or translation.get_language()):
            _write(conversation, now).send()


def find_url(conversation: Conversation) -> str:
    """Return the full address of all that was asked with this conversation's address; the address itself is not in it."""
    query = urlencode({"token": signing.dumps(conversation.public_id, salt=_SALT)})  # a query: no sensor keeps those
    return f"{shop_address()}{reverse('engage:found')}?{query}"


def access_by_link(token: str) -> QuerySet[Conversation]:
    """Return what ``token`` opens, to read; raises ``ExpiredLinkError`` or ``InvalidLinkError``."""
    try:
        public_id = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
        address = Conversation.objects.exclude(email="").values_list("email", flat=True).get(public_id=public_id)
    except (signing.SignatureExpired, Conversation.DoesNotExist) as error:
        raise ExpiredLinkError from error
    except signing.BadSignature as error:
        raise InvalidLinkError from error
    return asked_with(address).select_related("agent")


def _write(conversation: Conversation, now: datetime) -> EmailMessage:
    host = host_of_shop()
    context = {"url": find_url(conversation), "shop": host, "hours": VALID_FOR // timedelta(hours=1)}
    return EmailMessage(
        subject=_("Your questions to %(shop)s") % {"shop": host},
        body=render_to_string("oscar_engage/mail/find.txt", context),
        to=[conversation.email],
        headers={
            "Message-ID": f"<engage-find-{conversation.public_id}-{now:%Y%m%d%H%M%S}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
