"""What became of the mails that came in? A line for each, without what it says; a flood of refused ones is not written down."""

import hashlib
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from oscar_engage.conf import get_settings
from oscar_engage.desk.mail import mailbox_digest
from oscar_engage.desk.mailbox.judge import Judgement
from oscar_engage.desk.mailbox.letter import Letter
from oscar_engage.desk.mailbox.models import Mailbox, Outcome, ReceivedMail
from oscar_engage.desk.text import clean_line

MOST_REFUSED_IN_AN_HOUR = 300
"""Mails that were not taken and are written down; a page of them is enough to see an attack."""

_TAKEN = (Outcome.OPENED, Outcome.CONTINUED)


class RepeatedLetterError(ValueError):
    """This mail was taken already; ``received`` says what became of it."""

    def __init__(self, received: ReceivedMail) -> None:
        super().__init__("The mail was taken already.")
        self.received = received


def digest_of(letter: Letter | None, raw: bytes) -> str:
    """Return what stands for a mail: its Message-ID and sender, else all of it; keyed, so that neither can be read from it."""
    named = f"{letter.message_id}\n{letter.sender}" if letter and letter.message_id else hashlib.sha256(raw).hexdigest()
    return salted_hmac("oscar_engage.received_mail", named, algorithm="sha256").hexdigest()[:60]


def find_taken(digest: str) -> ReceivedMail | None:
    """Return the line of the mail if it was taken."""
    return ReceivedMail.objects.filter(digest=digest, outcome__in=_TAKEN).first()


def note_taken(digest: str, judgement: Judgement, letter: Letter, mailbox: Mailbox | None, *, now: datetime) -> None:
    """Write down, in the transaction that takes it, that it was; :class:`RepeatedLetterError` if another one was quicker."""
    try:
        with transaction.atomic(using=get_settings().database):
            _write(digest, judgement, letter, mailbox, now)
    except IntegrityError:
        raise RepeatedLetterError(ReceivedMail.objects.get(digest=digest)) from None


def note_refused(digest: str, judgement: Judgement, letter: Letter | None, mailbox: Mailbox | None, *, now: datetime) -> None:
    """Write down that it was refused or left alone, once; it never stands in the way of a genuine one with the same id."""
    since = now - timedelta(hours=1)
    others = ReceivedMail.objects.filter(outcome__in=(Outcome.REFUSED, Outcome.IGNORED), at__gt=since)
    refused = f"no-{digest}"
    if ReceivedMail.objects.filter(digest=refused).exists() or others.count() >= MOST_REFUSED_IN_AN_HOUR:
        return
    try:
        with transaction.atomic(using=get_settings().database):
            _write(refused, judgement, letter, mailbox, now)
    except IntegrityError:  # the same mail by another worker
        return


def hint_of(address: str) -> str:
    """Return as much of ``address`` as a supervisor needs to see who it may have been: ``a…@example.com``."""
    local, _at, domain = clean_line(address, longest=254).rpartition("@")
    return f"{local[:1]}…@{domain[:70]}"


def _write(digest: str, judgement: Judgement, letter: Letter | None, mailbox: Mailbox | None, now: datetime) -> None:
    ReceivedMail.objects.create(
        digest=digest,
        mailbox=mailbox,
        conversation=judgement.conversation,
        outcome=judgement.outcome,
        reason=judgement.reason,
        sender_digest=mailbox_digest(letter.sender) if letter else "",
        sender_hint=hint_of(letter.sender) if letter else "",
        at=now,
    )
