"""What does a survey ask, and what was answered?"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oscar_engage.widgets.models import Engagement

OTHER = "other"
"""The short name of "something else", which merchandisers cannot give to a choice of their own."""

LONGEST_TEXT = 500
"""Characters of a free text, at most."""


class SurveyKind(models.TextChoices):
    """How a survey is answered."""

    CHOICE = "choice", pgettext_lazy("kind of a survey", "one of several answers")
    FIVE = "five", pgettext_lazy("kind of a survey", "a score from 1 to 5")
    TEN = "ten", pgettext_lazy("kind of a survey", "a score from 0 to 10")
    TEXT = "text", pgettext_lazy("kind of a survey", "own words")


SCORES: dict[str, range] = {SurveyKind.FIVE: range(1, 6), SurveyKind.TEN: range(11)}
"""The scores of the kinds that have some."""


class Survey(models.Model):
    """What an engagement of the widget ``survey`` asks.

    ``words`` maps a language to what is read in it (``surveys.words.Words``). ``wait_days``: for so long the same shopper is
    not asked this again; ``OSCAR_ENGAGE["SURVEY_DAYS"]`` is for all surveys together.
    """

    engagement = models.OneToOneField(Engagement, on_delete=models.CASCADE, related_name="survey")
    kind = models.CharField(_("answered by"), max_length=8, choices=SurveyKind.choices, default=SurveyKind.CHOICE)
    words = models.JSONField(default=dict, blank=True)
    has_other = models.BooleanField(_("“Something else”, with own words"), default=True)
    wait_days = models.PositiveSmallIntegerField(_("days until the same shopper is asked again"), default=180)

    def __str__(self) -> str:
        return self.engagement.title


class SurveyAnswer(models.Model):
    """One shopper's answer; one for each time that was asked. ``choice`` is a short name, ``text`` is masked."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="answers")
    decision_id = models.UUIDField(unique=True)
    visitor_id = models.UUIDField(db_index=True)
    choice = models.SlugField(max_length=40, blank=True, db_index=False)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["survey", "at"], name="engage_survey_answer_when")]
        constraints = [
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__lte=10), name="engage_survey_answer_score")
        ]

    def __str__(self) -> str:
        return self.choice or (f"{self.score}" if self.score is not None else "…")


def survey_of(engagement: Engagement) -> Survey:
    """Return what ``engagement`` asks, for a draft what the draft does.

    One that nobody has written yet asks its title, to be answered in own words.
    """
    if engagement.drafted_part is not None:
        return Survey(engagement=engagement, **engagement.drafted_part)
    found: Any = Survey.objects.filter(engagement=engagement).first() if engagement.pk else None
    return found or Survey(engagement=engagement, kind=SurveyKind.TEXT)
