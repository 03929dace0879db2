"""What do surveys know about people? What somebody answered, under the number of their browser."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.personal.registry import Retention, impersonal_data, personal_data
from oscar_engage.surveys.models import Survey, SurveyAnswer

impersonal_data(
    Survey, *("id", "engagement", "kind", "words", "has_other", "wait_days"), why="what merchandisers ask all shoppers alike"
)
personal_data(
    "survey_answers",
    SurveyAnswer,
    label=_("answers to surveys"),
    personal=("decision_id", "visitor_id", "choice", "score", "text", "at"),
    impersonal=("id", "survey"),
    find=lambda person: SurveyAnswer.objects.filter(visitor_id__in=person.visitor_ids),
    retention=Retention(setting="transcript_retention_days", job="surveys.purge"),
)
