"""Which questions has nothing answered? Those without an automatic answer that helped, and searches that led nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from oscar_engage.answers.alike import group_alike
from oscar_engage.desk.answering.models import AnswerOutcome, AutoAnswer
from oscar_engage.desk.mask.people import mask_people
from oscar_engage.desk.models import Conversation, Message, Role
from oscar_engage.signals.models import SignalRecord

MOST_READ = 1000
"""The latest so many questions, and as many searches, are read."""

MOST_SHOWN = 50
"""Groups of either on the page."""

MOST_LED_TO = 10
"""Conversations of one group that the page leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions, or searches, that ask the same. ``text`` is the latest one's; ``key`` names it where an article begins."""

    text: str
    count: int
    latest_at: datetime
    key: str
    refused: int = 0
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    conversations: tuple[Conversation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """What was asked in vain. ``asked`` and ``searched`` count all that was read, also what is not shown."""

    asked: int
    refused: int
    searched: int
    questions: tuple[Group, ...] = field(default=())
    searches: tuple[Group, ...] = field(default=())


def read_unanswered(
    *, since: datetime, until: datetime, with_texts: bool, visible: QuerySet[Conversation] | None = None
) -> Unanswered:
    """Return what nothing answered in ``[since, until)``: two queries. Without ``with_texts``, only how much.

    All are counted; the words are those of what is ``visible`` (``None``: all).
    """
    answers, searches = _answers(since, until), _searches(since, until)
    return Unanswered(
        asked=len(answers),
        refused=sum(answer.outcome == AnswerOutcome.REFUSED for answer in answers),
        searched=len(searches),
        questions=_groups_of_questions(_shown(answers, visible)) if with_texts else (),
        searches=_groups_of_searches(searches) if with_texts else (),
    )


def _shown(answers: Sequence[Any], visible: QuerySet[Conversation] | None) -> Sequence[Any]:
    if visible is None:
        return answers
    shown = set(visible.filter(pk__in={answer.conversation_id for answer in answers}).values_list("pk", flat=True))
    return [answer for answer in answers if answer.conversation_id in shown]


def _answers(since: datetime, until: datetime) -> list[Any]:
    first = Message.objects.filter(conversation=OuterRef("conversation"), role=Role.SHOPPER).exclude(body="").order_by("seq")
    found = AutoAnswer.objects.filter(
        outcome__in=(AnswerOutcome.NONE, AnswerOutcome.REFUSED), offered_at__gte=since, offered_at__lt=until
    )
    found = found.select_related("conversation__topic").annotate(question=Subquery(first.values("body")[:1]))
    return list(found.order_by("-offered_at", "-pk")[:MOST_READ])


def _searches(since: datetime, until: datetime) -> list[SignalRecord]:
    """Return searches that found nothing, and those whose results nobody opened."""
    found = SignalRecord.objects.filter(kind__in=("help.searched", "help.no_click"), at__gte=since, at__lt=until)
    rows = found.order_by("-at", "-pk")[: 2 * MOST_READ]
    return [row for row in rows if row.payload.get("query") and _is_in_vain(row)][:MOST_READ]


def _is_in_vain(signal: SignalRecord) -> bool:
    """Whether nothing was found, or nothing opened; a search without results that also ended unopened counts once."""
    has_results = bool(signal.payload.get("results"))
    return has_results == (signal.kind == "help.no_click")


def _groups_of_questions(answers: Sequence[Any]) -> tuple[Group, ...]:
    texts = [(answer.question or "", answer.conversation.language) for answer in answers]
    groups = [[answers[number] for number in numbers] for numbers in group_alike(texts)[:MOST_SHOWN]]
    return tuple(_question_group(group) for group in groups)


def _question_group(answers: Sequence[Any]) -> Group:
    asked = [answer.conversation for answer in answers]
    return Group(
        text=answers[0].question or "",
        count=len(answers),
        latest_at=answers[0].offered_at,
        key=asked[0].public_id,
        refused=sum(answer.outcome == AnswerOutcome.REFUSED for answer in answers),
        places=_names(one.anchor or one.page_path for one in asked),
        topics=_names(one.topic.name for one in asked if one.topic is not None),
        conversations=tuple(asked[:MOST_LED_TO]),
    )


def _groups_of_searches(signals: Sequence[SignalRecord]) -> tuple[Group, ...]:
    texts = [(str(signal.payload["query"]), "") for signal in signals]
    groups = [[signals[number] for number in numbers] for numbers in group_alike(texts)[:MOST_SHOWN]]
    return tuple(
        Group(
            text=mask_people(str(group[0].payload["query"])),
            count=len(group),
            latest_at=group[0].at,
            key=str(group[0].event_id),
        )
        for group in groups
    )


def _names(found: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in found if name))[:3]
