"""What did each step of the ladder do? How often it was used, what it solved, and whom it helped by their own word."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db.models import Count, Q

from oscar_engage.answers.sources import SOURCES
from oscar_engage.desk.answering.models import AnswerOutcome, AutoAnswer
from oscar_engage.desk.calls.models import CallTerms
from oscar_engage.desk.ladder.steps import Step
from oscar_engage.desk.models import Conversation, ConversationStatus, WrapOutcome
from oscar_engage.desk.ratings.judge import read_steps
from oscar_engage.desk.ratings.steps import StepFigures
from oscar_engage.signals.models import SignalRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """What one step did. ``settled``: those of which somebody said how they ended; ``is_there``: the shop has the step."""

    used: int = 0
    settled: int = 0
    solved: int = 0
    judged: int = 0
    helped: int = 0
    is_there: bool = True

    @property
    def share_solved(self) -> int | None:
        """Per cent of what was settled; ``None`` where nothing was."""
        return round(100 * self.solved / self.settled) if self.settled else None

    @property
    def share_helped(self) -> int | None:
        """Per cent of those who judged it; ``None`` where nobody did."""
        return round(100 * self.helped / self.judged) if self.judged else None


def report_on(since: datetime, until: datetime) -> dict[Step, StepReport]:
    """Return what each step did in ``[since, until)``; seven queries.

    An article is settled when its reader says whether it helped, an automatic answer when its shopper does, a note, a
    chat or a call when its agent says how it ended. What a shared page and a talk did, packages above know
    (``sharing.figures``, ``voices.figures``).
    """
    judged = read_steps(since, until)
    talks = _conversations(since, until)
    has_calls = CallTerms.objects.filter(is_active=True).exists()
    article = judged.get(Step.ARTICLE, StepFigures())
    return {
        Step.ARTICLE: _report(article, (_articles(since, until), article.judged, article.helped), is_there=len(SOURCES) > 0),
        Step.ANSWER: _report(judged.get(Step.ANSWER), _answers(since, until), is_there=len(SOURCES) > 0),
        Step.NOTE: _report(judged.get(Step.NOTE), talks.get(Step.NOTE, _NOTHING)),
        Step.CHAT: _report(judged.get(Step.CHAT), talks.get(Step.CHAT, _NOTHING)),
        Step.PAGE: _report(None, _NOTHING, is_there=False),
        Step.VOICE: _report(None, _NOTHING, is_there=False),
        Step.CALL: _report(judged.get(Step.CALL), talks.get(Step.CALL, _NOTHING), is_there=has_calls),
    }


_Counts: TypeAlias = tuple[int, int, int]
"""How many were used, settled and solved."""

_NOTHING: _Counts = (0, 0, 0)


def _report(judged: StepFigures | None, counts: _Counts, *, is_there: bool = True) -> StepReport:
    told, (used, settled, solved) = judged or StepFigures(), counts
    return StepReport(used=used, settled=settled, solved=solved, judged=told.judged, helped=told.helped, is_there=is_there)


def _articles(since: datetime, until: datetime) -> int:
    opened = SignalRecord.objects.filter(kind="help.opened", at__gte=since, at__lt=until)
    return opened.exclude(payload__article="").count()


def _answers(since: datetime, until: datetime) -> _Counts:
    offered = AutoAnswer.objects.filter(offered_at__gte=since, offered_at__lt=until).exclude(outcome=AnswerOutcome.NONE)
    helped = Q(outcome=AnswerOutcome.HELPED)
    settled = helped | Q(outcome=AnswerOutcome.REFUSED)
    told = offered.aggregate(used=Count("pk"), settled=Count("pk", filter=settled), solved=Count("pk", filter=helped))
    return told["used"], told["settled"], told["solved"]


def _conversations(since: datetime, until: datetime) -> dict[str, _Counts]:
    began = Conversation.objects.filter(created_at__gte=since, created_at__lt=until).order_by()
    told = ~Q(outcome="") & Q(status=ConversationStatus.CLOSED)
    rows = began.values_list("kind").annotate(
        used=Count("pk"),
        settled=Count("pk", filter=told),
        solved=Count("pk", filter=told & Q(outcome=WrapOutcome.SOLVED)),
    )
    return {kind: (used, settled, solved) for kind, used, settled, solved in rows}
