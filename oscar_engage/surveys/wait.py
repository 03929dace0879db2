"""May this shopper be asked now? Not again too soon, not two things at once, not while we talk or wait for a rating."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from oscar_engage.conf import get_settings
from oscar_engage.decisions.history import devices
from oscar_engage.decisions.models import Arm, Decision
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus
from oscar_engage.surveys.models import Survey
from oscar_engage.surveys.pause import is_too_soon
from oscar_engage.visitors.models import Visitor

ACTION = "ask.survey"

RATING_ASKED_FOR = timedelta(days=1)
"""After an answer, or the end of a chat, the shopper may be rating it: one question at a time."""


def may_ask(visitor: Visitor, slug: str, *, now: datetime) -> bool:
    """Whether the survey ``slug`` may be shown to this person on any device; three queries at most.

    What a hold-out kept back counts as asked, so that both arms meet the next survey alike.
    """
    survey = Survey.objects.filter(engagement__slug=slug).only("wait_days").first()
    wait = timedelta(days=survey.wait_days if survey else Survey._meta.get_field("wait_days").default)
    pause = timedelta(days=get_settings().survey_days)
    own = devices(visitor.unit_id)
    asked = Decision.objects.filter(visitor_id__in=own, action=ACTION, eligible_at__gte=now - max(pause, wait))
    spent = asked.filter(Q(offered_at__isnull=False) | Q(arm=Arm.CONTROL)).values_list("engagement", "eligible_at")
    too_soon = partial(is_too_soon, slug, pause=pause, wait=wait, now=now)
    return not too_soon(spent) and not _is_talking(own, now)


def _is_talking(own: Iterable[uuid.UUID], now: datetime) -> bool:
    """Whether a chat goes on, or a conversation was answered so lately that its rating is asked for."""
    since = now - RATING_ASKED_FOR
    chats = Q(kind=ConversationKind.CHAT) & ~Q(status=ConversationStatus.CLOSED)
    answered = Q(first_reply_at__isnull=False, rating__isnull=True) & (Q(closed_at__gte=since) | Q(first_reply_at__gte=since))
    return Conversation.objects.filter(chats | answered, visitor_id__in=own).exists()
