"""How is a survey answered? Once for each time it was asked, by whom it was asked, what is written masked."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings as django_settings
from django.db import transaction

from oscar_engage.conf import get_settings
from oscar_engage.decisions.models import Arm, Decision
from oscar_engage.decisions.outcomes import record_outcome
from oscar_engage.desk.text import InvalidMessageError, clean_message
from oscar_engage.surveys.models import LONGEST_TEXT, OTHER, SCORES, Survey, SurveyAnswer, SurveyKind, survey_of
from oscar_engage.surveys.wait import ACTION
from oscar_engage.surveys.words import choices_of
from oscar_engage.widgets.models import Engagement

OPEN_FOR = timedelta(days=1)
"""How long after it was asked a survey can be answered: a page may stay open over lunch, not over a week."""


class NotAskedError(LookupError):
    """Nobody asked this visitor that, or it is too long ago; an unknown and a foreign one look the same."""


class InvalidAnswerError(ValueError):
    """None of the survey's answers."""


def access_asked(visitor_id: uuid.UUID | None, decision_id: uuid.UUID, *, now: datetime) -> tuple[Decision, Survey]:
    """Return what this visitor was asked and when, or raise :class:`NotAskedError`; two queries at most."""
    asked = Decision.objects.filter(
        pk=decision_id,
        visitor_id=visitor_id or uuid.uuid4(),
        arm__in=(Arm.TREATED, Arm.NONE),
        action=ACTION,
        offered_at__gte=now - OPEN_FOR,
    ).first()
    engagement = Engagement.objects.filter(slug=asked.engagement, widget="survey").first() if asked else None
    if asked is None or engagement is None:
        raise NotAskedError(f"{decision_id} asks nothing of this visitor.")
    return asked, survey_of(engagement)


def find_answer(decision: Decision) -> SurveyAnswer | None:
    """Return what was answered to it already."""
    return SurveyAnswer.objects.filter(decision_id=decision.pk).first()


def answer(
    decision: Decision, survey: Survey, *, choice: str = "", score: int | None = None, text: str = "", now: datetime
) -> SurveyAnswer:
    """Keep the answer and return it; the first one counts, a repeated one changes nothing. Raises :class:`InvalidAnswerError`.

    It counts as the offer accepted: who answers has not said no.
    """
    told = clean_words(text)
    _check(survey, choice, score, told)
    with transaction.atomic(using=get_settings().database):
        if survey._state.adding:
            survey, _is_new = Survey.objects.get_or_create(engagement=survey.engagement, defaults={"kind": survey.kind})
        kept = told if survey.kind == SurveyKind.TEXT or choice == OTHER else ""
        said = {"survey": survey, "visitor_id": decision.visitor_id, "choice": choice, "score": score, "text": kept, "at": now}
        given, _is_new = SurveyAnswer.objects.get_or_create(decision_id=decision.pk, defaults=said)
        record_outcome(decision.visitor_id, decision.pk, "accepted", now=now)
    return given


def last_answer(visitor_id: uuid.UUID, *, since: datetime) -> str:
    """Return the visitor's last answer from ``since`` on as ``survey:answer``; empty without one, own words are not told."""
    given = SurveyAnswer.objects.filter(visitor_id=visitor_id, at__gte=since).order_by("-at", "-pk")
    found = given.values_list("survey__engagement__slug", "choice", "score").first()
    if found is None:
        return ""
    slug, choice, score = found
    return f"{slug}:{choice or ('' if score is None else score)}"


def clean_words(text: str) -> str:
    """Return ``text`` as it is kept, numbers of cards masked; empty where there is nothing in it that can be seen."""
    try:
        return clean_message(text)[:LONGEST_TEXT]
    except InvalidMessageError:
        return ""


def _check(survey: Survey, choice: str, score: int | None, text: str) -> None:
    known = {key for key, _label in choices_of(survey.words, shop=django_settings.LANGUAGE_CODE)}
    is_right = {
        SurveyKind.CHOICE: score is None and (choice in known or (survey.has_other and choice == OTHER)),
        SurveyKind.TEXT: not choice and score is None and bool(text),
    }.get(SurveyKind(survey.kind), not choice and score in SCORES.get(survey.kind, ()))
    if not is_right:
        raise InvalidAnswerError(f"That is no answer to {survey}.")
