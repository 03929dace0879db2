"""Each night's work, with its numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_engage.learning.registry.models import ModelVersion, Task


class RunResult(models.TextChoices):
    """What came of a run."""

    RUNNING = "running", _("running")
    WAITING = "waiting", _("not enough yet")
    KEPT = "kept", _("the one that speaks stays")
    SHADOWED = "shadowed", _("a challenger goes into the shadow")
    PROMOTED = "promoted", _("the challenger speaks")
    DEMOTED = "demoted", _("fell down the ladder")
    FAILED = "failed", _("failed")


class TrainingRun(models.Model):
    """One task on one night. ``counts``: what there was to learn from; ``needs``: what is missing to the next rung.

    ``numbers``: champion and challenger, compared; ``curves``: the points of the pictures (learning, calibration, Qini).
    """

    task = models.CharField(max_length=12, choices=Task.choices)
    started_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=16, default="night")
    rung = models.CharField(max_length=16, blank=True)
    result = models.CharField(max_length=9, choices=RunResult.choices, default=RunResult.RUNNING)
    why = models.CharField(max_length=32, blank=True)
    counts = models.JSONField(default=dict)
    needs = models.JSONField(default=dict)
    numbers = models.JSONField(default=dict)
    curves = models.JSONField(default=dict)
    cpu_seconds = models.FloatField(default=0)
    peak_mb = models.FloatField(default=0)
    version = models.ForeignKey(ModelVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs")

    def __str__(self) -> str:
        return f"{self.task}: {self.result}"
