"""What the shopper said: of a conversation one of five answers and a comment, of any other step whether it helped."""

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


class Step(models.TextChoices):
    """The steps of help that a shopper can judge. Notes and chats are rated by :class:`Rating`, the others here."""

    ARTICLE = "article", pgettext_lazy("step of help", "Article")
    ANSWER = "answer", pgettext_lazy("step of help", "Automatic answer")
    NOTE = "note", pgettext_lazy("step of help", "Note")
    CHAT = "chat", pgettext_lazy("step of help", "Chat")
    CALL = "call", pgettext_lazy("step of help", "Call")


class StepRating(models.Model):
    """Whether an article, an answer or a call (``subject``) helped; one for each visitor, step and subject."""

    step = models.CharField(max_length=8, choices=Step.choices)
    subject = models.CharField(max_length=64)
    visitor_id = models.UUIDField()
    helped = models.BooleanField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visitor_id", "step", "subject"], name="engage_step_rating_once"),
            models.CheckConstraint(condition=~Q(step__in=["note", "chat"]), name="engage_step_rating_step"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.subject}"
