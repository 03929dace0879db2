"""The signal log: what happened, append-only, kept for ``RETENTION_DAYS``."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_engage.signals.signal import Source


class SignalSource(models.TextChoices):
    """Who said so, for people; the meaning is in ``signal.Source``."""

    SERVER = Source.SERVER.value, _("server")
    BROWSER = Source.BROWSER.value, _("browser")
    DERIVED = Source.DERIVED.value, _("derived")


class SignalRecord(models.Model):
    """One recorded fact. Ids of visitor and visit are plain columns, so that the log can be expired and partitioned alone.

    Without a ``visit_id`` it happened while the visitor was not here: an order was sent, a score changed elsewhere.
    """

    event_id = models.UUIDField(unique=True)
    visitor_id = models.UUIDField()
    visit_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=64)
    source = models.CharField(max_length=8, choices=SignalSource.choices)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["visit_id", "at"], name="engage_signal_visit"),
            models.Index(fields=["visitor_id", "at"], name="engage_signal_visitor"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M:%S}"
