"""The bars that count now, as they are kept: one row."""

from django.db import models
from django.db.models import Q

ONLY = 1
"""The number of the one row."""


class LeadBars(models.Model):
    """What scores are compared with since ``measured_at``: columns as in ``leads.lead.Bars``.

    ``why``: a code of ``leads.bars.Why``; ``numbers``: what it rests on, as JSON.
    """

    measured_at = models.DateTimeField()
    uplift = models.FloatField()
    propensity = models.FloatField()
    cost = models.FloatField()
    price = models.FloatField(null=True, blank=True)
    order = models.FloatField()
    margin = models.FloatField()
    why = models.CharField(max_length=16)
    numbers = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=ONLY), name="engage_lead_bars_once")]

    def __str__(self) -> str:
        return f"{self.why} since {self.measured_at:%Y-%m-%d %H:%M}"
