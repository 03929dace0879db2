"""How does a shopper who left the shop hear of the answer? By a mail with a link to it, one for each answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from oscar_engage.desk.link import VALID_FOR, answer_url, shop_address
from oscar_engage.desk.models import Conversation, Message
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler

KIND = "desk.answer_mail"

MAILS_PER_HOUR = 3
"""Mails to one address, which may be a third party's; further ones wait their turn: the answer is there without them."""


def enqueue_answer_mail(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """Have the shopper told of ``message`` by mail, if they left an address; call it in the message's transaction."""
    if conversation.email:
        sent = f"{KIND}:{mailbox_digest(conversation.email)}:"
        enqueue(KIND, key=f"{sent}{message.pk}", payload={"message": message.pk}, now=now, run_at=_next_turn(sent, now))


def mailbox_digest(email: str) -> str:
    """Return what jobs call an address, which they must not hold: keyed, without case and what ``+`` adds to a mailbox."""
    mailbox, _at, domain = email.lower().rpartition("@")
    address = f"{mailbox.partition('+')[0]}@{domain}"
    return salted_hmac(KIND, address, algorithm="sha256").hexdigest()[:32]


def _next_turn(sent: str, now: datetime) -> datetime:
    """Return when the next mail may go whose job's key begins with ``sent``."""
    latest = Job.objects.filter(key__startswith=sent).order_by("-run_at").values_list("run_at", flat=True)[:MAILS_PER_HOUR]
    turns = list(latest)
    return now if len(turns) < MAILS_PER_HOUR else max(now, turns[-1] + timedelta(hours=1))


@handler(KIND)
def send_answer_mail(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Send one mail; nothing when the conversation or its address was erased in the meantime.

    It may be sent twice if a worker is lost after sending: both carry the same Message-ID, and mail programs show one.
    """
    message = Message.objects.select_related("conversation", "agent").filter(pk=payload["message"]).first()
    if message is None or not message.conversation.email:
        return
    with translation.override(message.conversation.language or translation.get_language()):
        _write(message).send()


def _write(message: Message) -> EmailMessage:
    conversation = message.conversation
    address = shop_address()
    host = urlsplit(address).hostname or "localhost"
    context = {
        "conversation": conversation,
        "agent": message.agent,
        "url": answer_url(conversation),
        "shop": host,
        "days": VALID_FOR.days,
    }
    return EmailMessage(
        subject=_("An answer to your question %(reference)s") % {"reference": conversation.reference},
        body=render_to_string("oscar_engage/mail/answer.txt", context),
        to=[conversation.email],
        headers={
            "Message-ID": f"<engage-answer-{message.pk}-{message.client_id.hex}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
