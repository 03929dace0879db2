"""What is kept of picked places: how each is found again, and how often shoppers' browsers found it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PickedAnchor(models.Model):
    """A place of the shop's pages that a member of staff picked there; engagements name it by ``slot``."""

    class State(models.TextChoices):
        """What the nightly check made of the reports of the last days."""

        UNKNOWN = "unknown", _("not asked for lately")
        FOUND = "found", _("found")
        SHAKY = "shaky", _("often missing")
        BROKEN = "broken", _("broken")

    slot = models.SlugField(
        _("short name"), max_length=64, unique=True, help_text=_("Engagements call the place by this name, e.g. size-hint.")
    )
    label = models.CharField(_("what it is"), max_length=80)
    page_kind = models.CharField(_("kind of page"), max_length=32)
    example_path = models.CharField(_("picked on"), max_length=500)
    described = models.JSONField(_("description"))
    picked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.UNKNOWN)
    checked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class PickedCount(models.Model):
    """On how many pages of one day a picked place was looked for and found, and on how many it was not."""

    day = models.DateField()
    anchor = models.ForeignKey(PickedAnchor, on_delete=models.CASCADE, related_name="counts")
    found = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "anchor"], name="engage_picked_count_once")]

    def __str__(self) -> str:
        return f"{self.anchor_id} on {self.day}: found {self.found}, missed {self.missed}"
