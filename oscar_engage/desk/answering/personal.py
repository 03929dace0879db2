"""What is kept about automatic answers? Which help was shown for whose question, and whether it helped."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.answering.models import AutoAnswer
from oscar_engage.desk.personal import find_conversations
from oscar_engage.personal.registry import Retention, personal_data

personal_data(
    "auto_answers",
    AutoAnswer,
    label=_("which help was offered at once, and whether it helped"),
    personal=("conversation", "passages", "intent", "option", "number", "confidence", "outcome", "offered_at", "settled_at"),
    impersonal=("id",),
    find=lambda person: AutoAnswer.objects.filter(conversation__in=find_conversations(person)),
    is_asked=True,
    retention=Retention(setting="transcript_retention_days", job="desk.purge"),
)
