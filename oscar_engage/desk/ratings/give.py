"""How is a conversation rated? Once, by its shopper, when somebody has answered; for a day it can be changed."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Message, Role
from oscar_engage.desk.post import lock_conversation
from oscar_engage.desk.ratings.models import Rating
from oscar_engage.desk.text import InvalidMessageError, clean_message
from oscar_engage.visitors.models import Visitor

CHANGEABLE_FOR = timedelta(days=1)
LONGEST_COMMENT = 500


class NotRateableError(ValueError):
    """Nobody has answered yet, the chat goes on, or the rating is older than :data:`CHANGEABLE_FOR`."""


def is_rateable(conversation: Conversation) -> bool:
    """Whether it makes sense to ask: a chat that is closed, a note, and in either an agent's answer."""
    is_over = conversation.kind == ConversationKind.NOTE or conversation.status == ConversationStatus.CLOSED
    return is_over and conversation.first_reply_at is not None


def is_open_to_change(rating: Rating | None, *, now: datetime) -> bool:
    """Whether ``rating`` (``None``: there is none yet) can be given or changed ``now``."""
    return rating is None or now < rating.at + CHANGEABLE_FOR


def find_rating(conversation: Conversation) -> Rating | None:
    """Return what was said of ``conversation``; one query."""
    return Rating.objects.filter(conversation=conversation).first()


def rate(conversation: Conversation, *, score: int, comment: str = "", now: datetime) -> Rating:
    """Keep what the shopper said, or change it, and return it; raises :class:`NotRateableError`.

    ``score`` is one of ``Score``, checked by the form. What looks like the number of a card is masked in ``comment``.
    """
    with transaction.atomic(using=get_settings().database):
        locked = lock_conversation(conversation)
        rating = find_rating(locked) or Rating(conversation=locked, at=now)
        if not (is_rateable(locked) and is_open_to_change(rating, now=now)):
            raise NotRateableError(f"{locked} cannot be rated.")
        rating.score, rating.comment = score, _clean(comment)
        rating.agent_id = locked.agent_id or _last_to_answer(locked)
        rating.save()
    return rating


def last_rating(unit_id: uuid.UUID) -> int | None:
    """Return the last score that this person gave on any device, ``None`` without one; ``unit_id`` is the visitor's."""
    devices = Visitor.objects.filter(Q(pk=unit_id) | Q(unit_of=unit_id)).values_list("pk", flat=True)
    given = Rating.objects.filter(conversation__visitor_id__in=devices).order_by("-at", "-pk")
    return given.values_list("score", flat=True).first()


def _clean(comment: str) -> str:
    try:
        return clean_message(comment)[:LONGEST_COMMENT]
    except InvalidMessageError:  # nothing in it that can be seen
        return ""


def _last_to_answer(locked: Conversation) -> int | None:
    said = Message.objects.filter(conversation=locked, role=Role.AGENT).order_by("-seq")
    return said.values_list("agent_id", flat=True).first()
