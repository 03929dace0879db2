"""When has what is seen moved away from what was learnt from?"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.learning.nightly.sample import Reservoir
from oscar_engage.learning.nightly.stability import (
    FEWEST,
    compare,
    find_edges,
    find_shares,
    psi,
    read_reference,
    take_reference,
    write_reference,
)

COLUMNS = st.lists(st.none() | st.floats(-1e6, 1e6), max_size=60)


def vectors(number: int, seed: int, *, shift: float = 0.0, missing: float = 0.0) -> list[tuple[float | None, float]]:
    chance = random.Random(seed)
    return [
        (None if chance.random() < missing else chance.gauss(shift, 1), float(chance.random() < 0.3)) for _each in range(number)
    ]


@given(COLUMNS)
def test_shares__add_up(column: list[float | None]) -> None:
    shares = find_shares(column, find_edges([value for value in column if value is not None]))
    assert sum(shares) == pytest.approx(1 if column else 0)


@given(COLUMNS, COLUMNS)
def test_psi__is_never_negative_and_nothing_for_the_same(then: list[float | None], now: list[float | None]) -> None:
    edges = find_edges([value for value in then if value is not None])
    before, after = find_shares(then, edges), find_shares(now, edges)
    assert psi(before, before) == 0
    assert psi(before, after) >= 0
    assert psi(before, after) == pytest.approx(psi(after, before))


def test_psi__as_worked_out_by_hand() -> None:
    assert psi((0.5, 0.5), (0.25, 0.75)) == pytest.approx(0.25 * 0.6931472 + 0.25 * 0.4054651)


def test_reference__survives_being_written() -> None:
    reference = take_reference(("one", "two"), vectors(500, 1, missing=0.1), rate=12.5)
    assert read_reference(write_reference(reference)) == reference


@pytest.mark.parametrize("raw", [None, {}, {"features": {}}, {"features": {"a": [1]}, "rate": 1}, {"features": 1, "rate": 1}])
def test_reference__nonsense_is_none(raw: object) -> None:
    assert read_reference(raw) is None


@pytest.mark.parametrize(
    ("recent", "verdict"),
    [
        (vectors(FEWEST - 1, 2), "unknown"),
        (vectors(1000, 3), "steady"),
        (vectors(1000, 4, shift=1.0), "drifting"),
        (vectors(1000, 5, missing=0.6), "broken"),
    ],
    ids=["few", "same", "moved", "missing"],
)
def test_compare__says_what_is_the_matter(recent: list[tuple[float | None, float]], verdict: str) -> None:
    reference = take_reference(("one", "two"), vectors(2000, 1), rate=50)
    said = compare(reference, ("one", "two"), recent, rate=50)
    assert said["verdict"] == verdict
    assert said["missing"] == (["one"] if verdict == "broken" else [])
    assert said["rate"] == 1


def test_compare__a_shop_in_which_nobody_reports_is_broken() -> None:
    reference = take_reference(("one", "two"), vectors(2000, 1), rate=50)
    assert compare(reference, ("one", "two"), [], rate=4.9)["verdict"] == "broken"
    assert compare(reference, ("one", "two"), [], rate=5.1)["verdict"] == "unknown"


def test_compare__a_small_shop_may_be_empty_for_a_day() -> None:
    reference = take_reference(("one", "two"), vectors(2000, 1), rate=2)
    assert compare(reference, ("one", "two"), [], rate=0)["verdict"] == "unknown"


def test_compare__a_feature_that_was_not_there_is_passed_over() -> None:
    reference = take_reference(("one",), [(1.0,)] * 400, rate=0)
    said = compare(reference, ("new", "one"), [(5.0, 1.0)] * 400, rate=0)
    assert (said["verdict"], [name for name, _psi in said["worst"]], said["rate"]) == ("steady", ["one"], None)


def test_sample__each_is_as_likely() -> None:
    taken = [0] * 20
    for seed in range(2000):
        reservoir: Reservoir[int] = Reservoir(5, seed.to_bytes(4, "big"))
        for number in range(20):
            reservoir.show(number)
        assert len(set(reservoir.items)) == 5
        for number in reservoir.items:
            taken[number] += 1
    assert all(400 < count < 600 for count in taken)
