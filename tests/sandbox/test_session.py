"""Can the checks of a session fail? What was lost, doubled, left behind or silently broken has to be found."""

from datetime import UTC, datetime
from email import message_from_string
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Page

from sandbox.drive.session import checks, letters
from sandbox.drive.session.stage import Stage, Talk

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC).timestamp()
SAID = [("shopper", "One?"), ("agent", "Two.")]


def make_stage(said: list[tuple[str, str]] | None = None, promises: list[tuple[str, float]] | None = None) -> Stage:
    talk = Talk("Jon", cast("Page", None), "p1", said if said is not None else list(SAID), promises or [])
    stage = Stage(*[cast("Any", None)] * 4, folder=Path())
    stage.talks["jon"] = talk
    return stage


def make_found(**changes: Any) -> dict[str, Any]:
    messages = [(1, "shopper", "One?", NOON), (2, "system", "Olle is here.", NOON + 1), (3, "agent", "Two.", NOON + 30)]
    one = {"reference": "R", "kind": "chat", "status": "open", "agent": 1, "is_there": True, "weight": 10}
    one |= {"breached": None, "escalated": None, "messages": messages} | changes
    return {"now": NOON + 600, "conversations": {"p1": one}, "agents": {"1": ("Olle", 10)}, "holds": []}


def test_transcripts__as_said__are_fine() -> None:
    assert checks._transcripts(make_stage(), make_found()) == []


@pytest.mark.parametrize(
    "said", [SAID[:1], [*SAID, ("shopper", "Three?")], SAID[::-1], [*SAID, SAID[1]]], ids=["more", "lost", "order", "once"]
)
def test_transcripts__other_than_said__are_found(said: list[tuple[str, str]]) -> None:
    assert checks._transcripts(make_stage(said), make_found())


def test_transcripts__gap_or_stranger_or_gone__are_found() -> None:
    found = make_found()
    found["conversations"]["p1"]["messages"][2] = (4, "agent", "Two.", NOON)
    assert "holes" in checks._transcripts(make_stage(), found)[0]
    found = make_found()
    found["conversations"]["p2"] = found["conversations"]["p1"]
    assert checks._transcripts(make_stage(), found) == ["nobody began p2"]
    assert checks._transcripts(make_stage(), {**found, "conversations": {}}) == ["jon is gone"]


def test_owners__chat_of_somebody_who_is_gone__is_found() -> None:
    assert checks._owners(make_found()) == []
    assert checks._owners(make_found(status="waiting", agent=None, is_there=False)) == []
    assert checks._owners(make_found(is_there=False)) == ["R is open with nobody"]


def test_slots__other_than_live_chats__are_found() -> None:
    assert checks._slots(make_found()) == []
    assert checks._slots({**make_found(), "holds": [1]}) == ["Olle: 10 tenths in use, 20 held"]
    assert checks._slots(make_found(status="closed")) == ["R weighs 10 and is no live chat", "Olle: 10 tenths in use, 0 held"]


def test_promises__late_and_not_shown_so__is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = ["0"]
    monkeypatch.setattr(checks, "_broken_on_board", lambda stage: shown[0])  # the page, which needs a browser
    kept, late = make_stage(promises=[("12:05", NOON)]), make_stage(promises=[("12:00", NOON)])
    answered_late = make_found(messages=[(1, "agent", "Two.", NOON + 90)])
    assert checks._promises(kept, make_found()) == []
    assert "not shown as broken" in checks._promises(late, answered_late)[0]
    shown[0] = "1"
    assert checks._promises(late, make_found(messages=answered_late["conversations"]["p1"]["messages"], breached=NOON)) == []
    assert checks._promises(kept, make_found()) == ["0 conversations with a broken promise, and the board says 1"]


def test_letters__reply_and_forgery__differ_in_the_token_alone() -> None:
    mail = message_from_string(letters.write("a@b.example", "answers+k7q2-x@shop.example", "Thanks"))
    assert (mail["To"], mail["From"]) == ("answers+k7q2-x@shop.example", "a@b.example")
    assert letters.forge("answers+k7q2-x@shop.example") == "answers+b7q2-x@shop.example"
    assert letters.forge("answers+b7q2-x@shop.example") == "answers+c7q2-x@shop.example"
