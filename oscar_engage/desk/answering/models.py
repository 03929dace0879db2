"""What was offered at once for a question, and whether it helped."""

from django.db import models
from django.utils.translation import pgettext_lazy

from oscar_engage.desk.models import Conversation


class AnswerOutcome(models.TextChoices):
    """Nothing was found; something was shown; that helped; that did not."""

    NONE = "none", pgettext_lazy("outcome of an automatic answer", "nothing found")
    SHOWN = "shown", pgettext_lazy("outcome of an automatic answer", "shown")
    HELPED = "helped", pgettext_lazy("outcome of an automatic answer", "solved by the shopper")
    REFUSED = "refused", pgettext_lazy("outcome of an automatic answer", "did not help")


class AutoAnswer(models.Model):
    """The automatic answer to one conversation's question.

    ``passages``: what was shown, the best first, each with ``article`` (its slug), ``title``, ``heading``, ``text`` and
    ``url``. ``intent``: the fact that was asked for instead (``answers.intent``), with ``option`` or ``number``; what was
    told is not kept, since it changes and may be the customer's alone. ``confidence``: that one of the passages is right.
    """

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="auto_answer")
    passages = models.JSONField(default=list)
    intent = models.CharField(max_length=8, blank=True)
    option = models.CharField(max_length=20, blank=True)
    number = models.CharField(max_length=20, blank=True)
    confidence = models.FloatField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=AnswerOutcome.choices, default=AnswerOutcome.NONE)
    offered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["outcome", "offered_at"], name="engage_auto_answer_outcome")]

    def __str__(self) -> str:
        return f"{self.outcome} for {self.conversation_id}"
