"""The switch that a person turns: one row, or none as long as nobody has."""

from django.db import models
from django.db.models import Q


class Switch(models.Model):
    """On or off for all processes, within seconds."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="engage_switch_one")]

    def __str__(self) -> str:
        return "on" if self.is_on else "off"
