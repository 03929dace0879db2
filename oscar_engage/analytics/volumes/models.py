"""What the contact centre counted, by day, channel and topic."""

from django.db import models


class ContactVolume(models.Model):
    """Contacts of a day through a channel on a topic (its short name; ``""``: not known), with an agent's minutes for all."""

    day = models.DateField()
    channel = models.CharField(max_length=8)
    topic = models.CharField(max_length=40, blank=True)
    contacts = models.PositiveIntegerField()
    minutes = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "channel", "topic"], name="engage_contact_volume_once")]

    def __str__(self) -> str:
        return f"{self.contacts} by {self.channel} on {self.day}"
