"""Are the times of a conversation what the words say?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oscar_engage.analytics.staffing.talk import Talk

START = datetime(2026, 3, 2, 23, 50, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def chat(**changes: Any) -> Talk:
    """A chat that was taken after 10 s, answered after 30 s and closed, past midnight, after 900 s."""
    usual: dict[str, Any] = {
        **{"queue": "1", "is_chat": True, "created_at": START, "due_at": at(60)},
        **{"taken_at": at(10), "first_reply_at": at(30), "closed_at": at(900)},
    }
    return Talk(**{**usual, **changes})


UNANSWERED: dict[str, Any] = {"taken_at": None, "first_reply_at": None}


def test_talk__answered_chat__has_all_times() -> None:
    talk = chat()
    assert (talk.channel, talk.response, talk.wait, talk.handle, talk.patience) == ("chat", 30, 10, 870, 10)
    assert not talk.is_abandoned


def test_talk__note__has_neither_handle_nor_hold_nor_patience() -> None:
    talk = chat(is_chat=False)
    assert (talk.channel, talk.response, talk.wait) == ("note", 30, 10)
    assert (talk.handle, talk.hold, talk.patience) == (None, None, None)


def test_talk__closed_before_an_answer__is_abandoned_after_the_shoppers_patience() -> None:
    talk = chat(**UNANSWERED)
    assert talk.is_abandoned
    assert (talk.response, talk.wait, talk.handle, talk.hold, talk.patience) == (None, None, None, None, 900)
    assert not talk.is_kept(now=at(1000))
    assert not talk.is_broken(now=at(1000))
    assert not chat(**UNANSWERED, is_chat=False).is_abandoned
    assert not chat(**UNANSWERED, closed_at=None).is_abandoned


@pytest.mark.parametrize(
    ("turns", "held"),
    [
        ([], 0),
        ([(True, 0), (False, 30)], 0),
        ([(True, 0), (False, 30), (True, 40), (True, 50), (False, 100), (False, 110), (True, 200), (False, 201)], 61),
        ([(True, 0), (True, 20), (False, 30), (True, 800)], 100),
        ([(True, 0), (False, 30), (True, 950)], 0),
    ],
    ids=["no messages", "answered once", "two waits", "never answered again", "written as it closed"],
)
def test_hold__messages__is_what_the_shopper_waited_in_between(turns: list[tuple[bool, int]], held: float) -> None:
    assert chat(turns=[(is_shopper, at(seconds)) for is_shopper, seconds in turns]).hold == held


@pytest.mark.parametrize(
    ("changes", "kept", "broken"),
    [
        ({}, True, False),
        ({"was_broken": True}, False, True),
        ({"due_at": at(20)}, False, True),
        ({"resolve_by": at(899)}, False, True),
        ({"resolve_by": at(899), "is_paused": True}, True, False),
        ({"resolve_by": at(900)}, True, False),
        ({"closed_at": None}, True, False),
        ({"closed_at": None, "resolve_by": at(1000)}, False, True),
        ({"closed_at": None, "resolve_by": at(1000), "is_paused": True}, True, False),
        ({"closed_at": None, "resolve_by": at(1001)}, True, False),
        ({"closed_at": None, "is_owed": True}, False, True),
        ({"closed_at": None, "is_owed": True, "due_at": at(1001)}, True, False),
        ({**UNANSWERED, "closed_at": None, "is_owed": True}, False, True),
        ({**UNANSWERED, "closed_at": None, "is_owed": True, "due_at": at(1001)}, False, False),
        ({**UNANSWERED, "was_broken": True}, False, True),
    ],
)
def test_promise__each_course__is_kept_broken_or_neither(changes: dict[str, Any], kept: bool, broken: bool) -> None:
    talk, now = chat(**changes), at(1000)
    assert (talk.is_kept(now=now), talk.is_broken(now=now)) == (kept, broken)
