"""What if no article had been read yet when the question came? A worker reads them and looks, while it is still at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from oscar_engage.answers.shelf import BACKGROUND, find, warm
from oscar_engage.conf import get_settings
from oscar_engage.desk.answering.offer import KIND, Found, is_new, keep, question_of
from oscar_engage.desk.models import Conversation
from oscar_engage.jobs.registry import handler


@handler(KIND)
def answer_later(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Look for passages; the shop's own facts need no index, and were looked for when the question came."""
    conversation = Conversation.objects.filter(pk=payload["conversation"]).first()
    if conversation is None or not is_new(conversation, now=now):
        return
    warm(conversation.language, now=now)
    BACKGROUND.end()
    suggestion = find(question_of(conversation), language=conversation.language, now=now)
    with transaction.atomic(using=get_settings().database):
        keep(conversation, None if suggestion is None else Found(suggestion=suggestion), now=now)
