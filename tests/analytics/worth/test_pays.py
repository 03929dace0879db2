"""Is "it pays" said only when it is sure?"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oscar_engage.analytics.costs.ratio import NotYet, return_per_unit
from oscar_engage.analytics.stats.estimate import Estimate
from oscar_engage.analytics.worth.pays import Pays, judge_return

MONEY = st.integers(-10_000_000, 10_000_000)


@pytest.mark.parametrize("why", NotYet)
def test_judge_return__nothing_known__is_open(why: NotYet) -> None:
    assert judge_return(why) is Pays.OPEN


@given(ends=st.tuples(MONEY, MONEY, MONEY).map(sorted), cost=st.integers(1, 1_000_000))
def test_judge_return__any_interval__says_what_holds_for_all_of_it(ends: list[int], cost: int) -> None:
    low, value, high = ends
    assume(cost not in ends)  # where a division rounds, nothing hangs on which side
    said = judge_return(return_per_unit(Estimate(value, low, high), cost))
    assert (said is Pays.MORE) == (low > cost)
    assert (said is Pays.LESS) == (high < cost)
