"""How does the mail go out? As a communication type of the shop's, by Oscar's own dispatcher, with our headers on it."""

import smtplib
import socket
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.policy import EmailPolicy, default
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings as django_settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from oscar.core.loading import get_class, get_model

from oscar_engage.conf import get_settings
from oscar_engage.desk.link import shop_address
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.reason import reason_of
from oscar_engage.jobs.registry import handler
from oscar_engage.reminders.link import VALID_FOR, basket_url, unsubscribe_url
from oscar_engage.reminders.models import BasketMail
from oscar_engage.reminders.plan import plan_again
from oscar_engage.reminders.told import mark_sent
from oscar_engage.shop.goods import list_goods
from oscar_engage.signals.faults import note_fault

CODE = "ENGAGE_BASKET_LEFT"
"""The communication type's code: its texts are edited in Oscar's dashboard, *Content → Email templates*."""

LISTING = "reminders.list_type"

_BODY_END = "</body>"

_LONGEST_LINE = 998
"""Characters of a line, by RFC 5322."""


_CERTAIN = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ConnectionRefusedError, socket.gaierror)
"""What is raised only by a mail server that took nothing. After any other error the mail may be on its way."""


class HeadedConnection:
    """Mails go to the mail server with these headers as well. Has it ``taken`` one? ``None``: nobody knows."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = dict(headers)
        self.taken: bool | None = False

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Send ``messages`` and return how many they were."""
        for message in messages:
            message.extra_headers.update(self.headers)
            _keep_links_whole(message)
        server = get_connection()
        server.open()
        self.taken = None
        try:
            server.send_messages(list(messages))
            self.taken = True
        except _CERTAIN:
            self.taken = False
            raise
        finally:
            server.close()
        return len(messages)


def _keep_links_whole(message: EmailMessage) -> None:
    """Have ``message`` built with headers as long as mail may have them.

    Since Django 6 Python folds them after 78 characters, and encodes what has no space there: no mail program takes that for
    the address behind its own button to unsubscribe.
    """
    if django.VERSION < (6, 0):
        return
    build: Any = message.message

    def build_whole(*, policy: "EmailPolicy[Any]" = default, **options: Any) -> Any:
        return build(policy=policy.clone(max_line_length=_LONGEST_LINE), **options)

    message.message = build_whole  # type: ignore[method-assign,assignment]  # the backend asks the message that it is given


def send(mail: BasketMail, visitor_id: uuid.UUID, customer: Any, *, language: bool | str, now: datetime) -> None:
    """Send the claimed mail in the ``language`` it was agreed to, and note what came of it. Never raises."""
    unsubscribe = unsubscribe_url(mail, customer.email)
    connection = HeadedConnection(_headers(mail, unsubscribe))
    try:
        with translation.override(language if isinstance(language, str) else django_settings.LANGUAGE_CODE):
            _dispatch(mail, customer, unsubscribe, connection)
    except Exception as error:  # noqa: BLE001 - the shop's templates, its dispatcher, its mail server
        note_fault("mail")
        if connection.taken is False:
            with transaction.atomic(using=get_settings().database):
                plan_again(mail, visitor_id, error=reason_of(error), now=now)
        elif connection.taken is None:  # whoever may have got it does not get it again
            BasketMail.objects.filter(pk=mail.pk).update(last_error=reason_of(error))
    if connection.taken:
        mark_sent(mail, now=now)


def _dispatch(mail: BasketMail, customer: Any, unsubscribe: str, connection: HeadedConnection) -> None:
    dispatcher = get_class("communication.utils", "Dispatcher")(mail_connection=connection)
    context = {
        "user": customer,
        "lines": list_goods(mail.lines),
        "basket_url": basket_url(mail),
        "unsubscribe_url": unsubscribe,
        "days": VALID_FOR.days,
    }
    messages = dispatcher.get_messages(CODE, context)
    dispatcher.dispatch_user_messages(customer, _with_a_way_out({**messages, "sms": ""}, unsubscribe))
    if not connection.taken:
        raise ValueError("nothing was sent: has the communication type a subject and a text?")


def _with_a_way_out(messages: dict[str, str], url: str) -> dict[str, str]:
    """Add the link to unsubscribe where the shop's own text has lost it."""
    if url not in messages["body"]:
        messages["body"] += "\n\n" + _("No more such mails: %(url)s") % {"url": url} + "\n"
    if messages["html"] and url not in messages["html"]:
        link = format_html('<p><a href="{}">{}</a></p>', url, _("No more such mails"))
        before, end, after = messages["html"].rpartition(_BODY_END)
        messages["html"] = f"{before}{link}{end}{after}" if end else messages["html"] + link
    return messages


def _headers(mail: BasketMail, unsubscribe: str) -> dict[str, str]:
    """Return the headers of a mail that ends with one click (RFC 8058) and that no machine should answer."""
    host = urlsplit(shop_address()).hostname or "localhost"
    return {
        "Message-ID": f"<engage-basket-{mail.pk.hex}@{host}>",
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


@handler(LISTING)
def list_type(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Have the communication type stand in Oscar's dashboard, with our texts to begin from, where such mails are on."""
    if not get_settings().abandoned_mail_minutes:
        return
    model = get_model("communication", "CommunicationEventType")
    if model.objects.filter(code=CODE).exists():
        return
    with translation.override(django_settings.LANGUAGE_CODE):
        wanted = {
            "name": _("Basket left behind (engage)"),
            "category": model.USER_RELATED,
            "email_subject_template": _source(model.email_subject_template_file),
            "email_body_template": _source(model.email_body_template_file),
            "email_body_html_template": _source(model.email_body_html_template_file),
        }
        model.objects.get_or_create(code=CODE, defaults=wanted)


every(LISTING, 300)


def _source(name: str) -> str:
    """Return the text of the template that Oscar would take."""
    template: Any = get_template(name % CODE.lower()).template  # type: ignore[attr-defined]  # of Django's own backend
    return str(template.source).strip()
