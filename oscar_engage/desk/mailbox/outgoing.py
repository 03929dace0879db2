"""What does a mail of ours look like? From whom, in which thread, and how it can be answered; the words are the caller's."""

from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from oscar_engage.conf import get_settings
from oscar_engage.desk.link import shop_address
from oscar_engage.desk.mailbox.models import MailThread
from oscar_engage.desk.mailbox.token import reply_address, thread_id
from oscar_engage.desk.models import Conversation


def thread_of(conversation: Conversation) -> MailThread | None:
    """Return how ``conversation`` goes on by mail; ``None`` if no mail of it ever came in. One query."""
    return MailThread.objects.select_related("mailbox").filter(conversation=conversation).first()


def host_of_shop() -> str:
    """Return the host that our mails come from: the shop's."""
    return urlsplit(shop_address()).hostname or "localhost"


def answers_to(conversation: Conversation, thread: MailThread | None) -> str:
    """Return the signed address that a reply goes to; empty where replies by mail are not set up."""
    mailbox = thread.mailbox if thread else None
    if mailbox is not None:
        return reply_address(mailbox.address, conversation) if mailbox.takes_plus else mailbox.address
    return reply_address(get_settings().reply_address, conversation)


def build_mail(
    conversation: Conversation, thread: MailThread | None, *, subject: str, body: str, message_id: str
) -> EmailMessage:
    """Return a mail to the customer of ``conversation``; ``message_id`` is what stands before the @ of its Message-ID.

    It is marked as written by a program, so that no other program answers it.
    """
    host = host_of_shop()
    headers = {
        "Message-ID": f"<{message_id}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **_threading(conversation, thread, host),
    }
    reply_to = answers_to(conversation, thread)
    mailbox = thread.mailbox if thread else None
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        from_email=mailbox.address if mailbox else None,
        to=[conversation.email],
        reply_to=[reply_to] if reply_to else None,
        headers=headers,
    )


def subject_of(conversation: Conversation, thread: MailThread | None) -> str:
    """Return the subject of an answer: the customer's own where they wrote first; the reference in any case."""
    if thread is not None and thread.subject:
        return f"Re: {thread.subject} [{conversation.reference}]"
    return _("An answer to your question %(reference)s") % {"reference": conversation.reference}


def _threading(conversation: Conversation, thread: MailThread | None, host: str) -> dict[str, str]:
    """Return headers by which mail programs show the mails of a conversation together, and we know a reply again."""
    root = thread_id(conversation, host)
    known = thread.references.split() if thread else []
    latest = thread.message_id if thread else ""
    references = dict.fromkeys([*known, root, *filter(None, [latest])])
    return {"In-Reply-To": latest or root, "References": " ".join(references)}
