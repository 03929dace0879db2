"""Did it help? Yes takes the question from the queue at once, no leaves it there with what was tried; yes can be undone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oscar_engage.answers.intent import Intent
from oscar_engage.conf import get_settings
from oscar_engage.desk.answering.models import AnswerOutcome, AutoAnswer
from oscar_engage.desk.models import Conversation, ConversationStatus
from oscar_engage.desk.post import lock_conversation, say
from oscar_engage.desk.promises.course import FIELDS, promise_answer
from oscar_engage.desk.promises.terms import terms_of
from oscar_engage.desk.ratings.judge import judge_step
from oscar_engage.desk.ratings.models import Step
from oscar_engage.desk.take import close

UNDONE_WITHIN = timedelta(days=7)
"""How long "that helped" can be taken back: as long as another question on the topic would count as not deflected."""


class NotOpenError(ValueError):
    """There is nothing to say yes or no to: it was said, or an agent has answered meanwhile."""


def helped(conversation: Conversation, *, now: datetime) -> Conversation:
    """Close ``conversation`` as solved by the shopper and return it; saying it again changes nothing.

    Raises :class:`NotOpenError` if an agent was quicker.
    """
    with transaction.atomic(using=get_settings().database):
        locked, answer = _lock(conversation)
        if answer.outcome == AnswerOutcome.HELPED:
            return locked
        _check_open(locked, answer)
        _settle(answer, AnswerOutcome.HELPED, now)
        title = title_of(answer)
        closed = close(
            locked,
            now=now,
            farewell=lambda: _("Solved without us: “%(title)s” has helped. Nobody will answer.") % {"title": title},
        )
        Conversation.objects.filter(pk=closed.pk).update(wrapped_at=now)  # no agent has to say what it was about
    return closed


def refused(conversation: Conversation, *, now: datetime) -> Conversation:
    """Leave ``conversation`` in the queue, with what was tried in it; saying it again changes nothing.

    Raises :class:`NotOpenError`.
    """
    with transaction.atomic(using=get_settings().database):
        locked, answer = _lock(conversation)
        if answer.outcome == AnswerOutcome.REFUSED:
            return locked
        _check_open(locked, answer)
        _settle(answer, AnswerOutcome.REFUSED, now)
        say(locked, lambda: _("Tried already: %(titles)s. That did not help.") % {"titles": titles_of(answer)}, now=now)
    return locked


def take_back(conversation: Conversation, *, now: datetime) -> Conversation:
    """Put a conversation that was solved by its shopper back into the queue; an answer is promised anew.

    Raises :class:`NotOpenError` if it is not such a one, or if that was more than :data:`UNDONE_WITHIN` ago.
    """
    with transaction.atomic(using=get_settings().database):
        locked, answer = _lock(conversation)
        if not can_take_back(locked, answer, now=now):
            raise NotOpenError(f"{locked} was not solved by its shopper, or too long ago.")
        _settle(answer, AnswerOutcome.REFUSED, now)
        locked.status, locked.closed_at, locked.wrapped_at = ConversationStatus.WAITING, None, None
        promise_answer(locked, terms_of(locked.policy), now=now)
        locked.save(update_fields=["status", "closed_at", "wrapped_at", *FIELDS])
        say(locked, lambda: _("Asked again: %(titles)s did not help after all.") % {"titles": titles_of(answer)}, now=now)
    return locked


def is_open(conversation: Conversation, answer: AutoAnswer) -> bool:
    """Whether yes or no can be said: something was shown, and nobody has answered."""
    is_unanswered = conversation.status == ConversationStatus.WAITING and conversation.first_reply_at is None
    return answer.outcome == AnswerOutcome.SHOWN and is_unanswered


def can_take_back(conversation: Conversation, answer: AutoAnswer, *, now: datetime) -> bool:
    """Whether "that helped" can be undone ``now``."""
    if answer.outcome != AnswerOutcome.HELPED or conversation.status != ConversationStatus.CLOSED:
        return False
    return answer.settled_at is not None and now - answer.settled_at < UNDONE_WITHIN


def title_of(answer: AutoAnswer) -> str:
    """Return what the best of what was shown is called, in the language that is active."""
    if answer.intent:
        return _INTENTS[Intent(answer.intent)]()
    return str(answer.passages[0]["title"]) if answer.passages else ""


def titles_of(answer: AutoAnswer) -> str:
    """Return what all that was shown is called."""
    if answer.intent:
        return f"“{title_of(answer)}”"
    return ", ".join(dict.fromkeys(f"“{one['title']}”" for one in answer.passages))


_INTENTS = {
    Intent.STOCK: lambda: pgettext("fact told at once", "in stock?"),
    Intent.ORDER: lambda: pgettext("fact told at once", "the latest order"),
    Intent.RETURNS: lambda: pgettext("fact told at once", "returns"),
}


def _lock(conversation: Conversation) -> tuple[Conversation, AutoAnswer]:
    locked = lock_conversation(conversation)
    answer = AutoAnswer.objects.select_for_update().filter(conversation=locked).first()
    if answer is None:
        raise NotOpenError(f"Nothing was offered for {locked}.")
    return locked, answer


def _check_open(locked: Conversation, answer: AutoAnswer) -> None:
    if not is_open(locked, answer):
        raise NotOpenError(f"{locked} is {locked.status}, its answer {answer.outcome}.")


def _settle(answer: AutoAnswer, outcome: str, now: datetime) -> None:
    """Set the outcome by a guarded UPDATE: of two presses at once, one counts."""
    if not AutoAnswer.objects.filter(pk=answer.pk, outcome=answer.outcome).update(outcome=outcome, settled_at=now):
        raise NotOpenError(f"The answer {answer.pk} was settled meanwhile.")
    answer.outcome, answer.settled_at = outcome, now
    asked = answer.conversation
    is_help = outcome == AnswerOutcome.HELPED
    judge_step(Step.ANSWER, subject=asked.public_id, visitor_id=asked.visitor_id, helped=is_help, now=now)
