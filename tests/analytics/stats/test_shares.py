"""Is the difference of shares that of Newcombe?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from oscar_engage.analytics.stats.shares import difference_of_shares

cases = st.integers(1, 500).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


def test_difference__newcombe_1998_table_2__agrees() -> None:
    """56 of 70 and 48 of 80: his case (a), method 10."""
    found = difference_of_shares((56, 70), (48, 80))
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@given(cases, cases)
def test_difference__any_shares__as_statsmodels_says(first: tuple[int, int], second: tuple[int, int]) -> None:
    found = difference_of_shares(first, second)
    low, high = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    assert -1 <= found.low <= found.value <= found.high <= 1


def test_difference__of_nothing__raises() -> None:
    with pytest.raises(ValueError, match="not a share"):
        difference_of_shares((0, 0), (1, 2))
