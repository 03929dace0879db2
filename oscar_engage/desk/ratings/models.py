"""What the shopper said of a conversation: one of five answers, and a comment."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Score(models.IntegerChoices):
    """How helpful it was. The words are what the shopper reads; numbers are for averages."""

    NOT_AT_ALL = 1, pgettext_lazy("how helpful it was", "not at all")
    A_LITTLE = 2, pgettext_lazy("how helpful it was", "a little")
    PARTLY = 3, pgettext_lazy("how helpful it was", "partly")
    WELL = 4, pgettext_lazy("how helpful it was", "well")
    VERY_WELL = 5, pgettext_lazy("how helpful it was", "very well")


class Rating(models.Model):
    """One for each conversation at most. ``agent`` is who had it when it was rated; ``at`` is of the first word."""

    conversation = models.OneToOneField("oscar_engage.Conversation", on_delete=models.CASCADE, related_name="rating")
    agent = models.ForeignKey("oscar_engage.Agent", null=True, blank=True, on_delete=models.SET_NULL, related_name="ratings")
    score = models.PositiveSmallIntegerField(_("How helpful was this?"), choices=Score.choices)
    comment = models.TextField(_("Would you like to say more? (optional)"), max_length=500, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="engage_rating_score")]

    def __str__(self) -> str:
        return f"{self.score}"
