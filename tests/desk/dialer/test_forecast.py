"""Is a new shop careful, does it learn, and are the chances ones?"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.desk.dialer.forecast import (
    PRIOR_ACCEPTANCE,
    PRIOR_ANSWER,
    PRIOR_LEAD,
    PRIOR_SPREAD,
    PRIOR_TALK,
    Rates,
    chance_accepted,
    chance_over,
    estimate,
)

SPANS = st.floats(0, 10_000)
RATES = st.builds(
    Rates, acceptance=st.floats(0.001, 0.999), answer=st.floats(1, 600), talk=st.floats(10, 3600), spread=st.floats(0.1, 2)
)


def test_estimate__nothing_seen_yet__is_the_careful_prior() -> None:
    rates = estimate(answers=0, accepted=[], leads=[], talks=[])
    assert rates.acceptance == PRIOR_ACCEPTANCE
    assert (rates.answer, rates.lead) == (PRIOR_ANSWER, PRIOR_LEAD)
    assert (rates.talk, rates.spread) == (pytest.approx(PRIOR_TALK), pytest.approx(PRIOR_SPREAD))


def test_estimate__many_seen__is_what_was_seen() -> None:
    rates = estimate(answers=2000, accepted=[15.0] * 600, leads=[30.0] * 2000, talks=[120.0] * 2000)
    assert rates.acceptance == pytest.approx(0.3, abs=0.01)
    assert rates.answer == pytest.approx(15, abs=1)
    assert rates.lead == pytest.approx(30, abs=0.5)
    assert rates.talk == pytest.approx(120, rel=0.02)
    assert rates.spread < 0.15


def test_estimate__a_chat_without_length__counts_as_a_second() -> None:
    assert (
        estimate(answers=0, accepted=[], leads=[], talks=[0.0]).talk
        == estimate(answers=0, accepted=[], leads=[], talks=[1.0]).talk
    )


@given(rates=RATES, age=SPANS, more=SPANS)
def test_chance_accepted__the_longer_unanswered__the_less_likely(rates: Rates, age: float, more: float) -> None:
    assert 0 <= chance_accepted(age + more, rates) <= chance_accepted(age, rates) <= rates.acceptance + 1e-9


@given(rates=RATES, age=SPANS, within=SPANS, more=SPANS)
def test_chance_over__the_longer_one_waits__the_more_likely(rates: Rates, age: float, within: float, more: float) -> None:
    sooner, later = chance_over(age, within, rates), chance_over(age, within + more, rates)
    assert 0 <= sooner <= later + 1e-9
    assert later <= 1


def test_chance_over__new_chat__half_are_over_at_the_median() -> None:
    assert chance_over(0, 200, Rates(talk=200, spread=0.7)) == pytest.approx(0.5)
    assert chance_over(0, 0, Rates()) == 0
    assert chance_over(1e12, 1, Rates(spread=0.1)) == 0  # nobody lasts so long: nothing is counted on
    assert math.isclose(chance_accepted(0, Rates(acceptance=0.4)), 0.4)
    assert chance_accepted(1e6, Rates()) == 0
