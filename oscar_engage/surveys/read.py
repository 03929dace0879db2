"""What was answered in a time? Rows for ``results``, and the words of who wrote some."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings as django_settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from oscar_engage.decisions.models import Decision
from oscar_engage.surveys.models import OTHER, SCORES, Survey, SurveyAnswer, SurveyKind
from oscar_engage.surveys.results import Results, results_of
from oscar_engage.surveys.wait import ACTION
from oscar_engage.surveys.words import choices_of


def surveys_with_counts(since: datetime, until: datetime) -> QuerySet[Survey]:
    """Return all surveys by name, those switched on first, each with ``answered``: how many answered in ``[since, until)``."""
    within = Q(answers__at__gte=since, answers__at__lt=until)
    rows = Survey.objects.select_related("engagement__published").annotate(answered=Count("answers", filter=within))
    return rows.order_by("-engagement__is_active", "engagement__slug")


def read_results(survey: Survey, since: datetime, until: datetime) -> Results:
    """Return the shares of what was answered in ``[since, until)``; two queries."""
    seen = Decision.objects.filter(action=ACTION, engagement=survey.engagement.slug, seen_at__gte=since, seen_at__lt=until)
    given = answers_between(survey, since, until).values_list("choice", "score")
    keys = (str(choice or ("" if score is None else score)) for choice, score in given)
    return results_of(keys, list(options_of(survey)), asked=seen.count(), are_scores=survey.kind in SCORES)


def answers_between(survey: Survey, since: datetime, until: datetime) -> QuerySet[SurveyAnswer]:
    """Return the answers of ``[since, until)``, the latest first."""
    return SurveyAnswer.objects.filter(survey=survey, at__gte=since, at__lt=until).order_by("-at", "-pk")


def written(answers: QuerySet[SurveyAnswer]) -> QuerySet[SurveyAnswer]:
    """Return those of ``answers`` in which somebody wrote something."""
    return answers.exclude(text="")


def options_of(survey: Survey) -> Iterator[tuple[str, str]]:
    """Yield what can be answered: key and label, in the shop's words."""
    if survey.kind == SurveyKind.CHOICE:
        yield from choices_of(survey.words, shop=django_settings.LANGUAGE_CODE)
        if survey.has_other:
            yield OTHER, gettext("Something else")
    scores: Iterable[int] = SCORES.get(survey.kind, ())
    yield from ((str(score), str(score)) for score in scores)
