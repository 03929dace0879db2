"""How long are transcripts kept? ``TRANSCRIPT_RETENTION_DAYS`` after the last word; a daily job removes what is older."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from oscar_engage.conf import get_settings
from oscar_engage.desk.erase import delete_conversations
from oscar_engage.desk.models import Conversation, Message
from oscar_engage.jobs import purge
from oscar_engage.jobs.periodic import every
from oscar_engage.jobs.registry import handler

KIND = "desk.purge"


@handler(KIND)
def purge_transcripts(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Remove the messages of conversations in which nothing was said for so long, then those, a chunk of either a job."""
    horizon = now - timedelta(days=get_settings().transcript_retention_days)
    silent = _silent(horizon)
    words = Message.objects.filter(conversation__in=silent)
    purged = purge.purge_chunk(words, kind=KIND, payload=payload, now=now)
    if purged.is_all:
        left, delete = purge.CHUNK - purged.rows, partial(delete_conversations, now=now)
        purge.purge_chunk(silent, kind=KIND, payload=payload, now=now, most=left, delete=delete)


def _silent(horizon: datetime) -> QuerySet[Conversation]:
    later = Message.objects.filter(conversation=OuterRef("pk"), at__gte=horizon)
    return Conversation.objects.filter(~Exists(later), created_at__lt=horizon)


every(KIND, purge.DAY)
