"""Do the sums of an arm add up, exactly, and do they say what numpy says of the values?"""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.stats.moments import Moments

minor_units = st.integers(-(10**9), 10**9)
pairs = st.lists(st.tuples(minor_units, minor_units), max_size=20)


@given(pairs, pairs, pairs)
def test_add__groups_in_any_order_and_grouping__is_that_of_all_units(a: list, b: list, c: list) -> None:
    """Moments are a commutative monoid, and ``of`` is a homomorphism from lists: exact, for the sums are whole numbers."""
    one, two, three = (Moments.of(each) for each in (a, b, c))
    assert (one + two) + three == one + (two + three) == Moments.of(a + b + c)
    assert one + two == two + one
    assert one + Moments() == one


@given(pairs)
def test_numbers__through_json__come_back_exactly(values: list) -> None:
    moments = Moments.of(values)
    assert Moments.from_numbers(json.loads(json.dumps(moments.as_numbers()))) == moments


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 100)), min_size=2, max_size=30))
def test_variances__of_minor_units__as_numpy_says(values: list) -> None:
    moments = Moments.of(values)
    y, x = np.array(values, dtype=float).T
    covariance = np.cov(y, x)
    assert moments.mean_y == pytest.approx(y.mean())
    assert moments.mean_x == pytest.approx(x.mean())
    assert moments.variance_y == pytest.approx(covariance[0, 0], rel=1e-9, abs=1e-6)
    assert moments.variance_x == pytest.approx(covariance[1, 1], rel=1e-9, abs=1e-6)
    assert moments.covariance == pytest.approx(covariance[0, 1], rel=1e-9, abs=1e-6)
    assert moments.positives == np.count_nonzero(y)


def test_variance__of_whole_numbers_far_from_nothing__cancels_nothing() -> None:
    values = [10**12 + step for step in range(5)]
    assert Moments.of_values(values).variance_y == 2.5


def test_variance__of_floats_all_alike__is_not_negative() -> None:
    assert Moments.of_values([0.1] * 1_000).variance_y >= 0


def test_of_share__successes_and_units__is_that_of_noughts_and_ones() -> None:
    assert Moments.of_share(3, 5) == Moments.of_values([1, 1, 1, 0, 0])
    assert Moments.of_share(3, 5).is_share
    assert not Moments.of_values([1, 2, 0]).is_share


@pytest.mark.parametrize(
    "numbers",
    [
        (1, 1, 1),
        (1, 2, 1, 1, 0, 0, 0),
        (-1, 0, 0, 0, 0, 0, 0),
        (1.5, 1, 1, 1, 0, 0, 0),
        (2, 0.5, 1, 1, 0, 0, 0),
        (2, 1, float("nan"), 1, 0, 0, 0),
    ],
)
def test_from_numbers__of_no_group__raises(numbers: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="not"):
        Moments.from_numbers(numbers)
