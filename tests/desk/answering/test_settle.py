"""Does a yes take the question from the queue, a no leave it there, and an undo bring it back?"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from oscar_engage.answers.facts import About
from oscar_engage.answers.passage import Passage
from oscar_engage.answers.shelf import BACKGROUND
from oscar_engage.answers.sources import SOURCES
from oscar_engage.desk.answering.models import AnswerOutcome, AutoAnswer
from oscar_engage.desk.answering.offer import LONGEST_SHOWN, OFFERED_WITHIN, as_json, offer
from oscar_engage.desk.answering.settle import UNDONE_WITHIN, NotOpenError, helped, refused, take_back, title_of, titles_of
from oscar_engage.desk.models import Agent, Conversation, ConversationStatus, Role
from oscar_engage.desk.open import open_conversation
from oscar_engage.desk.post import post_message
from oscar_engage.desk.promises.kept import read_kept
from oscar_engage.desk.queries import waiting
from oscar_engage.desk.ratings.judge import read_steps
from oscar_engage.desk.ratings.models import Step, StepRating
from oscar_engage.desk.topics.wrap import lacks_wrap_up
from oscar_engage.testing.answers import FixedSource, answers_at_once
from tests.answers.library import passages

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def leave(body: str = "I have forgotten my password", kind: str = "note", at: datetime = NOW, **more: Any) -> Conversation:
    return open_conversation(kind, visitor_id=uuid.uuid4(), body=body, language="en", now=at, **more)


@pytest.fixture
def note() -> Conversation:
    with answers_at_once(*passages("en")):
        note = leave()
        offer(note, About(language="en"), now=NOW)
    return note


@pytest.fixture
def agent() -> Agent:
    user = get_user_model().objects.create_user("mia", "mia@shop.example")
    return Agent.objects.create(user=user, display_name="Mia", presence="online")


def answer_of(note: Conversation) -> AutoAnswer:
    return AutoAnswer.objects.get(conversation=note)


def said(note: Conversation) -> str:
    return note.messages.filter(role=Role.SYSTEM).latest("seq").body


def test_offer__sure__passages_kept_with_confidence(note: Conversation) -> None:
    answer = answer_of(note)

    assert answer.outcome == AnswerOutcome.SHOWN
    assert answer.passages[0]["article"] == "password"
    assert 0.3 < answer.confidence <= 1


def test_offer__nothing_fits__kept_as_nothing() -> None:
    with answers_at_once(*passages("en")):
        answer = offer(leave("Do you engrave knives with lasers?"), About(language="en"), now=NOW)

    assert answer is not None
    assert (answer.outcome, answer.passages, answer.confidence) == (AnswerOutcome.NONE, [], None)


def test_offer__asked_for_again__the_same(note: Conversation) -> None:
    with answers_at_once():
        assert offer(note, About(language="en"), now=NOW) == answer_of(note)


def test_offer__chat__none() -> None:
    with answers_at_once(*passages("en")):
        assert offer(leave(kind="chat"), About(language="en"), now=NOW) is None


def test_offer__long_ago__none() -> None:
    with answers_at_once(*passages("en")):
        assert offer(leave(), About(language="en"), now=NOW + OFFERED_WITHIN) is None


def test_helped__waiting_note__closed_and_out_of_the_queue(note: Conversation) -> None:
    closed = helped(note, now=NOW)

    assert closed.status == ConversationStatus.CLOSED
    assert not waiting().exists()
    assert answer_of(note).outcome == AnswerOutcome.HELPED
    assert "I have forgotten my password" in said(note)


def test_helped__figures__no_agent_answered_and_no_promise_decided(note: Conversation, agent: Agent) -> None:
    Conversation.objects.filter(pk=note.pk).update(agent=agent)
    helped(note, now=NOW)

    note.refresh_from_db()
    kept = read_kept(since=NOW - timedelta(days=1), now=NOW + timedelta(days=30))
    assert note.first_reply_at is None
    assert (kept.kept, kept.broken) == (0, 0)
    assert not lacks_wrap_up(agent, now=NOW).exists()


def test_helped__twice__said_once(note: Conversation) -> None:
    helped(note, now=NOW)
    before = note.messages.count()

    helped(note, now=NOW)

    assert note.messages.count() == before


def test_helped__agent_was_quicker__refused(note: Conversation, agent: Agent) -> None:
    post_message(note, role=Role.AGENT, agent=agent, body="Here is a link.", client_id=uuid.uuid4(), now=NOW)

    with pytest.raises(NotOpenError):
        helped(note, now=NOW)

    note.refresh_from_db()
    assert note.status == ConversationStatus.OPEN
    assert answer_of(note).outcome == AnswerOutcome.SHOWN


def test_helped__nothing_was_offered__refused() -> None:
    with pytest.raises(NotOpenError):
        helped(leave(), now=NOW)


def test_refused__waiting_note__waits_on_with_what_was_tried(note: Conversation) -> None:
    due_at = note.due_at

    refused(note, now=NOW)
    refused(note, now=NOW)

    note.refresh_from_db()
    assert (note.status, note.due_at) == (ConversationStatus.WAITING, due_at)
    assert answer_of(note).outcome == AnswerOutcome.REFUSED
    assert "“I have forgotten my password”" in said(note)
    assert note.messages.filter(role=Role.SYSTEM).count() == 1


def test_take_back__solved__waits_with_a_promise_of_now(note: Conversation) -> None:
    helped(note, now=NOW)
    later = NOW + timedelta(days=2)

    back = take_back(note, now=later)

    back.refresh_from_db()
    assert (back.status, back.closed_at, back.owed_since) == (ConversationStatus.WAITING, None, later)
    assert back.due_at > later
    assert back.watch_at is not None
    assert list(waiting()) == [back]
    assert answer_of(note).outcome == AnswerOutcome.REFUSED


def test_take_back__too_late_or_not_solved__refused(note: Conversation) -> None:
    with pytest.raises(NotOpenError):
        take_back(note, now=NOW)
    helped(note, now=NOW)
    with pytest.raises(NotOpenError):
        take_back(note, now=NOW + UNDONE_WITHIN)


@pytest.mark.parametrize(("intent", "title"), [("stock", "in stock?"), ("order", "the latest order"), ("returns", "returns")])
def test_title__fact__named_by_what_it_is(intent: str, title: str) -> None:
    answer = AutoAnswer(intent=intent)

    assert title_of(answer) == title
    assert titles_of(answer) == f"“{title}”"


def test_title__nothing__empty() -> None:
    assert title_of(AutoAnswer(passages=[])) == ""


def test_as_json__long_passage__cut_at_a_word() -> None:
    long = Passage(article="a", language="en", title="T", heading="", text="word " * 1000, url="/")

    text = as_json(long)["text"]

    assert len(text) <= LONGEST_SHOWN
    assert text.endswith("word…")


def test_auto_answer__str__ids_alone(note: Conversation) -> None:
    assert str(answer_of(note)) == f"shown for {note.pk}"


def judged() -> list[tuple[str, bool]]:
    return list(StepRating.objects.filter(step=Step.ANSWER).values_list("subject", "helped"))


@pytest.mark.parametrize(("settle", "helps"), [(helped, True), (refused, False)])
def test_settle__yes_or_no__judges_the_step_once(note: Conversation, settle: Any, helps: bool) -> None:
    settle(note, now=NOW)
    settle(note, now=NOW + timedelta(minutes=1))

    assert judged() == [(note.public_id, helps)]
    assert StepRating.objects.get().visitor_id == note.visitor_id


def test_take_back__yes_before__step_did_not_help(note: Conversation) -> None:
    helped(note, now=NOW)
    take_back(note, now=NOW + timedelta(hours=1))

    assert judged() == [(note.public_id, False)]


def test_settle__nothing_to_settle__judges_nothing(note: Conversation) -> None:
    with pytest.raises(NotOpenError):
        take_back(note, now=NOW)

    assert judged() == []


def test_settle__yes__counts_among_the_steps_of_its_day(note: Conversation) -> None:
    helped(note, now=NOW)

    figures = read_steps(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    assert (figures[Step.ANSWER].judged, figures[Step.ANSWER].helped) == (1, 1)


class Unready(FixedSource):
    """Cannot be read at first."""

    is_ready = False

    def read(self, language: str) -> Sequence[Passage]:
        if not self.is_ready:
            raise OSError
        return super().read(language)


def test_offer__not_read_yet__nothing_kept_and_looked_for_again() -> None:
    note, source = leave(), Unready(passages("en"))
    with answers_at_once(), SOURCES.only("unready", source):
        BACKGROUND.is_inline = False
        assert offer(note, About(language="en"), now=NOW) is None
        assert not AutoAnswer.objects.exists()
        BACKGROUND.end()
        BACKGROUND.is_inline, source.is_ready = True, True
        answer = offer(note, About(language="en"), now=NOW + timedelta(minutes=1))

    assert answer is not None
    assert answer.outcome == AnswerOutcome.SHOWN
