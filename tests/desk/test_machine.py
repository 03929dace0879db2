"""Does all hold that must, after any history of chats? Hundreds of steps here, tens of thousands in ``make soak-chat``."""

import os
from datetime import datetime

import pytest

from oscar_engage.desk.models import Agent, Conversation
from tests.desk.machine import STEPS, Machine

pytestmark = pytest.mark.django_db

LENGTH = int(os.environ.get("ENGAGE_MACHINE_STEPS", "200"))
"""Steps with each seed."""


@pytest.mark.attack("N02", "N06")
@pytest.mark.parametrize("seed", range(4))
def test_machine__any_history__slots_owners_and_words_hold(seed: int, now: datetime) -> None:
    machine = Machine(seed=seed, now=now)

    machine.run(LENGTH)

    assert machine.killed > 0
    assert sum(machine.done.values()) + machine.killed == LENGTH


def test_machine__many_steps__come_by_everything_that_can_happen(now: datetime) -> None:
    machine = Machine(seed=99, now=now)
    machine.run(600)

    assert {name for name in STEPS if not machine.done[name]} == set()
    assert Conversation.objects.filter(status="closed").exists()


@pytest.mark.parametrize(
    "broken", [{"weight": 3}, {"last_seq": 99}, {"status": "open", "agent": None}], ids=["slots", "numbers", "owner"]
)
def test_machine__something_does_not_hold__is_said(broken: dict[str, object], now: datetime) -> None:
    machine = Machine(seed=1, now=now)
    for step in ("come", "ask"):
        getattr(machine, step)()
    assert list(machine.broken()) == []

    Conversation.objects.update(**broken)

    assert list(machine.broken()) != []


def test_machine__word_gets_lost__is_said(now: datetime) -> None:
    machine = Machine(seed=1, now=now)
    machine.ask()
    chat = Conversation.objects.get()
    chat.messages.update(body="something else")
    assert any("was accepted" in wrong for wrong in machine.broken())

    chat.delete()
    assert any("lost" in wrong for wrong in machine.broken())


def _claim_without_a_guard(locked: Conversation, agent: Agent, now: datetime) -> None:
    Conversation.objects.filter(pk=locked.pk).update(agent=agent, status="open", weight=10, taken_at=now)
    locked.agent, locked.status, locked.weight = agent, "open", 10


@pytest.mark.parametrize(
    ("name", "faulty"),
    [
        ("presence.give_back", lambda *args, **kwargs: None),
        ("take.give_back", lambda *args, **kwargs: None),
        ("presence._return_orphans", lambda **kwargs: 0),
        ("take._claim", _claim_without_a_guard),
    ],
)
def test_machine__fault_is_built_in__is_found(
    name: str, faulty: object, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"oscar_engage.desk.{name}", faulty)

    with pytest.raises(AssertionError, match="seed 7, step"):
        Machine(seed=7, now=now).run(400)
