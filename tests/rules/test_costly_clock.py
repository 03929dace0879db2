"""A costly variable that grows with time is asked once a beat: what it reads later follows from what it read."""

from collections.abc import Iterator

import pytest

from oscar_engage.rules.engine.ruleset import build_rule_set
from oscar_engage.rules.engine.values import UNKNOWN, Value
from oscar_engage.rules.engine.wake import TICK
from oscar_engage.rules.grammar import parse_document
from oscar_engage.rules.moment import Moment
from oscar_engage.rules.parameters import Parameter
from oscar_engage.rules.types import Duration, Integer
from oscar_engage.rules.variables import COSTLY, VARIABLES, clock_names, costly_names, reading, reading_later, variable
from tests.rules.moments import condition, make_moment, rule_json

ASKED: list[int] = []
READS: list[Value] = []


@pytest.fixture(autouse=True)
def _variable() -> Iterator[None]:
    before = dict(VARIABLES._entries)
    ASKED.clear()
    READS[:] = [100.0]

    @variable(
        "test.since",
        type=Duration(),
        label="since",
        group="Test",
        clock=True,
        cost=COSTLY,
        parameters=[Parameter("of", Integer(), label="Of", is_required=True)],
    )
    def since(moment: Moment, *, of: int) -> Value:
        ASKED.append(of)
        return READS[0]

    yield
    VARIABLES._entries = before


@pytest.mark.parametrize("most_closures", [0, 10])
@pytest.mark.parametrize(
    ("reads", "wake"), [(100.0, 20 + TICK), (UNKNOWN, None), (130.0, None), (float("nan"), None), ("rubbish", None)]
)
def test_wake__costly_clock__is_asked_once_and_exact(reads: Value, wake: float | None, most_closures: int) -> None:
    READS[:] = [reads]
    documents = [
        parse_document(rule_json(condition("test.since", "between", [120, 125], of=1), condition("page.kind", "=", kind)))
        for kind in ("product", "product", "home")
    ]
    rules = build_rule_set(documents, clocks=clock_names(), costly=costly_names(), most_closures=most_closures)
    moment = make_moment()
    read = reading(moment)
    found = rules.matches(read)
    assert found == []
    assert rules.next_wake(found, read_at=reading_later(moment, read)) == (None if wake is None else pytest.approx(wake))
    assert ASKED == [1]


def test_wake__costly_clock_that_the_budget_left_unasked__stays_unknown() -> None:
    ticks = iter(range(0, 1000_000, 100))
    moment = make_moment()
    read = reading(moment, clock=lambda: float(next(ticks)))
    assert read("test.since?of=1") == 100.0
    assert read("test.since?of=2") is UNKNOWN
    assert reading_later(moment, read)(5.0)("test.since?of=2") is UNKNOWN
    assert ASKED == [1]
