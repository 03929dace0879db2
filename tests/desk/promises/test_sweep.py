"""Is each promise warned of once, noted as broken once, and each conversation escalated once, whatever comes in between?"""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from oscar_engage import hooks
from oscar_engage.desk.models import Agent, Conversation, Role
from oscar_engage.desk.post import post_message
from oscar_engage.desk.promises.models import Policy
from oscar_engage.desk.promises.sweep import KIND, _watch, watch_promises
from oscar_engage.desk.take import close
from oscar_engage.jobs.periodic import RECURRING
from tests.desk.promises.conftest import Ask, utc

pytestmark = pytest.mark.django_db
MORNING = utc("05-04 09:30")


@pytest.fixture
def heard(django_capture_on_commit_callbacks: Any) -> Iterator[list[tuple[str, str]]]:
    """Collect what the hooks tell: their name, and the conversation's reference."""
    told: list[tuple[str, str]] = []

    def warned(sender: Any, *, conversation: Conversation, promise: str, **kwargs: Any) -> None:
        assert conversation.warned_at if promise == "answer" else conversation.solution_warned_at
        told.append((f"{promise} warned", conversation.reference))

    def breached(sender: Any, *, conversation: Conversation, promise: str, **kwargs: Any) -> None:
        assert conversation.breached_at if promise == "answer" else conversation.solution_breached_at
        told.append((f"{promise} breached", conversation.reference))

    hooks.promise_warned.connect(warned)
    hooks.promise_breached.connect(breached)
    yield told
    hooks.promise_warned.disconnect(warned)
    hooks.promise_breached.disconnect(breached)


@pytest.fixture
def sweep(django_capture_on_commit_callbacks: Any) -> Callable[[datetime], Conversation]:
    def run(now: datetime) -> Conversation:
        with django_capture_on_commit_callbacks(execute=True):
            watch_promises({}, now=now)
        return Conversation.objects.latest("pk")

    return run


Sweep = Callable[[datetime], Conversation]


def test_sweep__recurs_each_minute() -> None:
    assert RECURRING.get(KIND).seconds == 60


def test_sweep__answer_that_does_not_come__warns_then_breaks_each_once(
    ask: Ask, policy: Policy, sweep: Sweep, heard: list[Any]
) -> None:
    name = ask(MORNING).reference
    assert sweep(utc("05-04 09:59:59")).warned_at is None
    note = sweep(utc("05-04 10:00"))
    assert (note.warned_at, note.breached_at) == (utc("05-04 10:00"), None)
    sweep(utc("05-04 10:01"))
    note = sweep(utc("05-04 10:10"))
    assert note.breached_at == note.escalated_at == utc("05-04 10:10")
    sweep(utc("05-05 10:10"))
    assert heard == [("answer warned", name), ("answer breached", name)]


@pytest.mark.attack("M08")
def test_sweep__that_was_missed_for_hours__breaks_without_a_warning(
    ask: Ask, policy: Policy, sweep: Sweep, heard: list[Any]
) -> None:
    name = ask(MORNING).reference
    sweep(utc("05-04 14:00"))
    assert heard == [("answer breached", name)]


@pytest.mark.attack("N07")
def test_sweep__solution_after_a_late_answer__breaks_again_but_escalates_once(
    ask: Ask, policy: Policy, sweep: Sweep, agent: Agent, heard: list[Any]
) -> None:
    note = ask(MORNING)
    sweep(utc("05-04 10:30"))
    post_message(note, role=Role.AGENT, body="Hm", client_id=uuid.uuid4(), now=utc("05-04 11:00"), agent=agent)
    assert sweep(utc("05-04 15:30")).solution_warned_at == utc("05-04 15:30")
    note = sweep(utc("05-05 09:30"))
    assert (note.breached_at, note.escalated_at) == (utc("05-04 10:30"), utc("05-04 10:30"))
    assert note.solution_breached_at == utc("05-05 09:30")
    assert [name for name, _reference in heard] == ["answer breached", "solution warned", "solution breached"]


def test_sweep__solution_told_of_before_the_shopper_asks_again__is_not_told_of_anew(
    ask: Ask, policy: Policy, sweep: Sweep, agent: Agent, heard: list[Any]
) -> None:
    note = ask(MORNING)

    def write(role: str, now: datetime) -> None:
        own = agent if role == Role.AGENT else None
        post_message(note, role=role, body="Hm", client_id=uuid.uuid4(), now=now, agent=own)

    write(Role.AGENT, utc("05-04 09:40"))
    sweep(utc("05-04 15:30"))
    write(Role.SHOPPER, utc("05-04 15:40"))
    write(Role.AGENT, utc("05-04 15:50"))
    sweep(utc("05-04 16:00"))
    sweep(utc("05-05 09:30"))
    write(Role.SHOPPER, utc("05-05 09:40"))
    write(Role.AGENT, utc("05-05 09:50"))
    sweep(utc("05-06 09:30"))
    assert [name for name, _reference in heard] == ["solution warned", "solution breached"]


def test_sweep__paused_or_closed__says_nothing(ask: Ask, policy: Policy, sweep: Sweep, agent: Agent, heard: list[Any]) -> None:
    note = ask(MORNING)
    post_message(
        note, role=Role.AGENT, body="Hm?", client_id=uuid.uuid4(), now=utc("05-04 09:40"), agent=agent, is_question=True
    )
    close(ask(MORNING), now=utc("05-04 09:40"))
    sweep(utc("05-20 09:30"))
    assert heard == []


def test_sweep__answer_while_it_runs__wins(ask: Ask, policy: Policy, agent: Agent, heard: list[Any]) -> None:
    read_before = ask(MORNING)
    post_message(read_before, role=Role.AGENT, body="Hm", client_id=uuid.uuid4(), now=utc("05-04 10:09"), agent=agent)
    _watch(read_before, utc("05-04 10:11"))
    assert Conversation.objects.get().breached_at is None


def test_sweep__two_at_once__one_is_heard(ask: Ask, policy: Policy, django_capture_on_commit_callbacks: Any) -> None:
    read_twice = [Conversation.objects.get(pk=ask(MORNING).pk) for _ in range(1)] * 2
    first, second = (Conversation.objects.get(pk=one.pk) for one in read_twice)
    with django_capture_on_commit_callbacks() as callbacks:
        _watch(first, utc("05-04 10:11"))
        _watch(second, utc("05-04 10:12"))
    assert len(callbacks) == 1
    assert Conversation.objects.get().breached_at == utc("05-04 10:11")


def test_sweep__watched_without_a_promise__is_left_alone(ask: Ask, agent: Agent, sweep: Sweep, heard: list[Any]) -> None:
    note = ask(MORNING)
    post_message(note, role=Role.AGENT, body="Hm", client_id=uuid.uuid4(), now=MORNING, agent=agent)
    Conversation.objects.update(watch_at=MORNING)
    assert sweep(MORNING + timedelta(days=1)).watch_at is None
    assert heard == []


@pytest.mark.parametrize("number", [1, 3])
def test_sweep__nothing_due__takes_one_query(
    number: int, ask: Ask, policy: Policy, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(number):
        ask(MORNING)
    with django_assert_num_queries(1):
        watch_promises({}, now=MORNING)
