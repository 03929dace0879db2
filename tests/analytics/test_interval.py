"""Does the interval hold what Wilson's formula promises?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.analytics.interval import FEWEST_VISITORS, rate_or_nothing, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 50, 0.0435, 0.2136), (50, 100, 0.4038, 0.5962)],
)
def test_wilson__published_cases__agrees_to_four_digits(successes: int, trials: int, low: float, high: float) -> None:
    rate = wilson(successes, trials)
    assert rate.low == pytest.approx(low, abs=5e-5)
    assert rate.high == pytest.approx(high, abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson__any_share__lies_inside_its_interval(case: tuple[int, int]) -> None:
    rate = wilson(*case)
    assert 0 <= rate.low <= rate.value <= rate.high <= 1


@pytest.mark.parametrize(("successes", "trials"), [(1, 0), (2, 1), (-1, 5)])
def test_wilson__not_a_share__raises(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson(successes, trials)


def test_rate_or_nothing__one_visitor_short__says_nothing() -> None:
    assert rate_or_nothing(10, FEWEST_VISITORS - 1) is None
    assert rate_or_nothing(10, FEWEST_VISITORS) is not None
