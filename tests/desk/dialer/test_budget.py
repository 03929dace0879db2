"""Is the predictive dialer never meeker than the strict one, never bolder than its target, and is the sum counted right?"""

from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.dialer import budget
from oscar_engage.desk.dialer.budget import Kept, Pool, Target, allowance, at_least, may_invite, risk
from oscar_engage.desk.dialer.forecast import Rates

TARGET = Target(share=0.03, wait=20.0)
RATES = Rates(acceptance=0.3, answer=13, lead=25, talk=220, spread=0.8)
AGES = st.lists(st.floats(0, 1000), max_size=20)
POOLS = st.builds(Pool, free=st.integers(0, 10), chats=AGES, invited=AGES, coming=st.integers(0, 10))


@given(pool=POOLS, kept=st.builds(Kept, seated=st.integers(0, 200), late=st.integers(0, 200)))
def test_may_invite__a_free_slot_for_each__always(pool: Pool, kept: Kept) -> None:
    if pool.free > len(pool.invited) + pool.coming:
        assert may_invite(pool, RATES, TARGET, kept)


@given(pool=POOLS)
def test_may_invite__beyond_the_free_slots__only_within_the_target(pool: Pool) -> None:
    if pool.free <= len(pool.invited) + pool.coming and may_invite(pool, RATES, TARGET, Kept()):
        assert risk(pool, RATES, wait=TARGET.wait) <= TARGET.share


def test_may_invite__few_accept__more_than_there_are_slots() -> None:
    invited = [30.0, 20.0, 10.0]
    assert may_invite(Pool(free=3, invited=invited), RATES, TARGET, Kept())
    assert not may_invite(Pool(free=3, invited=invited), Rates(), TARGET, Kept())  # a new shop knows nothing yet
    assert not may_invite(Pool(free=1, invited=[0.0]), RATES, TARGET, Kept())


def test_may_invite__target_missed_lately__like_the_strict_dialer() -> None:
    pool, missed = Pool(free=3, invited=[30.0, 20.0, 10.0]), Kept(seated=100, late=4)
    assert not may_invite(pool, RATES, TARGET, missed)
    assert may_invite(Pool(free=4, invited=pool.invited), RATES, TARGET, missed)
    assert allowance(TARGET, missed) == 0
    assert allowance(TARGET, Kept(seated=100, late=3)) == TARGET.share


def test_risk__chats_about_to_end__is_less() -> None:
    fresh, long = Pool(free=0, chats=[0.0] * 30), Pool(free=0, chats=[400.0] * 30)
    assert risk(long, RATES, wait=20) < risk(fresh, RATES, wait=20) <= 1
    assert risk(Pool(free=0), RATES, wait=20) == 1


@given(chances=st.lists(st.floats(0, 1), max_size=8), number=st.integers(-1, 9))
def test_at_least__few_events__is_the_sum_over_all_cases(chances: list[float], number: int) -> None:
    cases = product([True, False], repeat=len(chances))
    wanted = sum(
        prod(chance if happens else 1 - chance for chance, happens in zip(chances, case, strict=True))
        for case in cases
        if sum(case) >= number
    )
    assert at_least(number, chances) == pytest.approx(wanted, abs=1e-9)


@given(chances=st.lists(st.floats(0.05, 0.95), min_size=31, max_size=60), share=st.floats(0, 1))
def test_at_least__many_events__is_as_good_as_counted(chances: list[float], share: float) -> None:
    number = int(share * len(chances)) + 1
    assert at_least(number, chances) == pytest.approx(budget._counted(number, chances), abs=0.05)


def test_at_least__many_certain_events__is_certain() -> None:
    assert at_least(40, [1.0] * 40) == 1
    assert at_least(40, [1.0] * 39 + [0.0]) == 0
