"""Costly variables share a beat's time; what comes after it is spent is unknown."""

from collections.abc import Iterator
from typing import Any

import pytest

from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.types import Integer
from oscar_engage.rules.variables import CHEAP, COSTLY, VARIABLES, reading, variable
from oscar_engage.signals.counters import snapshot, tallies
from tests.rules.moments import make_moment


class Clock:
    """A clock that only the variables move."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(settings: Any) -> Iterator[Clock]:
    settings.OSCAR_ENGAGE = {"COSTLY_BUDGET_MS": 50}
    before, clock = dict(VARIABLES._entries), Clock()
    for name, milliseconds in (("a", 30), ("b", 30), ("c", 1), ("slow", 80), ("plain", 0)):

        def ask(moment: Moment, milliseconds: int = milliseconds) -> Value:
            clock.now += milliseconds / 1000
            return milliseconds

        variable(f"test.{name}", type=Integer(), label="", group="", cost=COSTLY if milliseconds else CHEAP)(ask)
    yield clock
    VARIABLES._entries = before


def test_budget__within__everything_is_known(clock: Clock) -> None:
    read = reading(make_moment(), clock=clock)
    assert [read("test.a"), read("test.c")] == [30, 1]


def test_budget__spent__the_other_costly_ones_are_unknown_and_counted(clock: Clock) -> None:
    before = snapshot().get("dropped:costly", 0)
    read = reading(make_moment(), clock=clock)
    assert [read(f"test.{name}") for name in ("a", "b", "c", "plain")] == [30, 30, UNKNOWN, 0]
    assert read("test.a") == 30  # asked once, and not forgotten
    assert snapshot()["dropped:costly"] == before + 1
    assert reading(make_moment(), clock=clock)("test.c") == 1  # the next beat has its own


def test_budget__one_that_takes_all_of_it__is_counted_with_its_name(clock: Clock) -> None:
    before = snapshot().get("slow:variable", 0)
    read = reading(make_moment(), clock=clock)
    assert [read("test.slow"), read("test.c")] == [80, UNKNOWN]
    assert snapshot()["slow:variable"] == before + 1
    assert tallies()["slow:variable"].error == "test.slow: 80 ms"


def test_budget__spent__tells_what_was_not_asked(clock: Clock) -> None:
    moment = make_moment()
    read = reading(moment, clock=clock)
    assert [read(f"test.{name}") for name in ("a", "b", "plain")] == [30, 30, 0]
    assert moment.unasked == set()
    read("test.c")
    assert moment.unasked == {"test.c"}
