"""What is kept about people who write to us? How their conversation goes on by mail, and that a mail of theirs came in."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.mail import mailbox_digest
from oscar_engage.desk.mailbox.models import Mailbox, MailThread, ReceivedMail
from oscar_engage.desk.personal import find_conversations
from oscar_engage.personal.person import Person
from oscar_engage.personal.registry import Retention, Rows, impersonal_data, personal_data


def _find_received(person: Person) -> Rows:
    digests = [mailbox_digest(email) for email in person.emails]
    return ReceivedMail.objects.filter(Q(conversation__in=find_conversations(person)) | Q(sender_digest__in=digests))


impersonal_data(
    Mailbox,
    *("id", "slug", "address", "queue", "language", "takes_plus", "sends_receipts", "is_active", "way", "host", "port", "user"),
    *(
        "password_variable",
        "folder",
        "uid_validity",
        "from_uid",
        "since",
        "lease_until",
        "fetched_at",
        "failed_at",
        "last_error",
    ),
    why="an address of the shop's, and how its mails are fetched",
)
personal_data(
    "mail threads",
    MailThread,
    label=_("how conversations go on by mail"),
    personal=("conversation", "subject", "message_id", "references"),
    impersonal=("id", "mailbox"),
    find=lambda person: MailThread.objects.filter(conversation__in=find_conversations(person)),
    is_asked=True,
    retention=Retention(setting="transcript_retention_days", job="desk.purge"),
)
personal_data(
    "received mails",
    ReceivedMail,
    label=_("that mails came in, without what they say"),
    personal=("conversation", "sender_digest", "sender_hint", "digest", "at"),
    impersonal=("id", "mailbox", "outcome", "reason"),
    find=_find_received,
    is_asked=True,
    retention=Retention(setting="retention_days", job="desk.mail_purge"),
)
