"""What does the work leave behind?"""

from django.db import models


class Effect(models.Model):
    """One trace of one job. Nothing keeps it unique: doubling has to show."""

    way = models.CharField(max_length=8)
    number = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.way} {self.number}"
