"""What is kept about agents who practise? When, what they wrote to made-up shoppers, and what came of it."""

from django.utils.translation import gettext_lazy as _

from oscar_engage.desk.practice.models import Practice, PracticeChat, PracticeLine
from oscar_engage.personal.registry import Retention, personal_data

_RETENTION = Retention(setting="transcript_retention_days", job="desk.purge_practices")

personal_data(
    "practices",
    Practice,
    label=_("when an agent practised"),
    personal=(
        "public_id",
        "agent",
        "language",
        "difficulty",
        "promise",
        "started_at",
        "seen_at",
        "paused_at",
        "waited",
        "ended_at",
    ),
    impersonal=("id", "seed"),
    find=lambda person: Practice.objects.filter(agent__user_id__in=person.customer_ids),
    retention=_RETENTION,
)
personal_data(
    "practice_chats",
    PracticeChat,
    label=_("with which made-up shoppers an agent practised, and what came of it"),
    personal=(
        *(
            "public_id",
            "practice",
            "script",
            "title",
            "last_seq",
            "ended_as",
            "ended_second",
            "is_wrapped",
            "topic",
            "is_topic_right",
        ),
        *("first_response", "longest_response", "needs", "met", "slips", "ready_lines", "result"),
    ),
    impersonal=("id", "shopper", "begins"),
    find=lambda person: PracticeChat.objects.filter(practice__agent__user_id__in=person.customer_ids),
    retention=_RETENTION,
)
personal_data(
    "practice_lines",
    PracticeLine,
    label=_("what an agent and made-up shoppers wrote while practising"),
    personal=("chat", "seq", "move", "body", "second", "at", "is_ready"),
    impersonal=("id", "client_id"),
    find=lambda person: PracticeLine.objects.filter(chat__practice__agent__user_id__in=person.customer_ids),
    retention=_RETENTION,
)
