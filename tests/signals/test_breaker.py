"""The circuit breaker, on a clock of our own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.signals.breaker import Breaker


def opened(*, at: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(3):
        breaker.record_failure(now=at)
    return breaker


def test_breaker__two_failures__still_admits() -> None:
    breaker = Breaker()
    breaker.record_failure(now=0)
    breaker.record_failure(now=0)

    assert breaker.admits(now=0)


def test_breaker__success_between_failures__starts_counting_again() -> None:
    breaker = Breaker()
    for _ in range(10):
        breaker.record_failure(now=0)
        breaker.record_failure(now=0)
        breaker.record_success()

    assert breaker.admits(now=0)


@pytest.mark.parametrize(("now", "admits"), [(0.0, False), (1.9, False), (2.0, True)])
def test_breaker__three_failures__pauses_two_seconds(now: float, admits: bool) -> None:
    assert opened().admits(now=now) is admits


def test_breaker__after_the_pause__lets_one_probe_through() -> None:
    breaker = opened()

    assert [breaker.admits(now=2.0) for _ in range(3)] == [True, False, False]


def test_breaker__probe_succeeds__closes() -> None:
    breaker = opened()
    breaker.admits(now=2.0)
    breaker.record_success()

    assert all(breaker.admits(now=2.0) for _ in range(3))


def test_breaker__probes_fail__pauses_double_up_to_a_minute() -> None:
    breaker, now, pauses = opened(), 0.0, []
    for _ in range(7):
        begun = now
        while not breaker.admits(now=now):
            now += 1
        pauses.append(now - begun)
        breaker.record_failure(now=now)

    assert pauses == [2, 4, 8, 16, 32, 60, 60]


@settings(deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(["fail", "succeed", "ask"]), st.floats(0, 100))))
def test_breaker__any_history__admits_again_within_a_minute(steps: list[tuple[str, float]]) -> None:
    breaker, now = Breaker(), 0.0
    for what, seconds in steps:
        now += seconds
        if what == "fail":
            breaker.record_failure(now=now)
        elif what == "succeed":
            breaker.record_success()
        else:
            breaker.admits(now=now)

    assert breaker.admits(now=now + 60)
