"""Who agreed to mails about baskets, who objected to them, and which were sent."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MailPermission(models.Model):
    """A customer asked for such mails, and confirmed it from the mailbox.

    ``digest`` is the address it was given for (``reminders.digest``): who gets another one is asked anew. ``language`` is the
    one it was given in. Without ``confirmed_at`` it permits nothing.
    """

    customer = models.OneToOneField(
        settings.AUTH_USER_MODEL, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    digest = models.CharField(max_length=32)
    language = models.CharField(max_length=16, blank=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"permission of customer {self.customer_id}"


class MailSuppression(models.Model):
    """Somebody wants no such mail any more: a keyed hash of an address, or of an account's number. It outlives both."""

    digest = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"no mail to {self.digest[:8]}"


class MailState(models.TextChoices):
    """``sending`` for good means that a worker was lost: nobody knows whether the mail went, and it is not sent again.

    ``held out``: it would have gone, but its customer is left alone on purpose, to see what the mails change.
    """

    SENDING = "sending", _("being sent")
    WAITING = "waiting", _("to be tried again")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not sent")
    HELD_OUT = "held_out", _("held out")


class BasketMail(models.Model):
    """The one mail about one basket. ``lines`` are its products and quantities as they were then: all that its link shows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+")
    basket_id = models.PositiveBigIntegerField(unique=True)
    lines = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.SENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-created_at"], name="engage_mail_latest")]

    def __str__(self) -> str:
        return f"mail about basket {self.basket_id} ({self.state})"
