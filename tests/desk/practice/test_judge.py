"""Is told what was found, missed and said wrongly, and how long the shopper waited?"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.practice.judge import Found, judge, read_result
from oscar_engage.desk.practice.registry import SCRIPTS
from oscar_engage.desk.practice.shopper import Move, Said
from tests.desk.practice.test_shopper import SCRIPT, answered

OPENED = (Said(0, "Hi!", Move.OPENING), Said(4, "Do you wrap gifts?", Move.OPENING))


def test_judge__facts__stand_with_the_sentence_that_met_them() -> None:
    result = judge(SCRIPT, [*OPENED, Said(10, "Sure. We wrap it for you."), Said(20, "We wrap all.")], until=30)
    assert result.needs == (Found("It is wrapped", "We wrap it for you."), Found("It costs 3", ""))
    assert (result.met, result.lines) == (1, 2)


def test_judge__slip__stands_with_its_sentence_once() -> None:
    result = judge(SCRIPT, [*OPENED, Said(10, "Well. Whatever."), Said(20, "Whatever!")], until=30)
    assert result.slips == (Found("no shrug", "Whatever."),)


def test_judge__times__are_from_the_first_line_that_waits() -> None:
    said = [
        *OPENED,
        *(Said(12, "Hello"), Said(14, "One moment"), Said(20, "Sure.", Move.WAITS), Said(50, "We wrap it.")),
        *(Said(60, "What does it cost?", Move.NUDGE), Said(120, "Still there?", Move.STILL_THERE), Said(130, "3")),
        Said(135, "Thanks", Move.THANKS),
    ]
    result = judge(SCRIPT, said, until=135)
    assert list(result.responses) == [12, 70]
    assert (result.first, result.middle, result.longest, result.unanswered) == (12, 41, 70, None)


def test_judge__never_answered__is_a_wait_without_an_answer() -> None:
    result = judge(SCRIPT, [*OPENED, Said(64, "?", Move.STILL_THERE), Said(124, "Bye", Move.GONE)], until=124)
    assert (result.first, result.middle, result.unanswered, result.longest) == (None, None, 124, 124)


def test_judge__nothing_said__has_no_times() -> None:
    result = judge(SCRIPT, [], until=0)
    assert (result.first, result.longest, result.met) == (None, None, 0)


@pytest.mark.parametrize("key", SCRIPTS.names())
def test_judge__good_answers__miss_nothing(key: str) -> None:
    result = judge(SCRIPTS.get(key), answered(key), until=999)
    assert result.met == len(result.needs)
    assert not result.slips


@given(st.lists(st.tuples(st.floats(0, 99), st.text(max_size=30), st.sampled_from([None, *Move])), max_size=20))
def test_result__kept_and_read_again__says_the_same(lines: list[tuple[float, str, Move | None]]) -> None:
    result = judge(SCRIPT, [Said(*line) for line in sorted(lines, key=lambda line: line[0])], until=100)
    again = read_result(json.loads(json.dumps(result.as_json())))
    assert again.as_json() == result.as_json()
    assert (again.needs, again.slips, again.lines) == (result.needs, result.slips, result.lines)
    assert all(seconds >= 0 for seconds in result.responses)
