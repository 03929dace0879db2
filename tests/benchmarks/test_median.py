"""How sure a median is."""

import random

import pytest

from benchmarks.median import find_median


def test_find_median__six_values__says_the_whole_range() -> None:
    found = find_median([5, 1, 9, 3, 7, 11])

    assert (found.value, found.low, found.high) == (6, 1, 11)


@pytest.mark.parametrize(("size", "rank"), [(8, 0), (9, 1), (20, 5), (100, 39), (2000, 955)])
def test_find_median__more_values__leaves_out_as_many_as_the_table_of_the_binomial(size: int, rank: int) -> None:
    found = find_median(range(size))

    assert (found.low, found.high) == (rank, size - 1 - rank)


def test_find_median__skewed_noise__covers_the_true_one_95_times_in_a_hundred() -> None:
    chance = random.Random(7)

    found = [find_median(chance.lognormvariate(0, 1) - 1 for _value in range(60)) for _sample in range(400)]

    covered = sum(one.low <= 0 <= one.high for one in found)
    assert 370 <= covered <= 400


def test_find_median__too_few__refuses() -> None:
    with pytest.raises(ValueError, match="say nothing"):
        find_median([1, 2, 3, 4, 5])
