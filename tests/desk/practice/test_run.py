"""Does a sitting run by what the page asks, each line once, and leave the desk as it was?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from oscar_engage.conf import get_settings
from oscar_engage.desk.models import Agent, Conversation, Message
from oscar_engage.desk.practice import run
from oscar_engage.desk.practice.clock import second_of
from oscar_engage.desk.practice.judge import read_result
from oscar_engage.desk.practice.models import Practice, PracticeChat, PracticeLine
from oscar_engage.desk.practice.purge import purge_practices
from oscar_engage.desk.practice.registry import SCRIPTS
from oscar_engage.desk.presence import set_presence
from oscar_engage.desk.take import take
from oscar_engage.desk.text import InvalidMessageError
from tests.desk.conftest import NOW, MakeAgent
from tests.desk.practice.answers import GOOD
from tests.desk.practice.test_shopper import SCRIPT

pytestmark = pytest.mark.django_db


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def learner(make_agent: MakeAgent) -> Agent:
    """Somebody who practises and is not online at the desk."""
    return make_agent("Lee", presence="offline")


@pytest.fixture
def practice(learner: Agent) -> Practice:
    return run.begin_practice(learner, size=2, language="en", difficulty="easy", seed="s", now=NOW)


def ask(practice: Practice, *seconds: float) -> Practice:
    """Have the page ask at each of these seconds."""
    for second in seconds:
        practice = run.advance(practice, now=at(second))
    return practice


def every(practice: Practice, until: float, since: float = 0) -> Practice:
    """Have the page ask each ten seconds."""
    return ask(practice, *range(int(since), int(until) + 1, 10))


def answer(chat: PracticeChat, body: str, second: float, *, client_id: uuid.UUID | None = None) -> PracticeLine:
    return run.answer(chat, body=body, client_id=client_id or uuid.uuid4(), is_ready=False, now=at(second))


def first_chat(practice: Practice) -> PracticeChat:
    return practice.chats.select_related("practice__agent").order_by("begins")[0]


def bodies(chat: PracticeChat) -> list[tuple[bool, str]]:
    return [(not line.move, line.body) for line in chat.lines.order_by("seq")]


def solve(chat: PracticeChat, second: float) -> float:
    """Answer it well, beginning at ``second``; return when the shopper had left."""
    for body in GOOD[chat.script]:
        answer(chat, body, second)
        second += 15
        run.advance(chat.practice, now=at(second))
    return second


def test_begin__shoppers__come_one_after_the_other(practice: Practice) -> None:
    assert practice.promise == get_settings().promised_minutes * 60
    first, second = practice.chats.order_by("begins")
    ask(practice, 1)
    assert not PracticeLine.objects.exists()
    ask(practice, 5)
    assert bodies(first) == [(False, SCRIPTS.get(first.script).opening[0])]
    assert not second.lines.exists()
    ask(practice, 5 + 30)
    assert second.lines.exists()


def test_begin__one_is_open__is_that_one(practice: Practice, learner: Agent) -> None:
    again = run.begin_practice(learner, size=1, language="de", difficulty="", seed="t", now=at(9))
    assert again == practice
    assert Practice.objects.count() == 1


def test_begin__language_without_scripts__is_refused(learner: Agent) -> None:
    with pytest.raises(run.NoScriptError):
        run.begin_practice(learner, size=1, language="tlh", difficulty="", seed="t", now=NOW)


def test_begin__practised_already__others_come(practice: Practice, learner: Agent) -> None:
    run.stop(practice, now=at(1))
    later = run.begin_practice(learner, size=2, language="en", difficulty="easy", seed="s", now=at(2))
    assert not {one.script for one in practice.chats.all()} & {one.script for one in later.chats.all()}


def test_answer__well__shopper_leaves_and_result_is_kept(practice: Practice) -> None:
    ask(practice, 3)
    chat = first_chat(practice)
    solve(chat, 10)
    chat.refresh_from_db()
    assert (chat.ended_as, chat.met, chat.slips) == ("resolved", chat.needs, 0)
    assert chat.first_response == pytest.approx(8)
    assert chat.result is not None
    assert read_result(chat.result).met == chat.needs
    with pytest.raises(run.ChatOverError):
        answer(chat, "Bye!", 60)


def test_answer__twice_with_one_id__is_one_line(practice: Practice) -> None:
    ask(practice, 3)
    chat, same = first_chat(practice), uuid.uuid4()
    assert answer(chat, "One moment.", 5, client_id=same) == answer(chat, "One moment.", 6, client_id=same)
    assert chat.lines.filter(move="").count() == 1


def test_answer__card_number__is_masked(practice: Practice) -> None:
    ask(practice, 3)
    assert "4111" not in answer(first_chat(practice), "4111 1111 1111 1111", 5).body


def test_answer__nothing__is_refused(practice: Practice) -> None:
    ask(practice, 3)
    with pytest.raises(InvalidMessageError):
        answer(first_chat(practice), "  ", 5)


def test_answer__before_the_shopper_has_come__is_refused(practice: Practice) -> None:
    with pytest.raises(run.ChatOverError):
        answer(practice.chats.order_by("begins")[1], "Hello?", 1)


def test_answer__after_what_was_due__comes_after_it(practice: Practice) -> None:
    ask(practice, 3)
    chat = first_chat(practice)
    answer(chat, "Hello!", 3 + 95)
    assert [line.move for line in chat.lines.order_by("seq")] == ["opening", "still_there", ""]


def test_answer__so_many__is_enough(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MOST_ANSWERS", 1)
    ask(practice, 3)
    answer(first_chat(practice), "Hello", 4)
    with pytest.raises(run.ChatOverError):
        answer(first_chat(practice), "Hello", 5)


def test_advance__another_tab_was_quicker__says_nothing_twice(practice: Practice) -> None:
    ask(practice, 3)
    chat = first_chat(practice)
    stale = PracticeLine(chat=PracticeChat.objects.get(pk=chat.pk), move="again", body="Twice", second=4, at=at(4))
    PracticeChat.objects.filter(pk=chat.pk).update(last_seq=chat.last_seq + 1)
    assert run._append(stale) is False
    assert len(bodies(chat)) == 1


def test_speak__another_tab_has_said_it__is_quiet(practice: Practice) -> None:
    stale = practice.chats.prefetch_related("lines").order_by("begins")[0]
    ask(practice, 3)
    run._speak(stale, practice.seed, 3, at(3))
    assert len(bodies(stale)) == 1


def test_wrap__script_is_gone_while_paused__is_closed_without_a_result(practice: Practice) -> None:
    ask(practice, 3)
    ask(run.set_paused(practice, True, now=at(4)), 5)
    with SCRIPTS.only("gift.en", SCRIPT):
        chat = run.wrap(first_chat(practice), topic="", known=(), now=at(6))
    assert (chat.is_wrapped, chat.ended_as, chat.result) == (True, "closed", None)
    run.set_paused(practice, False, now=at(7))
    assert run.set_paused(practice, False, now=at(8)).paused_at is None


def test_advance__page_closed_for_an_hour__stood_still(practice: Practice) -> None:
    every(practice, 20)
    assert second_of(Practice.objects.get(), now=at(3620)) == pytest.approx(10)
    practice = ask(practice, 3620)
    assert second_of(practice, now=at(3620)) == pytest.approx(10)  # when it was last noted that the page asked
    assert first_chat(practice).ended_as == ""


def test_advance__nobody_answers__shopper_leaves_and_the_wait_is_told(practice: Practice) -> None:
    every(practice, 250)
    chat = first_chat(practice)
    assert (chat.ended_as, chat.met, chat.first_response) == ("lost", 0, None)
    assert chat.longest_response == pytest.approx(180)


def test_advance__script_is_gone__conversation_is_stopped_and_the_sitting_ends(practice: Practice) -> None:
    ask(practice, 3)
    with SCRIPTS.only("gift.en", SCRIPT):
        practice = ask(practice, 6)
    assert {one.ended_as for one in practice.chats.all()} == {"stopped"}
    assert practice.ended_at == at(6)
    assert ask(practice, 9) == practice


def test_pause__clock_stands_still_until_it_goes_on(practice: Practice) -> None:
    ask(practice, 3)
    paused = run.set_paused(practice, True, now=at(10))
    ask(paused, 500, 1000)
    with pytest.raises(run.PausedError):
        answer(first_chat(practice), "Hello", 1001)
    on = run.set_paused(paused, False, now=at(1010))
    assert second_of(on, now=at(1020)) == pytest.approx(20)
    assert answer(first_chat(practice), "Hello!", 1020).second == pytest.approx(18)


def test_real_chat__waits_for_the_agent__practice_pauses_and_does_not_go_on(
    practice: Practice, learner: Agent, chat: Conversation
) -> None:
    set_presence(learner, "online", now=NOW)
    practice = Practice.objects.select_related("agent").get(pk=practice.pk)
    practice = ask(practice, 3)
    assert practice.paused_at == at(3)
    with pytest.raises(run.NeededError):
        run.set_paused(practice, False, now=at(4))
    take(chat, practice.agent, now=at(5))
    with pytest.raises(run.NeededError):
        run.set_paused(practice, False, now=at(6))
    Conversation.objects.update(owed_since=None)
    assert run.set_paused(practice, False, now=at(7)).paused_at is None


def test_begin__real_chat_waits__is_refused(learner: Agent, chat: Conversation) -> None:
    set_presence(learner, "online", now=NOW)
    with pytest.raises(run.NeededError):
        run.begin_practice(learner, size=1, language="en", difficulty="", seed="t", now=NOW)


def test_wrap__with_topics__tells_right_from_wrong_and_the_last_one_ends_it(practice: Practice) -> None:
    every(practice, 40)
    first, second = practice.chats.select_related("practice").order_by("begins")
    topic = SCRIPTS.get(first.script).topic
    solve(first, 41)
    run.wrap(first, topic=topic, known={topic, "other"}, now=at(60))
    run.wrap(second, topic="other", known={SCRIPTS.get(second.script).topic, "other"}, now=at(65))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.ended_as, first.is_topic_right) == ("resolved", True)
    assert (second.ended_as, second.is_topic_right, second.met) == ("closed", False, 0)
    assert Practice.objects.get().ended_at == at(65)
    run.wrap(second, topic=SCRIPTS.get(second.script).topic, known={"other"}, now=at(70))
    assert PracticeChat.objects.get(pk=second.pk).topic == "other"


def test_wrap__shop_without_the_topic__is_not_judged(practice: Practice) -> None:
    ask(practice, 3)
    assert run.wrap(first_chat(practice), topic="", known=(), now=at(9)).is_topic_right is None


def test_wrap__all_said_before_the_shopper_left__is_helped(practice: Practice) -> None:
    ask(practice, 3)
    chat = first_chat(practice)
    answer(chat, " ".join(GOOD[chat.script]), 10)
    assert run.wrap(chat, topic="", known=(), now=at(10.5)).ended_as == "resolved"


def test_wrap__shopper_not_there_yet__changes_nothing(practice: Practice) -> None:
    assert not run.wrap(practice.chats.order_by("begins")[1], topic="", known=(), now=at(1)).is_wrapped


def test_stop__conversations__are_not_judged(practice: Practice) -> None:
    ask(practice, 3)
    practice = run.stop(practice, now=at(9))
    assert practice.ended_at == at(9)
    assert [(one.ended_as, one.result) for one in practice.chats.all()] == [("stopped", None)] * 2
    assert run.stop(practice, now=at(20)).ended_at == at(9)
    assert run.set_paused(practice, True, now=at(21)).paused_at is None


def test_whole_sitting__leaves_the_desk_as_it_was(practice: Practice, chat: Conversation) -> None:
    before = [Conversation.objects.values().get(), Message.objects.count(), Agent.objects.values().get(pk=practice.agent_id)]
    every(practice, 300)
    for one in practice.chats.select_related("practice"):
        run.wrap(one, topic="", known=(), now=at(301))
    assert [
        *(Conversation.objects.values().get(), Message.objects.count()),
        Agent.objects.values().get(pk=practice.agent_id),
    ] == before


@pytest.mark.parametrize("size", [1, 3])
def test_advance__nothing_due__takes_as_many_queries_for_one_and_three(
    size: int, learner: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    practice = run.begin_practice(learner, size=size, language="en", difficulty="", seed="s", now=NOW)
    ask(practice, 70)
    practice = Practice.objects.select_related("agent").get()
    with django_assert_num_queries(3):
        run.advance(practice, now=at(70.1))


def test_purge__older_than_transcripts__goes_with_all_in_it(practice: Practice) -> None:
    ask(practice, 3)
    days = get_settings().transcript_retention_days
    purge_practices({}, now=NOW + timedelta(days=days) - timedelta(seconds=1))
    assert Practice.objects.exists()
    purge_practices({}, now=NOW + timedelta(days=days, seconds=1))
    assert not Practice.objects.exists()
    assert not PracticeLine.objects.exists()


def test_models__say_what_they_are(practice: Practice, make_chat: Callable[[], Conversation]) -> None:
    ask(practice, 3)
    chat = first_chat(practice)
    assert str(practice.agent_id) in str(practice)
    assert chat.script in str(chat)
    assert str(chat.lines.get()) == f"{chat.pk}/1"
