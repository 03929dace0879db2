"""The vectors that were scored."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.models import Arm
from oscar_engage.visitors.models import Visit


class Occasion(models.TextChoices):
    """Why a vector was taken."""

    PRODUCT = "product", _("first product of the visit")
    SIGNAL = "signal", _("one more signal")
    BASKET = "basket", _("the basket changed")
    IDLE = "idle", _("idle for a while")
    MOMENT = "moment", _("a rule held, all gates were open")


class ScoredVector(models.Model):
    """A visit in numbers at one instant, exactly as it was scored then.

    ``values`` are those of ``features.schema`` in its order, null where a value is missing; ``schema`` is that schema's hash.
    ``versions`` names the models that spoke, by task. ``visitor_id`` is the visitor's ``unit_id``. Of an eligible moment
    ``decision_id`` is the row of its decision, with the arm and the probability it was drawn at; ``chance``: that of coming
    into the treated arm, for everybody who comes by here, the shop's hold-out included. ``way``: in which way help was thought
    of when ``uplift`` was scored (``scoring.ways``), of a moment that of its action. ``is_explored``: the model advised
    against and was not heeded, so that something is learnt where it is sure, too; ``explored_share``: of how many such moments
    that is so, which is what it stands for.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="vectors")
    visitor_id = models.UUIDField()
    at = models.DateTimeField()
    occasion = models.CharField(max_length=8, choices=Occasion.choices)
    schema = models.CharField(max_length=16)
    values = models.JSONField()
    versions = models.JSONField(default=dict)
    propensity = models.FloatField(null=True, blank=True)
    exit = models.FloatField(null=True, blank=True)
    uplift = models.FloatField(null=True, blank=True)
    uplift_low = models.FloatField(null=True, blank=True)
    uplift_high = models.FloatField(null=True, blank=True)
    decision_id = models.UUIDField(null=True, blank=True, unique=True)
    rule_id = models.PositiveBigIntegerField(null=True, blank=True)
    arm = models.CharField(max_length=8, choices=Arm.choices, default=Arm.NONE)
    probability = models.FloatField(null=True, blank=True)
    chance = models.FloatField(null=True, blank=True)
    way = models.CharField(max_length=8, blank=True, default="")
    is_explored = models.BooleanField(default=False)
    explored_share = models.FloatField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="engage_vector_at"),
            models.Index(fields=["visit", "at"], name="engage_vector_visit"),
        ]

    def __str__(self) -> str:
        return f"vector of {self.occasion}"
