"""Does the sender hear that the mail came in? Once a day, with reference and promise, and an answer if there is one.

A mail may name a third party as its sender. So a receipt holds nothing that the sender wrote, neither subject nor name, goes to
one address once in a day, and all together are limited: nobody sends their words, or a flood, through us.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.mail import mailbox_digest
from oscar_engage.desk.mailbox.models import Mailbox
from oscar_engage.desk.mailbox.outgoing import answers_to, build_mail, host_of_shop, thread_of
from oscar_engage.desk.mailbox.ports import find_answer
from oscar_engage.desk.models import Conversation, ConversationStatus, Role
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.text import LONGEST_MESSAGE
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler

KIND = "desk.mail_receipt"

MOST_IN_AN_HOUR = 60
"""Receipts to all addresses together."""


def enqueue_receipt(conversation: Conversation, mailbox: Mailbox, *, now: datetime) -> None:
    """Have the sender told that we have the mail which began ``conversation``; call it in the transaction that takes it."""
    prefix = f"{KIND}:{mailbox_digest(conversation.email)}:"
    of_all = Job.objects.filter(kind=KIND, created_at__gt=now - timedelta(hours=1)).count()
    is_told = Job.objects.filter(key__startswith=prefix, created_at__gt=now - timedelta(days=1)).exists()
    if mailbox.sends_receipts and not is_told and of_all < MOST_IN_AN_HOUR:
        enqueue(KIND, key=f"{prefix}{now:%Y%m%d}", payload={"conversation": conversation.pk}, now=now)


@handler(KIND)
def send_receipt(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Look for an automatic answer and send the receipt; nothing if the conversation is gone or was answered already."""
    conversation = Conversation.objects.filter(pk=payload["conversation"]).first()
    if conversation is None or not conversation.email or conversation.status != ConversationStatus.WAITING:
        return
    with translation.override(conversation.language or translation.get_language()):
        _send(conversation, now=now)


def _send(conversation: Conversation, *, now: datetime) -> None:
    thread = thread_of(conversation)
    answer = _answer(conversation, thread.subject if thread else "", now=now)
    context = {
        "conversation": conversation,
        "shop": host_of_shop(),
        "answer": answer,
        "can_reply": bool(answers_to(conversation, thread)),
    }
    build_mail(
        conversation,
        thread,
        subject=_("We have your mail: %(reference)s") % {"reference": conversation.reference},
        body=render_to_string("oscar_engage/mail/receipt.txt", context),
        message_id=f"engage-receipt-{conversation.public_id}",
    ).send()


def _answer(conversation: Conversation, subject: str, *, now: datetime) -> str:
    """Return the automatic answer, kept in the conversation, which goes on waiting for a person."""
    question = conversation.messages.filter(role=Role.SHOPPER).order_by("seq").values_list("body", flat=True).first()
    answer = find_answer(question or "", subject=subject, language=conversation.language)[:LONGEST_MESSAGE]
    if answer:
        with transaction.atomic(using=get_settings().database):
            say(lock_conversation(conversation), lambda: answer, now=now)
    return answer
