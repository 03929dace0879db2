"""Do all steps of help stand side by side, judged once by each shopper?"""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.models import Conversation, ConversationKind
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.ratings.judge import judge_step, read_steps
from oscar_engage.desk.ratings.models import Rating, Step, StepRating
from oscar_engage.desk.ratings.purge import purge_step_ratings
from oscar_engage.desk.ratings.steps import StepFigures, by_whom, figures_by_step, has_helped
from oscar_engage.models import Visitor

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def note(db: None) -> Conversation:
    visitor = Visitor.objects.create(consent=1, created_at=NOW, last_seen_at=NOW)
    return open_conversation(ConversationKind.NOTE, visitor_id=visitor.pk, body="Hello?", now=NOW)


@given(st.lists(st.tuples(st.sampled_from(["article", "answer", "note", "chat", "call"]), st.booleans())))
def test_figures__any_judgements__add_up(judgements: list[tuple[str, bool]]) -> None:
    alone, served = by_whom(figures_by_step(judgements))
    total = alone + served

    assert (total.judged, total.helped) == (len(judgements), sum(helped for _step, helped in judgements))


def test_figures__steps__are_self_served_or_an_agents() -> None:
    of = figures_by_step([("article", True), ("answer", False), ("chat", True), ("call", True)])

    assert by_whom(of) == (StepFigures(judged=2, helped=1), StepFigures(judged=2, helped=2))
    assert [score for score in range(1, 6) if has_helped(score)] == [4, 5]


@pytest.mark.django_db
def test_judge__twice__the_last_word_counts() -> None:
    visitor_id = uuid.uuid4()
    judge_step(Step.ARTICLE, subject="returns", visitor_id=visitor_id, helped=True, now=NOW)
    judge_step(Step.ARTICLE, subject="returns", visitor_id=visitor_id, helped=False, now=NOW)
    judge_step(Step.ARTICLE, subject="x" * 99, visitor_id=visitor_id, helped=True, now=NOW)

    assert list(StepRating.objects.order_by("pk").values_list("helped", flat=True)) == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize("step", [Step.NOTE, Step.CHAT])
def test_judge__a_conversation__is_rated_elsewhere(step: Step) -> None:
    with pytest.raises(ValueError, match="rated as a conversation"):
        judge_step(step, subject="x", visitor_id=uuid.uuid4(), helped=True, now=NOW)


def test_read__period__has_all_steps_side_by_side(note: Conversation) -> None:
    Rating.objects.create(conversation=note, score=5, at=NOW)
    judge_step(Step.ANSWER, subject="7", visitor_id=note.visitor_id, helped=False, now=NOW)
    judge_step(Step.CALL, subject="8", visitor_id=note.visitor_id, helped=True, now=NOW - timedelta(days=9))

    read = read_steps(NOW - timedelta(days=1), NOW + timedelta(days=1))

    assert read == {"note": StepFigures(judged=1, helped=1), "answer": StepFigures(judged=1, helped=0)}


@pytest.mark.django_db
def test_purge__older_than_transcripts__is_gone() -> None:
    judge_step(Step.ARTICLE, subject="old", visitor_id=uuid.uuid4(), helped=True, now=NOW - timedelta(days=366))
    judge_step(Step.ARTICLE, subject="new", visitor_id=uuid.uuid4(), helped=True, now=NOW)

    purge_step_ratings({}, now=NOW)

    assert StepRating.objects.get().subject == "new"
