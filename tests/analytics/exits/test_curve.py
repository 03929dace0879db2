"""Do the shares say what happened? Laws, a frozen example against SciPy, and shoppers whose true hazard is known."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from oscar_engage.analytics.exits.curve import (
    FEWEST_VIEWS,
    Count,
    Key,
    Step,
    by_idle,
    by_views,
    count,
    merge,
    pool,
    survive,
)
from oscar_engage.analytics.exits.views import IDLE_KNOTS, LEAVABLE, MOST_VIEWS, View

VIEWS = st.builds(
    View, st.sampled_from(LEAVABLE[:2]), st.integers(1, MOST_VIEWS), st.sampled_from(IDLE_KNOTS), has_left=st.booleans()
)
COUNTS = st.dictionaries(
    st.tuples(st.just("basket"), st.integers(1, MOST_VIEWS), st.sampled_from(IDLE_KNOTS)),
    st.builds(Count, st.integers(0, 500), st.integers(0, 500)),
)
FROZEN = ((40, 0), (25, 60), (10, 15), (0, 5), (4, 1))
"""Visits at a stage: how many left on their first, second … page there, and how many moved on after as many."""


def spells(*ended: tuple[int, int]) -> list[View]:
    """Return the page views of visits of which so many left on the k-th page, and so many moved on after it."""
    return [
        View("basket", views, 0, has_left=has_left and views == last)
        for last, (left, moved) in enumerate(ended, start=1)
        for has_left, number in ((True, left), (False, moved))
        for _visit in range(number)
        for views in range(1, last + 1)
    ]


@given(views=st.lists(VIEWS), data=st.data())
def test_count__any_order__is_the_same(views: list[View], data: st.DataObject) -> None:
    assert count(data.draw(st.permutations(views))) == count(views)


@given(one=st.lists(VIEWS), other=st.lists(VIEWS))
def test_merge__counts_of_two_logs__are_those_of_both(one: list[View], other: list[View]) -> None:
    assert merge([count(one), count(other)]) == count([*one, *other])


@given(counts=COUNTS)
def test_curves__any_counts__are_shares_inside_their_intervals(counts: dict[Key, Count]) -> None:
    for step in (*by_views(counts, "basket"), *by_idle(counts, "basket")):
        assert (step.rate is None) == (step.at_risk < FEWEST_VIEWS)
        for rate in (step.rate, step.staying):
            assert rate is None or 0 <= rate.low <= rate.value <= rate.high <= 1


@given(counts=COUNTS)
def test_curves__any_counts__fewer_and_fewer_stay(counts: dict[Key, Count]) -> None:
    staying = [step.staying.value for step in by_views(counts, "basket") if step.staying]
    assert all(later <= earlier for earlier, later in pairwise(staying))
    at_risk = [step.at_risk for step in by_idle(counts, "basket")]
    assert all(later <= earlier for earlier, later in pairwise(at_risk))


@given(counts=COUNTS, views=st.integers(1, MOST_VIEWS), idle=st.sampled_from(IDLE_KNOTS))
def test_curves__one_more_that_stayed__raises_no_share(counts: dict[Key, Count], views: int, idle: int) -> None:
    more = merge([counts, {("basket", views, idle): Count(stayed=1)}])
    for before, after in zip(_steps(counts), _steps(more), strict=True):
        assert after.left == before.left
        assert before.rate is None or (after.rate is not None and after.rate.value <= before.rate.value)


def _steps(counts: dict[Key, Count]) -> list[Step]:
    return [*by_views(counts, "basket"), *by_idle(counts, "basket")]


@given(counts=COUNTS)
def test_pool__every_number__is_the_whole_stage(counts: dict[Key, Count]) -> None:
    parts = (pool(counts, "basket", views=nth) for nth in range(1, MOST_VIEWS + 1))
    assert sum(parts, Count()) == pool(counts, "basket")
    assert pool(counts, "basket").all == by_idle(counts, "basket")[0].at_risk


def test_by_views__visits_that_moved_on__are_at_risk_as_long_as_they_were_there() -> None:
    steps = by_views(count(spells((40, 0), (25, 60), (10, 15))), "basket")
    assert [(step.at, step.at_risk, step.left) for step in steps[:4]] == [(1, 150, 40), (2, 110, 25), (3, 25, 10), (4, 0, 0)]
    assert steps[1].rate is not None
    assert steps[1].rate.value == pytest.approx(25 / 110)
    assert steps[2].rate is None  # too few to say
    assert [step.staying is None for step in steps[:3]] == [False, False, True]


def test_by_views__many_pages__the_last_step_has_a_mean_and_no_survival() -> None:
    last = by_views({("basket", MOST_VIEWS, 0): Count(50, 150)}, "basket")[-1]
    assert (last.at, last.at_risk, last.left, last.staying) == (12, 200, 50, None)


def test_survive__frozen_visits__as_scipy_says() -> None:
    """Compare with Kaplan-Meier, Greenwood and the log-log interval of ``scipy.stats.ecdf``."""
    visits = [(k, kind) for k, ended in enumerate(FROZEN, start=1) for kind, n in enumerate(ended) for _visit in range(n)]
    data = CensoredData(uncensored=[k for k, kind in visits if not kind], right=[k for k, kind in visits if kind])
    curve = ecdf(data).sf
    interval = curve.confidence_interval(0.95, method="log-log")
    at_risk = [sum(k >= step for k, _kind in visits) for step in range(1, 6)]
    ours = survive(Count(left, risk - left) for (left, _moved), risk in zip(FROZEN, at_risk, strict=True))
    steps = np.arange(1, 6)
    assert [rate.value for rate in ours] == pytest.approx(curve.evaluate(steps))
    assert [rate.low for rate in ours] == pytest.approx(interval.low.evaluate(steps), rel=1e-6)
    assert [rate.high for rate in ours] == pytest.approx(interval.high.evaluate(steps), rel=1e-6)


def test_survive__nobody_left__the_interval_is_open_downwards() -> None:
    (rate,) = survive([Count(0, 100)])
    assert (rate.value, rate.high) == (1, 1)
    assert rate.low == pytest.approx(1 - 0.037, abs=1e-3)  # 1.96² / (100 + 1.96²)


def test_survive__everybody_left__the_interval_is_open_upwards() -> None:
    rate = survive([Count(50, 100), Count(100, 0)])[-1]
    assert (rate.value, rate.low) == (0, 0)
    assert rate.high == pytest.approx(0.037, abs=1e-3)


def test_by_views__shoppers_with_a_known_hazard__is_recovered_in_nineteen_of_twenty() -> None:
    """Simulate shoppers who leave with a known probability after each page, and move on with another, which is censoring."""
    chance = random.Random(7)
    truth = [0.5, 0.3, 0.2, 0.1, 0.15]
    inside = asked = 0
    for _shop in range(100):
        steps = by_views(count(view for _visit in range(2500) for view in _walk(chance, truth)), "basket")
        true_staying = 1.0
        for hazard, step in zip(truth, steps, strict=False):
            true_staying *= 1 - hazard
            assert step.rate is not None
            assert step.staying is not None
            asked += 2
            inside += (step.rate.low <= hazard <= step.rate.high) + (step.staying.low <= true_staying <= step.staying.high)
    assert 0.93 <= inside / asked <= 0.97


def _walk(chance: random.Random, truth: list[float]) -> list[View]:
    views: list[View] = []
    for nth, hazard in enumerate(truth, start=1):
        views.append(View("basket", nth, 0, has_left=False))
        draw = chance.random()
        if draw < hazard:
            views[-1] = replace(views[-1], has_left=True)
        if draw < hazard + 0.1:  # a tenth moves on to the checkout after every page
            break
    return views
