"""Do answers go when their time is over?"""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from oscar_engage.models import SurveyAnswer
from oscar_engage.surveys.purge import purge_answers
from tests.surveys.conftest import make_survey

pytestmark = pytest.mark.django_db


def test_purge__older_than_transcripts__is_gone() -> None:
    now, survey = timezone.now(), make_survey()
    for days in (366, 1):
        when = now - timedelta(days=days)
        SurveyAnswer.objects.create(survey=survey, decision_id=uuid.uuid4(), visitor_id=uuid.uuid4(), choice="price", at=when)

    purge_answers({}, now=now)

    assert SurveyAnswer.objects.get().at > now - timedelta(days=2)
