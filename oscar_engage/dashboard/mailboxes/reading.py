"""What comes in, and what was refused? The rows of the page of mailboxes, and what a mail says of its sender."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet

from oscar_engage.desk.mailbox.models import Mailbox, MailThread, Outcome, ReceivedMail
from oscar_engage.desk.models import Conversation
from oscar_engage.desk.queries import of_address

MOST_LISTED = 50
"""Refused mails shown at once."""


def read_mailboxes(*, now: datetime) -> QuerySet[Any]:
    """Return all mailboxes by address, each with how many mails were taken and refused in the last seven days; one query."""
    week = Q(mails__at__gt=now - timedelta(days=7))
    taken = Q(mails__outcome__in=(Outcome.OPENED, Outcome.CONTINUED))
    numbers = {
        "taken_count": Count("mails", filter=week & taken),
        "refused_count": Count("mails", filter=week & Q(mails__outcome=Outcome.REFUSED)),
    }
    return Mailbox.objects.select_related("queue").annotate(**numbers).order_by("address", "pk")


def read_refused() -> Sequence[ReceivedMail]:
    """Return the mails that were refused last, the latest first; one query."""
    refused = ReceivedMail.objects.filter(outcome=Outcome.REFUSED).select_related("mailbox", "conversation")
    return list(refused.order_by("-at", "-pk")[:MOST_LISTED])


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderHint:
    """What a mail says of who wrote it; none of it is proven, so nothing of a customer is shown by it."""

    mailbox: Mailbox
    has_account: bool
    """Whether an account of the shop has this address."""

    earlier: Sequence[Conversation]
    """Other conversations that name the same address, the latest first, at most five."""


def read_hint(conversation: Conversation, visible: QuerySet[Conversation]) -> SenderHint | None:
    """Return the hint beside a conversation that a mail began, else ``None`` with one query; three at most.

    Of earlier ones, those that are ``visible`` to who reads it.
    """
    thread = MailThread.objects.select_related("mailbox").filter(conversation=conversation, mailbox__isnull=False).first()
    if thread is None or thread.mailbox is None:
        return None
    accounts = get_user_model()._default_manager.filter(email__iexact=conversation.email)
    return SenderHint(mailbox=thread.mailbox, has_account=accounts.exists(), earlier=of_address(conversation, visible))
