"""Who did what: the append-only trail of privileged actions. No message text, no personal data of visitors."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One privileged action by a member of staff.

    ``detail``: what changed, if that is of use later; for columns ``{"priority": [100, 10]}``, from and to.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    action = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id"], name="engage_audit_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_kind} {self.object_id}"
