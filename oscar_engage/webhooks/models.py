"""Who is told of what, and what became of it?"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WebhookSubscription(models.Model):
    """An address that is told of ``events``.

    No secret is kept: it follows from the shop's own key, the row and ``version`` (``secrets``). ``rotated_at``: since when the
    one before is on its way out. ``failures``: tries in a row that failed; ``rests_until``: until when none is made.
    """

    name = models.CharField(_("name"), max_length=60)
    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    has_texts = models.BooleanField(_("with names and texts"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(models.Model):
    """One try to tell one event. ``message`` is the same for each try of it; ``status`` is what HTTP said, if anything did."""

    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.CASCADE, related_name="deliveries")
    message = models.CharField(max_length=40)
    event = models.CharField(max_length=40)
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    trouble = models.CharField(max_length=80, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["subscription", "-at"], name="engage_webhook_log"),
            models.Index(fields=["at"], name="engage_webhook_old"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.message}"

    @property
    def is_taken(self) -> bool:
        """Whether the other side took it."""
        return not self.trouble
