"""How does a shopper who left the shop hear of the answer? By a mail with a link to it, or the text; one for each answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac

from oscar_engage.conf import get_settings
from oscar_engage.desk.carry.show import carried_for, in_words
from oscar_engage.desk.link import VALID_FOR, answer_url, shop_address
from oscar_engage.desk.mailbox.outgoing import answers_to, build_mail, host_of_shop, subject_of, thread_of
from oscar_engage.desk.models import Conversation, Message, Role
from oscar_engage.jobs.models import Job
from oscar_engage.jobs.outbox import enqueue
from oscar_engage.jobs.registry import handler

KIND = "desk.answer_mail"

REST_KIND = "desk.rest"
"""The job that looks whether a shopper was shown an agent's words in a chat (``desk.mailbox.rest``)."""

MAILS_PER_HOUR = 3
"""Mails to one address, which may be a third party's; further ones wait their turn: the answer is there without them."""


def enqueue_answer_mail(conversation: Conversation, message: Message, *, now: datetime, after: int | None = None) -> None:
    """Have the shopper told of ``message`` by mail, if they left an address; call it in the message's transaction.

    ``after``: the mail is about all the agents' messages after this number; by default about this one alone.
    """
    if conversation.email:
        payload = {"message": message.pk, "after": message.seq - 1 if after is None else after}
        enqueue_to(conversation, KIND, f"{message.pk}", payload=payload, now=now)


def enqueue_to(conversation: Conversation, kind: str, key: str, *, payload: Mapping[str, Any], now: datetime) -> None:
    """Have a mail of ``kind`` sent to the conversation's address when its turn has come: all kinds share one limit.

    ``key`` makes it unique; another with the same key is no second mail. The address itself is not in the job.
    """
    sent = f"{KIND}:{mailbox_digest(conversation.email)}:"
    enqueue(kind, key=f"{sent}{key}", payload=payload, now=now, run_at=_next_turn(sent, now))


def enqueue_rest(conversation: Conversation, message: Message, *, now: datetime) -> None:
    """Have it looked whether the shopper of a chat is still there to read ``message``, if they left an address."""
    if conversation.email:
        due = now + timedelta(minutes=get_settings().rest_minutes)
        enqueue(REST_KIND, key=f"{REST_KIND}:{message.pk}", payload={"message": message.pk}, now=now, run_at=due)


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
        _write(message, after=payload.get("after", message.seq - 1)).send()


def _write(message: Message, *, after: int) -> EmailMessage:
    conversation = message.conversation
    thread = thread_of(conversation)
    is_with_text = get_settings().mail_answer_text or (thread is not None and thread.mailbox is not None)
    context = {
        "conversation": conversation,
        "agent": message.agent,
        "url": answer_url(conversation),
        "shop": host_of_shop(),
        "days": VALID_FOR.days,
        "said": _said(message, after) if is_with_text else [],
        "can_reply": bool(answers_to(conversation, thread)),
    }
    return build_mail(
        conversation,
        thread,
        subject=subject_of(conversation, thread),
        body=render_to_string("oscar_engage/mail/answer.txt", context),
        message_id=f"engage-answer-{message.pk}-{message.client_id.hex}",
    )


def _said(message: Message, after: int) -> list[str]:
    """Return what agents said after number ``after``, up to ``message``, and what they sent along."""
    between = message.conversation.messages.filter(role=Role.AGENT, seq__gt=after, seq__lte=message.seq)
    shown, address = carried_for(message.conversation, between.order_by("seq")), shop_address()
    return ["\n".join(filter(None, (one.body, in_words(one.carried, address=address)))) for one in shown]
