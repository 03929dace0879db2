"""Does a median that is read from classes stay close to the true one?"""

from collections import Counter
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.staffing.classes import HIGHEST, class_of, edge_of, quantile

SECONDS = st.floats(0, 80 * 24 * 3600)


@given(SECONDS)
def test_class_of__any_time__lies_between_the_edges(seconds: float) -> None:
    place = int(class_of(seconds))
    assert edge_of(place) <= seconds * (1 + 1e-9) + 1e-9
    assert place == HIGHEST or seconds <= edge_of(place + 1) * (1 + 1e-9) + 1e-9


@given(SECONDS, SECONDS)
def test_class_of__longer__sorts_behind(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert class_of(low) <= class_of(high)


def test_class_of__ends__are_the_first_and_the_last() -> None:
    assert class_of(-3) == class_of(0) == "00"
    assert class_of(10**12) == str(HIGHEST)
    assert edge_of(HIGHEST) == pytest.approx(100 * 86400, rel=0.1)


@given(st.lists(SECONDS, min_size=1, max_size=60))
def test_quantile__median__is_within_the_class_of_the_true_one(values: list[float]) -> None:
    low, high = sorted(values)[(len(values) - 1) // 2], sorted(values)[len(values) // 2]
    found = quantile(Counter(map(class_of, values)), 0.5)
    assert found is not None
    assert edge_of(int(class_of(low))) <= found <= edge_of(int(class_of(high)) + 1) * (1 + 1e-9)


@given(st.floats(60, 10**6))
def test_quantile__one_value__is_at_most_a_tenth_off(seconds: float) -> None:
    found = quantile({class_of(seconds): 1}, 0.5)
    assert found == pytest.approx(median([seconds]), rel=0.11)


def test_quantile__nothing__is_nothing() -> None:
    assert quantile({}, 0.5) is None
    assert quantile({"03": 0}, 0.5) is None
    assert quantile({"03": 0, "04": 2}, 1.0) == pytest.approx(edge_of(5))
