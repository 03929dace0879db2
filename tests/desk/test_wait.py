"""Is what we say of the wait honest, and does it stay put?"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.routing import Candidate, HeadStarts, Waiting
from oscar_engage.desk.wait import (
    LONGEST,
    MOST_MINUTES,
    PRIOR_CHATS,
    PRIOR_SECONDS,
    SHORTEST,
    Expected,
    expect,
    steady,
    usual_length,
)

LENGTH = 600.0


def chat(number: int = 1, waited: float = 0.0, **more: object) -> Waiting:
    return Waiting(id=number, waited=waited, **more)  # type: ignore[arg-type]  # a test's shorthand


def agent(number: int = 1, **more: object) -> Candidate:
    return Candidate(id=number, **{"capacity": 30, **more})  # type: ignore[arg-type]  # a test's shorthand


def test_expect__somebody_is_free__at_once() -> None:
    assert expect(1, [chat()], [agent(load=20)], length=LENGTH) == Expected(position=1, seconds=0.0)


def test_expect__nobody_is_there_or_fits__cannot_be_said() -> None:
    assert expect(1, [chat()], [], length=LENGTH).seconds is None
    assert expect(1, [chat(skill="returns")], [agent()], length=LENGTH) == Expected(position=1, seconds=None)


def test_expect__all_are_busy__as_soon_as_the_first_of_their_chats_is_over() -> None:
    assert expect(1, [chat()], [agent(load=30)], length=LENGTH).seconds == LENGTH / 4
    assert expect(1, [chat()], [agent(capacity=10, load=10)], length=LENGTH).seconds == LENGTH / 2
    assert expect(1, [chat()], [agent(load=30), agent(2, capacity=10, load=10)], length=LENGTH).seconds == LENGTH / 4


def test_expect__more_chats_than_slots__so_many_have_to_end_first() -> None:
    assert expect(1, [chat()], [agent(capacity=20, load=40)], length=LENGTH).seconds == LENGTH * 3 / 5


def test_expect__no_slot_at_all__cannot_be_said() -> None:
    assert expect(1, [chat()], [agent(capacity=0)], length=LENGTH).seconds is None


def test_expect__others_are_ahead__takes_them_first_and_counts_those_for_the_same_agents() -> None:
    line = [chat(1, waited=9.0), chat(2, waited=5.0, skill="returns"), chat(3, waited=1.0)]
    there = [agent(1, capacity=10), agent(2, capacity=10, skills={"returns": 2}, languages=frozenset({"de"}))]
    plain = [replace(one, language="fr") if one.id != 2 else replace(one, language="de") for one in line]

    assert expect(3, plain, there, length=LENGTH) == Expected(position=2, seconds=LENGTH)
    assert expect(2, plain, there, length=LENGTH) == Expected(position=1, seconds=0.0)


def test_expect__head_start__is_taken_first() -> None:
    line = [chat(1, waited=9.0), chat(2, waited=5.0, is_customer=True)]
    head_starts = HeadStarts(customer=60)

    assert expect(2, line, [agent(capacity=10)], length=LENGTH, head_starts=head_starts).position == 1
    assert expect(1, line, [agent(capacity=10)], length=LENGTH, head_starts=head_starts).position == 2


def test_expect__nobody_fits__all_that_came_before_are_ahead() -> None:
    assert expect(2, [chat(1, waited=9.0), chat(2)], [], length=LENGTH).position == 2


CHATS = st.lists(
    st.builds(lambda waited, skill: (waited, skill), st.floats(0, 1e4), st.sampled_from(["", "returns"])),
    min_size=1,
    max_size=12,
)
AGENTS = st.lists(
    st.builds(lambda capacity, load, skill: (capacity, load, skill), st.integers(0, 5), st.integers(0, 60), st.booleans()),
    max_size=5,
)


def build(chats: list[tuple[float, str]], agents: list[tuple[int, int, bool]]) -> tuple[list[Waiting], list[Candidate]]:
    line = [chat(number, waited=waited, skill=skill) for number, (waited, skill) in enumerate(chats)]
    return line, [
        agent(number, capacity=10 * capacity, load=load, skills={"returns": 1} if skilled else {})
        for number, (capacity, load, skilled) in enumerate(agents)
    ]


@given(chats=CHATS, agents=AGENTS)
def test_expect__any_desk__place_is_in_line_and_time_grows_with_the_length(
    chats: list[tuple[float, str]], agents: list[tuple[int, int, bool]]
) -> None:
    line, there = build(chats, agents)
    for one in line:
        found = expect(one.id, line, there, length=LENGTH)
        longer = expect(one.id, line, there, length=2 * LENGTH)
        assert 1 <= found.position <= len(line)
        assert found.position == longer.position
        assert (found.seconds is None) == (longer.seconds is None)
        if found.seconds is not None and longer.seconds is not None:
            assert longer.seconds == pytest.approx(2 * found.seconds)


@given(chats=CHATS, agents=AGENTS, capacity=st.integers(1, 5))
def test_expect__one_more_agent_of_all_that_are_alike__nobody_waits_longer(
    chats: list[tuple[float, str]], agents: list[tuple[int, int, bool]], capacity: int
) -> None:
    line, there = build([(waited, "") for waited, _skill in chats], agents)
    more = [*there, agent(99, capacity=10 * capacity)]
    for one in line:
        before = expect(one.id, line, there, length=LENGTH).seconds
        after = expect(one.id, line, more, length=LENGTH).seconds
        assert after is not None
        assert before is None or after <= before


def test_usual_length__no_chats__the_prior() -> None:
    assert usual_length([]) == PRIOR_SECONDS


def test_usual_length__many__their_median_and_one_left_open_overnight_moves_nothing() -> None:
    measured = [300.0] * 200
    assert usual_length(measured) == pytest.approx(300, abs=10)
    assert usual_length([*measured, 40_000.0]) == pytest.approx(usual_length(measured), abs=1)


def test_usual_length__few__is_drawn_towards_the_prior() -> None:
    assert usual_length([300.0] * PRIOR_CHATS) == (300 + PRIOR_SECONDS) / 2


@given(st.lists(st.floats(-1e6, 1e9), max_size=60))
def test_usual_length__anything_measured__within_bounds(lengths: list[float]) -> None:
    assert SHORTEST <= usual_length(lengths) <= LONGEST


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0, 0), (59, 0), (60, 1), (61, 2), (200, 4), (310, 7), (3600, MOST_MINUTES), (3601, MOST_MINUTES + 1), (1e6, 61)],
)
def test_steady__nothing_said_yet__rounded_up_to_few_steps(seconds: float, minutes: int) -> None:
    assert steady(None, seconds) == minutes


@pytest.mark.parametrize(
    ("shown", "seconds", "minutes"),
    [(3, 170, 3), (3, 110, 2), (3, 190, 3), (3, 240, 3), (3, 250, 5), (0, 60, 0), (0, 61, 2), (20, 1499, 20), (20, 1501, 30)],
)
def test_steady__said_before__less_at_once_and_more_only_when_it_was_quite_wrong(
    shown: int, seconds: float, minutes: int
) -> None:
    assert steady(shown, seconds) == minutes


@given(shown=st.integers(0, 999), seconds=st.lists(st.floats(0, 1e5), min_size=2, max_size=2))
def test_steady__any_history__what_is_said_twice_changes_nothing_and_is_not_far_too_low(
    shown: int, seconds: list[float]
) -> None:
    said = steady(shown, seconds[0])
    assert steady(said, seconds[0]) == said
    assert seconds[0] / 60 <= max(said + max(1, said / 4), 0) or said == MOST_MINUTES + 1
