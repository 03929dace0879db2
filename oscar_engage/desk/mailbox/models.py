"""Where does mail come in, what became of it, and how does a conversation go on by it?"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.desk.models import Conversation, Queue


class Way(models.TextChoices):
    """How we come by a mailbox's mails."""

    PIPE = "pipe", _("the mail server hands each mail over")
    IMAP = "imap", _("we fetch them by IMAP")


class Mailbox(models.Model):
    """An address whose mails become conversations in ``queue``, with answers that come from the same address.

    The password is never here: ``password_variable`` names the environment variable that holds it. ``from_uid`` (and
    ``since``, after the server gave its mails new numbers: ``uid_validity``) say which mails are ours to fetch; what was
    there before us is left alone. ``lease_until``: one worker at a time.
    """

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    address = models.EmailField(_("e-mail address"), unique=True)
    queue = models.ForeignKey(
        Queue, verbose_name=_("queue"), null=True, blank=True, on_delete=models.SET_NULL, related_name="mailboxes"
    )
    language = models.CharField(_("language"), max_length=16, blank=True)
    takes_plus = models.BooleanField(_("takes addresses with a plus"), default=True)
    sends_receipts = models.BooleanField(_("confirms what came in"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)
    way = models.CharField(_("how mails come in"), max_length=8, choices=Way.choices, default=Way.PIPE)
    host = models.CharField(_("server"), max_length=253, blank=True)
    port = models.PositiveIntegerField(_("port"), default=993)
    user = models.CharField(_("user name"), max_length=254, blank=True)
    password_variable = models.CharField(_("variable with the password"), max_length=80, blank=True)
    folder = models.CharField(_("folder"), max_length=80, default="INBOX", blank=True)
    uid_validity = models.PositiveBigIntegerField(null=True, blank=True)
    from_uid = models.PositiveBigIntegerField(default=0)
    since = models.DateField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.address


class MailThread(models.Model):
    """A conversation as it goes on by mail: through which mailbox, and after which of the customer's mails.

    ``message_id`` and ``references`` are of the latest one that we took; ours refer to them.
    """

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="mail_thread")
    mailbox = models.ForeignKey(Mailbox, null=True, blank=True, on_delete=models.SET_NULL, related_name="threads")
    subject = models.CharField(max_length=150, blank=True)
    message_id = models.CharField(max_length=255, blank=True)
    references = models.TextField(max_length=2000, blank=True)

    def __str__(self) -> str:
        return self.subject


class Outcome(models.TextChoices):
    """What became of a mail that came in."""

    OPENED = "opened", pgettext_lazy("what became of a mail", "new conversation")
    CONTINUED = "continued", pgettext_lazy("what became of a mail", "continued")
    IGNORED = "ignored", pgettext_lazy("what became of a mail", "left alone")
    REFUSED = "refused", pgettext_lazy("what became of a mail", "refused")


class Reason(models.TextChoices):
    """Why a mail was left alone or refused."""

    NONE = "", ""
    FORGED = "forged", _("its reply address or thread is not one that we made")
    STRANGER = "stranger", _("it comes from another address than the conversation's")
    UNPROVEN = "unproven", _("the mail server does not vouch for the sender (DMARC)")
    EXPIRED = "expired", _("nothing was said in the conversation for too long")
    CLOSED = "closed", _("the conversation is closed")
    NO_THREAD = "no_thread", _("it answers nothing of ours and came to no mailbox")
    EMPTY = "empty", _("it holds no text")
    FLOOD = "flood", _("too many mails in a short time")
    SIZE = "size", _("it is larger than allowed")
    PARTS = "parts", _("it has too many parts")
    SENDER = "sender", _("it does not name one sender")
    BROKEN = "broken", _("it cannot be read")
    AUTOMATIC = "automatic", _("a program wrote it, such as an answer from the holidays")
    OWN = "own", _("it comes from an address of ours")


class ReceivedMail(models.Model):
    """That a mail came in, and what became of it; nothing of what it says, and of its sender only a hint and a keyed hash.

    ``digest`` stands for the mail, so that one that is delivered twice is taken once.
    """

    digest = models.CharField(max_length=64, unique=True)
    mailbox = models.ForeignKey(Mailbox, null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    conversation = models.ForeignKey(
        Conversation, null=True, blank=True, on_delete=models.CASCADE, related_name="received_mails"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    sender_digest = models.CharField(max_length=32, blank=True, db_index=True)
    sender_hint = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["outcome", "at"], name="engage_received_mail_outcome")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.reason}".strip()
