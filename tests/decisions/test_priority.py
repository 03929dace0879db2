"""The merchant's formula: what it says, and laws that hold for every one."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_engage.decisions.priority import (
    BASKET,
    BY_NUMBER,
    CUSTOMER,
    MOST,
    Claim,
    Formula,
    Situation,
    in_order,
    parts_of,
    points_of,
    rank,
)

AMOUNTS = st.floats(allow_nan=True, allow_infinity=True)
FORMULAS = st.builds(
    Formula,
    is_number_first=st.booleans(),
    value_weight=st.floats(0, 100),
    basket_percent=st.floats(0, 100),
    customer_percent=st.floats(0, 100),
    unknown_basket=st.floats(0, 1e6),
    unknown_customer=st.floats(0, 1e6),
)
CLAIMS = st.lists(
    st.builds(
        Claim,
        rule_id=st.integers(1, 50),
        number=st.integers(-5, 5),
        goal=st.sampled_from(["", BASKET, CUSTOMER]),
        value=AMOUNTS,
    ),
    unique_by=lambda claim: claim.rule_id,
    max_size=8,
)
SITUATIONS = st.builds(Situation, basket=st.none() | AMOUNTS, customer=st.none() | AMOUNTS)
FULL = Formula(is_number_first=False, value_weight=2, basket_percent=20, customer_percent=5, unknown_basket=40)


@pytest.mark.parametrize(
    ("claim", "situation", "points"),
    [
        (Claim(rule_id=1, number=1, value=3), Situation(basket=250, customer=1000), 6),
        (Claim(rule_id=1, number=1, value=3, goal=BASKET), Situation(basket=250), 56),
        (Claim(rule_id=1, number=1, goal=BASKET), Situation(), 8),
        (Claim(rule_id=1, number=1, goal=CUSTOMER), Situation(customer=1000), 50),
        (Claim(rule_id=1, number=1, goal=CUSTOMER), Situation(), 0),
        (Claim(rule_id=1, number=1, goal=BASKET), Situation(basket=1e12), 200_000),
        (Claim(rule_id=1, number=1, goal=BASKET), Situation(basket=math.nan), 0),
    ],
)
def test_points__a_rule_in_a_situation__are_the_sum_of_its_parts(claim: Claim, situation: Situation, points: float) -> None:
    assert points_of(claim, situation, FULL) == points


def test_parts__an_amount_not_known__say_so() -> None:
    (part,) = parts_of(Claim(rule_id=1, number=1, goal=BASKET), Situation(), FULL)
    assert (part.what, part.factor, part.amount, part.is_known) == (BASKET, 0.2, 40, False)


def test_order__number_first__points_decide_among_equal_numbers_only() -> None:
    low, high = Claim(rule_id=1, number=1), Claim(rule_id=2, number=1, value=9)
    last = Claim(rule_id=3, number=2, value=99)
    by_number = Formula(value_weight=1)
    assert [claim.rule_id for claim in in_order([low, high, last], Situation(), by_number)] == [2, 1, 3]
    assert [claim.rule_id for claim in in_order([low, high, last], Situation(), FULL)] == [3, 2, 1]


@given(CLAIMS, SITUATIONS)
def test_order__default__is_that_of_the_priority_numbers(claims: list[Claim], situation: Situation) -> None:
    assert BY_NUMBER.is_silent
    by_number = sorted(claims, key=lambda claim: (claim.number, claim.rule_id))
    assert list(in_order(claims, situation, BY_NUMBER)) == by_number
    assert list(in_order(claims, situation, Formula(is_number_first=False, unknown_basket=5))) == by_number


@given(CLAIMS, SITUATIONS, FORMULAS)
def test_order__whatever_is_said__is_whole_bounded_and_the_same_however_they_come(
    claims: list[Claim], situation: Situation, formula: Formula
) -> None:
    ordered = in_order(claims, situation, formula)
    assert all(list(in_order(mixed, situation, formula)) == list(ordered) for mixed in itertools.islice(_mixes(claims), 6))
    assert len({rank(claim, situation, formula) for claim in claims}) == len(claims)
    assert all(0 <= points_of(claim, situation, formula) <= 2 * MOST for claim in claims)


@given(CLAIMS, SITUATIONS, FORMULAS)
def test_order__one_rule_taken_away__leaves_the_others_as_they_were(
    claims: list[Claim], situation: Situation, formula: Formula
) -> None:
    ordered = list(in_order(claims, situation, formula))
    for gone in ordered:
        rest = [claim for claim in claims if claim is not gone]
        assert list(in_order(rest, situation, formula)) == [claim for claim in ordered if claim is not gone]


@given(st.floats(0, 1e7), st.floats(0, 1e7), FORMULAS)
def test_points__a_larger_basket__are_never_fewer(one: float, other: float, formula: Formula) -> None:
    small, large = sorted((one, other))
    claim = Claim(rule_id=1, number=1, goal=BASKET)
    assert points_of(claim, Situation(basket=small), formula) <= points_of(claim, Situation(basket=large), formula)


def _mixes(claims: list[Claim]) -> "itertools.permutations[Claim]":
    return itertools.permutations(claims)
