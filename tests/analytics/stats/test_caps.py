"""Is the cap the percentile that numpy finds, and does it bind nobody else?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.analytics.stats.caps import FEWEST_ORDERS, cap, find_cap, find_cap_of_counts


@settings(max_examples=30)
@given(st.lists(st.integers(1, 10**6), min_size=FEWEST_ORDERS, max_size=150), st.sampled_from([0.5, 0.9, 0.99, 1.0]))
def test_find_cap__order_totals__as_numpy_says(totals: list[int], share: float) -> None:
    assert find_cap(totals, share=share) == np.quantile(totals, share, method="inverted_cdf")


def test_find_cap__hundred_orders__leaves_the_largest_out() -> None:
    assert find_cap(range(1, 101)) == 99


def test_find_cap__fewer_than_a_hundred__is_none() -> None:
    assert find_cap(range(99)) is None
    assert find_cap_of_counts({50: 99}) is None


@pytest.mark.parametrize(("value", "at", "counted"), [(120, 100, 100), (80, 100, 80), (-120, 100, -100), (120, None, 120)])
def test_cap__a_sum__counts_up_to_it(value: float, at: float | None, counted: float) -> None:
    assert cap(value, at) == counted
