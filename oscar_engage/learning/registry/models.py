"""The models there are: signed JSON documents, of which one at most speaks for each task."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Task(models.TextChoices):
    """What is foretold."""

    PROPENSITY = "propensity", _("buys")
    EXIT = "exit", _("leaves")
    UPLIFT = "uplift", _("buys because of help")


class ModelState(models.TextChoices):
    """Where a version stands on its way: a challenger runs in the shadow for a day before it speaks."""

    CANDIDATE = "candidate", _("candidate")
    SHADOW = "shadow", _("in the shadow")
    LIVE = "live", _("speaks")
    RETIRED = "retired", _("retired")
    REFUSED = "refused", _("refused")


class ModelVersion(models.Model):
    """One fitted model. ``document`` is its text as ``scoring.document`` reads it, ``signature`` the HMAC over that text.

    ``metrics``: the numbers it was promoted or refused by. ``samples`` and ``events``: rows and outcomes it was fitted on.
    """

    task = models.CharField(max_length=12, choices=Task.choices)
    rung = models.CharField(max_length=16)
    schema = models.CharField(max_length=16)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=ModelState.choices, default=ModelState.CANDIDATE)
    metrics = models.JSONField(default=dict)
    samples = models.PositiveIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    window_starts_at = models.DateTimeField(null=True, blank=True)
    window_ends_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    live_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(state="live"), name="engage_model_one_speaks"),
            models.UniqueConstraint(fields=["task"], condition=Q(state="shadow"), name="engage_model_one_shadow"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk} ({self.rung}, {self.state})"


class ModelChange(models.Model):
    """A step of a version, kept for good: when, from which state to which, by whom (nobody: by itself) and why.

    ``why`` is a code of ``registry.why``, ``numbers`` what it was decided by.
    """

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    before = models.CharField(max_length=9, choices=ModelState.choices, blank=True)
    after = models.CharField(max_length=9, choices=ModelState.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    why = models.CharField(max_length=32)
    numbers = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["at"], name="engage_model_change_at")]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}: {self.why}"
