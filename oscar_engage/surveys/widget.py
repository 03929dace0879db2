"""How does a survey stand in the page? As a card whose answers are its buttons."""

from typing import Any

from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from oscar_engage.decisions.models import Decision
from oscar_engage.rules.actions import ACTIONS, ActionKind
from oscar_engage.surveys.models import LONGEST_TEXT, OTHER, SCORES, Survey, SurveyKind, survey_of
from oscar_engage.surveys.wait import ACTION
from oscar_engage.surveys.words import Words, words_in
from oscar_engage.widgets.base import Widget
from oscar_engage.widgets.models import Engagement
from oscar_engage.widgets.registry import WIDGETS


class SurveyWidget(Widget):
    """Asks one question; it is answered where it stands, with one press for a choice or a score."""

    name = "survey"
    label = _("Survey")
    action = ACTION
    template = "oscar_engage/widgets/survey.html"
    opens = "engage:survey"
    has_own_words = True

    def get_context(self, decision: Decision, engagement: Engagement) -> dict[str, Any]:
        """Return what the template reads: the words, and what to press."""
        return {**super().get_context(decision, engagement), **tell(survey_of(engagement))}

    def get_open_url(self, decision: Decision, engagement: Engagement) -> str:
        """Return the address of the question's own page, which takes the answer."""
        return reverse(self.opens, args=[decision.pk])


def tell(survey: Survey) -> dict[str, Any]:
    """Return what a page shows of ``survey`` in the language of the moment."""
    words = read_words(survey)
    return {
        "survey": survey,
        "question": words.question or survey.engagement.title,
        "words": words,
        "scores": SCORES.get(survey.kind, ()),
        "is_choice": survey.kind == SurveyKind.CHOICE,
        "other": OTHER,
        "longest": LONGEST_TEXT,
    }


def read_words(survey: Survey) -> Words:
    """Return the words of ``survey`` in the language of the moment."""
    shop = django_settings.LANGUAGE_CODE
    return words_in(survey.words, translation.get_language() or shop, shop=shop)


ACTIONS.register(
    ACTION,
    ActionKind(name=ACTION, widget=SurveyWidget.name, label=_("Ask a survey"), phrase=_("ask the survey “%(engagement)s”")),
)
WIDGETS.register(SurveyWidget.name, SurveyWidget())
