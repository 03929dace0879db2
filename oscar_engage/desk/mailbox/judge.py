"""Is this mail let in, and where? Only a genuine thread from the conversation's own address goes on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from oscar_engage.conf import get_settings
from oscar_engage.desk.mailbox.authenticity import is_authentic
from oscar_engage.desk.mailbox.letter import Letter, normalise_address
from oscar_engage.desk.mailbox.models import Mailbox, Outcome, Reason
from oscar_engage.desk.mailbox.token import access_conversation_by_reply, find_tokens
from oscar_engage.desk.models import Conversation, ConversationStatus

_LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to become of a mail, with the conversation that it reached (also one that it may not continue)."""

    outcome: Outcome
    reason: Reason = Reason.NONE
    conversation: Conversation | None = None


def judge_letter(letter: Letter, mailbox: Mailbox | None, *, now: datetime) -> Judgement:
    """Return what becomes of ``letter``, which came to ``mailbox`` or, without one, to the address for replies."""
    ours = own_addresses()
    if not _is_address(letter.sender):
        return Judgement(Outcome.REFUSED, Reason.SENDER)
    if _bare(letter.sender) in ours:
        return Judgement(Outcome.IGNORED, Reason.OWN)
    if letter.is_automatic:
        return Judgement(Outcome.IGNORED, Reason.AUTOMATIC)
    if not is_authentic(letter.authentication, trusted=get_settings().trusted_mail_server, sender=letter.sender):
        return Judgement(Outcome.REFUSED, Reason.UNPROVEN)
    tokens = find_tokens(letter.recipients, letter.references, ours)
    if tokens:
        return _judge_reply(letter, tokens, now=now)
    return Judgement(Outcome.OPENED) if mailbox is not None else Judgement(Outcome.REFUSED, Reason.NO_THREAD)


def own_addresses() -> Collection[str]:
    """Return the addresses that our mails come from: whoever writes from one of them is ourselves. One query."""
    sent_from = [get_settings().reply_address, parseaddr(django_settings.DEFAULT_FROM_EMAIL)[1]]
    return {normalise_address(one) for one in [*sent_from, *Mailbox.objects.values_list("address", flat=True)] if one}


def _judge_reply(letter: Letter, tokens: Collection[str], *, now: datetime) -> Judgement:
    try:
        conversation = access_conversation_by_reply(tokens)
    except Conversation.DoesNotExist:
        return Judgement(Outcome.REFUSED, Reason.FORGED)
    reason = _why_not(conversation, letter, now=now)
    return Judgement(Outcome.REFUSED if reason else Outcome.CONTINUED, reason, conversation)


def _why_not(conversation: Conversation, letter: Letter, *, now: datetime) -> Reason:
    if not conversation.email or normalise_address(conversation.email) != letter.sender:
        return Reason.STRANGER
    if conversation.status == ConversationStatus.CLOSED:
        return Reason.CLOSED
    spoken_at = conversation.spoken_at or conversation.created_at
    if spoken_at < now - timedelta(days=get_settings().reply_days):
        return Reason.EXPIRED
    return Reason.NONE


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= _LONGEST_ADDRESS


def _bare(address: str) -> str:
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
