"""What is being erased: a row for each erasure, which forgets its person with its last step."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Why something is erased."""

    REQUEST = "request", _("somebody asked")
    RETENTION = "retention", _("not seen for long")


class Erasure(models.Model):
    """One erasure. ``person`` says of whom, as long as it goes on; ``erased`` counts rows by kind of personal data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    person = models.JSONField(default=dict)
    erased = models.JSONField(default=dict)
    part = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True) | models.Q(person={}), name="engage_erasure_forgets"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.id.hex[:8]}"
