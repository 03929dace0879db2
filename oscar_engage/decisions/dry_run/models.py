"""What was tried out? A row for each dry run, from the press of the button to its result."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from oscar_engage.rules.models import RuleVersion


class DryRun(models.Model):
    """One dry run of a version against the visits that began in ``[since, until)`` and have ended.

    ``position`` is how far it has come among the people (a place between their random ids, nobody's own), ``part`` how many
    chunks were done; ``stamp`` stands for the rules that it was judged with: when they change, it begins anew. ``engagements``
    are those that were active when it began.
    """

    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="dry_runs")
    days = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    engagements = models.JSONField(default=dict)
    stamp = models.CharField(max_length=64, blank=True)
    position = models.PositiveBigIntegerField(default=0)
    part = models.PositiveIntegerField(default=0)
    visits_total = models.PositiveIntegerField(default=0)
    visits_done = models.PositiveIntegerField(default=0)
    tally = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["version", "-created_at"], name="engage_dry_run_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(cancelled_at__isnull=True), name="engage_dry_run_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"dry run {self.pk} of {self.days} days"

    @property
    def is_going_on(self) -> bool:
        """Whether a worker still has something to do."""
        return self.finished_at is None and self.cancelled_at is None
