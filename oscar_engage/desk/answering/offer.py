"""What can be said at once? Looked for when the question is sent, and kept: later it says the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from oscar_engage.answers.confidence import Suggestion
from oscar_engage.answers.facts import About, Fact, tell_fact
from oscar_engage.answers.intent import Asked, Intent, recognise
from oscar_engage.answers.passage import Passage
from oscar_engage.answers.shelf import find, wait_until_read
from oscar_engage.conf import get_settings
from oscar_engage.desk.answering.models import AnswerOutcome, AutoAnswer
from oscar_engage.desk.models import Conversation, ConversationKind, ConversationStatus, Role
from oscar_engage.jobs.outbox import enqueue

OFFERED_WITHIN = timedelta(minutes=10)
"""After so long without having been looked for, an answer is no longer "at once"."""

KIND = "desk.answer_later"
"""The job of a question that came before this process had read its articles (``later``)."""

LONGEST_SHOWN = 1200
"""Characters of a passage that are shown and kept; the article has the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a question is answered with: a fact, or passages; either may be missing, not both."""

    asked: Asked | None = None
    fact: Fact | None = None
    suggestion: Suggestion | None = None


def look_for(question: str, about: About, *, now: datetime) -> Found | None:
    """Return what answers ``question``: the shop's own fact first, else passages that are confident enough."""
    asked = recognise(question, about.language.partition("-")[0])
    fact = tell_fact(asked, about) if asked else None
    if fact is not None:
        return Found(asked=asked, fact=fact)
    suggestion = find(question, language=about.language, now=now)
    return None if suggestion is None else Found(suggestion=suggestion)


def offer(conversation: Conversation, about: About, *, now: datetime) -> AutoAnswer | None:
    """Return what is offered for a note that waits, looked for the first time; ``None``: it is too late, or no note.

    Also ``None`` while this process has not read its articles yet: nothing is kept, and a job looks again.
    """
    known = find_offered(conversation)
    if known is not None or not is_new(conversation, now=now):
        return known
    is_read = wait_until_read(about.language, now=now)
    found = look_for(question_of(conversation), about, now=now)
    with transaction.atomic(using=get_settings().database):
        if found is None and not is_read:
            enqueue(KIND, key=f"{KIND}:{conversation.pk}", payload={"conversation": conversation.pk}, now=now)
            return None
        return keep(conversation, found, now=now)


def find_offered(conversation: Conversation) -> AutoAnswer | None:
    """Return what was offered for ``conversation``; nothing is looked for."""
    return AutoAnswer.objects.filter(conversation=conversation).first()


def keep(conversation: Conversation, found: Found | None, *, now: datetime) -> AutoAnswer:
    """Keep what was ``found``, ``None`` for nothing, and return it; what is kept already stays. Call it in a transaction."""
    kept, _is_new_row = AutoAnswer.objects.get_or_create(conversation=conversation, defaults=_row(found, now))
    return kept


def question_of(conversation: Conversation) -> str:
    """Return the first that its shopper said."""
    said = conversation.messages.filter(role=Role.SHOPPER).order_by("seq").values_list("body", flat=True)
    return said.first() or ""


def fact_of(answer: AutoAnswer, about: About) -> Fact | None:
    """Return the fact that ``answer`` stands for, as it is now and for who is asking now; ``None``: it is not for them."""
    if not answer.intent:
        return None
    return tell_fact(Asked(intent=Intent(answer.intent), option=answer.option, number=answer.number), about)


def is_new(conversation: Conversation, *, now: datetime) -> bool:
    """Whether an answer to this note would still be one at once: it waits, and was sent within :data:`OFFERED_WITHIN`."""
    is_waiting_note = conversation.kind == ConversationKind.NOTE and conversation.status == ConversationStatus.WAITING
    return is_waiting_note and conversation.first_reply_at is None and now - conversation.created_at < OFFERED_WITHIN


def _row(found: Found | None, now: datetime) -> dict[str, Any]:
    if found is None:
        return {"offered_at": now}
    row: dict[str, Any] = {"offered_at": now, "outcome": AnswerOutcome.SHOWN}
    if found.asked is not None:
        return {**row, "intent": found.asked.intent.value, "option": found.asked.option, "number": found.asked.number}
    suggestion = found.suggestion
    if suggestion is None:
        return {"offered_at": now}
    return {**row, "passages": [as_json(one.passage) for one in suggestion.found], "confidence": suggestion.confidence}


def as_json(passage: Passage) -> dict[str, str]:
    """Return what is kept and shown of ``passage``."""
    text = passage.text if len(passage.text) <= LONGEST_SHOWN else passage.text[: LONGEST_SHOWN - 1].rsplit(" ", 1)[0] + "…"
    return {
        "article": passage.article,
        "title": passage.title,
        "heading": passage.heading,
        "text": text,
        "url": passage.url,
    }
