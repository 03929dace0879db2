"""Does the shopper say what fits, at its time, always come to an end, and never a word after that?"""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.desk.practice.judge import ENDS, Ending
from oscar_engage.desk.practice.registry import SCRIPTS
from oscar_engage.desk.practice.script import Difficulty, Limit, Need, Reply, Script
from oscar_engage.desk.practice.shopper import LEAVING, MOST_LINES, Move, Next, Said, next_line
from tests.desk.practice.answers import GOOD

SCRIPT = Script(
    name="gift",
    language="en",
    difficulty=Difficulty.MEDIUM,
    title="A gift",
    shopper="Ada",
    who="New",
    page="Basket",
    opening=("Hi!", "Do you wrap gifts?"),
    needs=(
        Need(words="It is wrapped", any_of=("wrap*",), unless=("not",), again="So is it wrapped?"),
        Need(words="It costs 3", any_of=("3", "three"), again="What does it cost?"),
    ),
    replies=(Reply(any_of=("which colour", "tell me"), says="Blue."),),
    limits=(Limit(words="no shrug", any_of=("whatever",), says="Pardon?"),),
    lookup=("Wrapping costs 3.",),
    topic="product",
)


def play(script: Script, turns: Sequence[tuple[float, str]] = (), *, seed: str = "a") -> list[Said]:
    """Let it run to its end: the agent writes ``turns`` after so many seconds each, and then nothing more."""
    said: list[Said] = []
    at, left = 0.0, list(turns)
    while (coming := next_line(script, said, seed=seed)) is not None:
        if left and (wanted := max(at, said[-1].second if said else 0.0) + left[0][0]) < coming.second:
            at = wanted
            said.append(Said(at, left.pop(0)[1]))
        else:
            said.append(Said(coming.second, coming.body, coming.move))
        assert len(said) < 500
    return said


def reply_to(*agent: str, after: Sequence[Said] = ()) -> Next:
    """Return what the shopper says to these lines of the agent."""
    said = list(after) or [Said(0, "Hi!", Move.OPENING), Said(4, "Do you wrap gifts?", Move.OPENING)]
    for text in agent:
        said.append(Said(said[-1].second + 5, text))
    found = next_line(SCRIPT, said, seed="a")
    assert found is not None
    return found


def answered(key: str) -> list[Said]:
    """Play a script to its end with good answers, each when the shopper waits for it."""
    script, said, left = SCRIPTS.get(key), list[Said](), list(GOOD[key])
    while (coming := next_line(script, said, seed="b")) is not None:
        waits = coming.move in {Move.STILL_THERE, Move.GONE}
        if waits and left:
            said.append(Said(said[-1].second + 8, left.pop(0)))
        else:
            said.append(Said(coming.second, coming.body, coming.move))
    return said


@pytest.mark.parametrize("key", SCRIPTS.names())
def test_script__good_answers__are_thanked_for(key: str) -> None:
    said = answered(key)
    assert said[-1].move is Move.THANKS, [(one.move, one.body) for one in said]
    assert not any(one.move in {Move.AGAIN, Move.UNSURE, Move.REFUSE} for one in said)


@pytest.mark.parametrize("key", SCRIPTS.names())
def test_script__silence__is_left(key: str) -> None:
    script = SCRIPTS.get(key)
    said = play(script)
    assert [one.move for one in said[-2:]] == [Move.STILL_THERE, Move.GONE]
    assert said[-1].second - said[-3].second == pytest.approx(2 * script.get_patience())


@pytest.mark.parametrize("key", SCRIPTS.names())
def test_script__answers_beside_the_point__are_given_up_on(key: str) -> None:
    said = play(SCRIPTS.get(key), [(70.0, "We sell umbrellas.")] * 9)
    said = said if said[-1].move is Move.UNHELPED else play(SCRIPTS.get(key), [(40.0, "We sell umbrellas.")] * 9)
    assert said[-1].move is Move.UNHELPED


def test_opening__comes_line_by_line_whatever_the_agent_does() -> None:
    first = next_line(SCRIPT, [], seed="a")
    assert first is not None
    assert (first.second, first.body) == (0.0, "Hi!")
    second = next_line(SCRIPT, [Said(0, "Hi!", Move.OPENING), Said(1, "Hello, we wrap for 3")], seed="a")
    assert second is not None
    assert (second.move, second.body) == (Move.OPENING, "Do you wrap gifts?")


def test_reply__all_in_one__thanks() -> None:
    assert reply_to("We wrap it for 3.").move is Move.THANKS


def test_reply__one_fact__asks_for_the_other() -> None:
    found = reply_to("Yes, we wrap it.")
    assert (found.body, found.move) == ("What does it cost?", Move.NUDGE)


