"""Can the shopper have all of it? The transcript as a plain mail, to the conversation's own address alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.carry.show import carried_for, in_words
from oscar_engage.desk.flood import check_address
from oscar_engage.desk.link import shop_address
from oscar_engage.desk.mail import enqueue_to
from oscar_engage.desk.mailbox.outgoing import answers_to, build_mail, host_of_shop, thread_of
from oscar_engage.desk.models import Conversation, Message, Role
from oscar_engage.desk.post import lock_conversation
from oscar_engage.jobs.registry import handler

KIND = "desk.transcript_mail"


class NoAddressError(ValueError):
    """Nobody left an address in this conversation."""


def request_transcript(conversation: Conversation, *, now: datetime, email: str = "") -> None:
    """Have the transcript of ``conversation`` mailed to its address; ``email`` (checked by the form) becomes it if it has none.

    It may be a third party's: so an address that is there is never changed, only so many conversations may name the same one,
    all mails to it share one limit, and a transcript goes once a day until somebody writes again. Raises
    :class:`NoAddressError` or ``TooManyError``.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        if not locked.email:
            if not email:
                raise NoAddressError(f"{locked} has no address.")
            check_address(email, now=now)
            locked.email = email
            locked.save(update_fields=["email"])
        key = f"transcript:{locked.pk}:{locked.last_seq}:{now:%Y%m%d}"
        enqueue_to(locked, KIND, key, payload={"conversation": locked.pk}, now=now)


@handler(KIND)
def send_transcript(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Send it as it is now; nothing if the conversation or its address is gone."""
    conversation = Conversation.objects.filter(pk=payload["conversation"]).first()
    if conversation is None or not conversation.email:
        return
    with translation.override(conversation.language or translation.get_language()):
        _send(conversation)


def _send(conversation: Conversation) -> None:
    thread = thread_of(conversation)
    context = {
        "conversation": conversation,
        "said": _said(conversation),
        "shop": host_of_shop(),
        "can_reply": bool(answers_to(conversation, thread)),
    }
    build_mail(
        conversation,
        thread,
        subject=_("Your conversation %(reference)s") % {"reference": conversation.reference},
        body=render_to_string("oscar_engage/mail/transcript.txt", context),
        message_id=f"engage-transcript-{conversation.public_id}-{conversation.last_seq}",
    ).send()


def _said(conversation: Conversation) -> list[tuple[Message, str]]:
    """Return what the shopper can see as well, each with what it carried in words.

    By the roles named here, so that nothing meant for colleagues ever goes out.
    """
    shown = conversation.messages.filter(role__in=(Role.SHOPPER, Role.AGENT, Role.SYSTEM))
    said, address = carried_for(conversation, shown.select_related("agent").order_by("seq")), shop_address()
    return [(one, in_words(one.carried, address=address)) for one in said]
