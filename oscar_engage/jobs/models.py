"""Work that must happen: the outbox, and how far each sweep has come."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """A dead job has failed for good and waits for a person."""

    DUE = "due", _("due")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    DEAD = "dead", _("dead")


class Job(models.Model):
    """One piece of work, written with the change that causes it. ``key`` makes it unique, ``token`` fences late finishers."""

    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.DUE)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(default=uuid.uuid4)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "run_at"], name="engage_job_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.state})"


class FillState(models.Model):
    """How far a sweep has come: its watermark, moved in the transaction that did the work."""

    name = models.CharField(max_length=64, unique=True)
    position = models.PositiveBigIntegerField(default=0)
    filled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"
