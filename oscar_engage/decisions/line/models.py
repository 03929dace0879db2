"""Who waits until an agent could be offered: a row for each visit and queue, while its browser is heard of."""

from django.db import models

from oscar_engage.visitors.models import Visit


class PlaceInLine(models.Model):
    """A shopper whom a rule would invite if an agent had a place: ``since`` when, and until when to be heard of again.

    ``queue``, ``path`` and ``language`` are what the invitation asks for; ``yields`` as in ``line.order.Standing``. A row
    that was not heard of in time counts no more, and keeps its ``since`` for a browser that comes back while the rule holds.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="places_in_line")
    queue = models.CharField(max_length=80, blank=True)
    path = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=16, blank=True)
    since = models.DateTimeField()
    heard_until = models.DateTimeField(db_index=True)
    yields = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "queue"], name="engage_place_in_line_once")]

    def __str__(self) -> str:
        return f"in line since {self.since:%H:%M:%S}"