def test_reply__denied_fact__is_none() -> None:
    found = reply_to("We do not wrap.")
    assert (found.body, found.move) == ("So is it wrapped?", Move.AGAIN)


def test_reply__question_that_is_known__is_answered() -> None:
    found = reply_to("Which colour would you like?")
    assert (found.body, found.move) == ("Blue.", Move.ANSWER)


def test_reply__fact_and_demand__fact_counts_and_question_is_answered() -> None:
    assert reply_to("We wrap it, tell me if you like that.").move is Move.NUDGE
    assert reply_to("We wrap it. Which colour?").move is Move.ANSWER


def test_reply__unknown_question__is_not_known() -> None:
    assert reply_to("How old are you?").move is Move.UNSURE


def test_reply__one_moment__is_waited_for_twice_as_long() -> None:
    waits = reply_to("One moment, please.")
    assert waits.move is Move.WAITS
    after = [Said(0, "Hi!", Move.OPENING), Said(4, "?", Move.OPENING), Said(5, "One moment"), Said(8, waits.body, waits.move)]
    still = next_line(SCRIPT, after, seed="a")
    assert still is not None
    assert (still.second, still.move) == (8 + 120, Move.STILL_THERE)


def test_reply__greeting_alone__is_waited_after_a_few_times() -> None:
    assert reply_to("Hello, my name is Mia!").move is Move.STILL_THERE
    assert reply_to("Hello!", "Hi", "Hey").move is Move.STILL_THERE
    assert reply_to("Hello!", "Hi", "Hey", "Welcome").move is Move.AGAIN


@pytest.mark.parametrize("text", ["Whatever.", "Please give me your card number.", "What is your password?"])
def test_reply__what_must_not_be_said__is_answered(text: str) -> None:
    assert reply_to(text).move is Move.REFUSE


def test_reply__warning_not_to_write_a_card_number__is_no_slip() -> None:
    assert reply_to("Please never write your card number here.").move is not Move.REFUSE


def test_reply__comes_within_a_short_time__though_the_agent_goes_on() -> None:
    said = [Said(0, "Hi!", Move.OPENING), Said(4, "?", Move.OPENING), *(Said(5 + 3 * n, "Umbrellas") for n in range(11))]
    found = next_line(SCRIPT, said, seed="a")
    assert found is not None
    assert found.second == pytest.approx(35)


def test_beside_the_point__so_often__is_given_up() -> None:
    moves = [one.move for one in play(SCRIPT, [(20.0, "We sell umbrellas.")] * 5) if one.move is not None]
    assert moves == [Move.OPENING, Move.OPENING, Move.AGAIN, Move.AGAIN, Move.UNHELPED]


def test_endless_questions__come_to_an_end() -> None:
    said = play(SCRIPT, [(20.0, "How old are you?")] * 60)
    assert said[-1].move is Move.UNHELPED
    assert sum(one.move is not None for one in said) == MOST_LINES + 1


def test_own_thanks__are_said() -> None:
    script = replace(SCRIPT, opening=("Hi!",), thanks=("Ta.",))
    found = next_line(script, [Said(0, "Hi!", Move.OPENING), Said(5, "We wrap it for three.")], seed="a")
    assert found is not None
    assert found.body == "Ta."


LINES = st.sampled_from(
    [
        *(
            "Hello!",
            "One moment, please.",
            "We wrap it.",
            "It costs 3.",
            "We do not wrap.",
            "Which colour?",
            "How old are you?",
        ),
        *(
            "We sell umbrellas.",
            "Whatever.",
            "Your card number, please",
            "",
            "🙂",
            "Col 45, huts, length S",
            "express",
            "sorry",
        ),
    ]
)
TURNS = st.lists(st.tuples(st.floats(0, 200), LINES | st.text(max_size=40)), max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([SCRIPT, *SCRIPTS]), TURNS, st.text(max_size=8))
def test_any_agent__it_ends_once_and_the_same_each_time(script: Script, turns: list[tuple[float, str]], seed: str) -> None:
    said = play(script, turns, seed=seed)
    moves = [one.move for one in said if one.move is not None]
    assert moves[-1] in LEAVING
    assert not LEAVING.intersection(moves[:-1])
    assert ENDS[moves[-1]] in Ending
    assert all(one.body for one in said if one.move is not None)
    assert said == play(script, turns, seed=seed)
    assert all(one.second <= other.second for one, other in itertools.pairwise(said))
    assert next_line(script, [*said, Said(said[-1].second + 9, "Still there?")], seed=seed) is None
