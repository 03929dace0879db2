"""Do the clocks wait and go on exactly, whoever writes when?"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.promises.course import owes_answer
from oscar_engage.desk.promises.models import Policy
from oscar_engage.desk.take import close, take
from tests.desk.promises.conftest import Ask, utc

pytestmark = pytest.mark.django_db
MORNING = utc("05-04 09:30")


@pytest.fixture
def say(agent: Agent) -> Callable[..., Conversation]:
    """Return a function that writes as the agent or the shopper, and returns the conversation as it is then."""

    def write(conversation: Conversation, role: str, now: datetime, *, is_question: bool = False) -> Conversation:
        own = agent if role == Role.AGENT else None
        post_message(conversation, role=role, body="Hm", client_id=uuid.uuid4(), now=now, agent=own, is_question=is_question)
        return Conversation.objects.get(pk=conversation.pk)

    return write


Say = Callable[..., Conversation]


def test_answer__in_time__the_solution_is_watched_from_then(ask: Ask, say: Say, policy: Policy) -> None:
    note = say(ask(MORNING), "agent", utc("05-04 10:00"))
    assert (note.resolve_by, note.paused_at) == (utc("05-05 09:30"), None)
    assert note.watch_at == utc("05-04 15:30")  # 360 of 480 minutes


def test_question_of_the_agent__the_clock_waits_and_goes_on_with_what_was_left(ask: Ask, say: Say, policy: Policy) -> None:
    note = say(ask(MORNING), "agent", utc("05-04 10:00"), is_question=True)
    assert (note.paused_at, note.watch_at) == (utc("05-04 10:00"), None)
    note = say(note, "shopper", utc("05-06 20:00"))  # 450 minutes were left; it is closed now
    assert (note.paused_at, note.resolve_by) == (None, utc("05-07 16:30"))
    assert (note.due_at, note.watch_at) == (utc("05-07 09:40"), utc("05-07 09:30"))


def test_question_of_the_agent__again_without_an_answer__waits_since_the_first(ask: Ask, say: Say, policy: Policy) -> None:
    note = say(ask(MORNING), "agent", utc("05-04 10:00"), is_question=True)
    note = say(note, "agent", utc("05-04 11:00"), is_question=True)
    note = say(note, "agent", utc("05-04 12:00"))
    assert note.paused_at == utc("05-04 10:00")


def test_pause__of_what_was_late_already__stays_late(ask: Ask, say: Say, policy: Policy) -> None:
    note = say(ask(MORNING), "agent", utc("05-06 10:00"), is_question=True)
    assert say(note, "shopper", utc("05-06 11:00")).resolve_by == utc("05-05 09:30")


def test_pause__in_a_chat__ends_with_the_shoppers_next_word(ask: Ask, say: Say, agent: Agent, policy: Policy) -> None:
    chat = take(ask(MORNING, "chat"), agent, now=MORNING)
    chat = say(chat, "agent", utc("05-04 09:40"), is_question=True)
    chat = say(chat, "shopper", utc("05-04 10:40"))
    assert (chat.resolve_by, chat.paused_at, chat.due_at) == (utc("05-05 10:30"), None, utc("05-04 10:10"))
    assert chat.watch_at == utc("05-04 16:30")
    assert say(chat, "shopper", utc("05-04 10:41")).watch_at == utc("05-04 16:30")


def test_pause__after_the_warning__is_watched_to_the_end(ask: Ask, say: Say, agent: Agent, policy: Policy) -> None:
    chat = say(take(ask(MORNING, "chat"), agent, now=MORNING), "agent", utc("05-04 09:40"))
    Conversation.objects.update(solution_warned_at=utc("05-04 15:30"))
    chat = say(chat, "agent", utc("05-04 16:00"), is_question=True)
    chat = say(chat, "shopper", utc("05-04 16:30"))
    assert (chat.resolve_by, chat.watch_at) == (utc("05-05 10:00"), utc("05-05 10:00"))


def test_question_of_the_shopper__after_an_answer__is_promised_anew(ask: Ask, say: Say, policy: Policy) -> None:
    note = say(ask(MORNING), "agent", utc("05-04 10:00"))
    Conversation.objects.update(warned_at=MORNING, breached_at=MORNING, escalated_at=MORNING)
    note = say(note, "shopper", utc("05-04 11:00"))
    assert (note.due_at, note.warned_at, note.breached_at) == (utc("05-04 11:40"), None, None)
    assert note.escalated_at == MORNING  # once a conversation
    assert note.resolve_by == utc("05-05 09:30")


def test_question_of_the_shopper__while_one_waits__changes_no_promise(ask: Ask, say: Say, policy: Policy) -> None:
    assert say(ask(MORNING), "shopper", utc("05-04 10:00")).due_at == utc("05-04 10:10")


def test_answer__no_solution_promised__nothing_is_watched(ask: Ask, say: Say) -> None:
    note = ask(MORNING)
    assert (note.policy_id, note.watch_at) == (None, MORNING + timedelta(minutes=30))
    note = say(note, "agent", utc("05-04 10:00"), is_question=True)
    assert (note.watch_at, note.paused_at) == (None, None)


def test_policy_deleted__solution_that_was_promised__stays(ask: Ask, say: Say, policy: Policy) -> None:
    note = ask(MORNING)
    policy.delete()
    note = say(note, "agent", utc("05-04 10:00"))
    assert (note.policy_id, note.resolve_by, note.watch_at) == (None, utc("05-05 09:30"), utc("05-05 09:30"))


def test_close__promise_that_runs__is_watched_no_more(ask: Ask, policy: Policy) -> None:
    close(ask(MORNING), now=utc("05-04 09:40"))
    assert Conversation.objects.get().watch_at is None


def test_pause__after_the_breach__is_watched_no_more(ask: Ask, say: Say, agent: Agent, policy: Policy) -> None:
    chat = say(take(ask(MORNING, "chat"), agent, now=MORNING), "agent", utc("05-04 09:40"))
    Conversation.objects.update(solution_breached_at=utc("05-05 09:30"))
    chat = say(chat, "agent", utc("05-05 10:00"), is_question=True)
    assert say(chat, "shopper", utc("05-05 11:00")).watch_at is None


def test_owes_answer__closed__nothing_is_owed(ask: Ask) -> None:
    assert owes_answer(ask(MORNING))
    assert not owes_answer(close(ask(MORNING), now=MORNING))
