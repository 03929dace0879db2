"""Are the statements right as often as they say, in thousands of shops of which the truth is known?

Smaller than ``make bench NAME=lift``, with seeds fixed beforehand. A bar is on what was counted: with 2,000 shops and 95 %
statements that are wrong in 5 %, 6.5 % would be passed by chance once in a thousand times.
"""

from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.lift_looks import cumulate, find_distances, look, look_daily
from benchmarks.lift_scenarios import (
    World,
    adjust,
    count_alarms,
    find_power,
    miss_changes,
    watch,
    watch_changing_share,
    watch_learning_share,
    watch_ratings,
)
from benchmarks.lift_shops import BASKET, BUYERS, MEASURES, REVENUE, choose_shops, simulate, true_means
from oscar_engage.analytics.stats.boundary import Looks, Plan
from oscar_engage.analytics.stats.lift import Lift

SHOPS = 2_600
"""Of which some 2,000 get large enough to say anything in ninety days."""

MOST_WRONG = 0.065


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Iterator[object]:
    """Print what was measured, whether the test passes or not."""

    def print_aloud(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", end="")  # noqa: T201 - the figures are the test's result

    return print_aloud


@pytest.mark.parametrize(
    "world",
    [
        World(shops=SHOPS, seed=1),
        World(shops=SHOPS, seed=2, treated=(0.8, 0.9)),
        World(shops=SHOPS, seed=3, chance=1.3, size=1.1),
    ],
    ids=["no effect", "no effect, small control", "30 % more buyers"],
)
def test_compare__looked_at_daily_for_ninety_days__is_wrong_in_few_shops(world: World, say) -> None:
    for measure, seen in watch(world, (BUYERS, REVENUE, BASKET)):
        say(f"{MEASURES[measure]}: {seen.spoke} shops speak, wrong at some time {seen.wrong_share:.1%}")
        assert seen.wrong <= MOST_WRONG * seen.spoke
        assert seen.wrong_ratio <= MOST_WRONG * seen.spoke


@pytest.mark.parametrize("by_treated", [1.0, 1.08])
def test_compare_ratio__happy_of_those_who_rate__is_wrong_in_few_shops(by_treated: float, say) -> None:
    seen = watch_ratings(World(shops=1_000, seed=13), by_treated=by_treated)
    say(f"satisfaction: {seen.spoke} shops speak, wrong at some time {seen.wrong_share:.1%}")
    assert seen.wrong_share <= MOST_WRONG


def test_compare__the_interval_for_one_look_used_daily__is_wrong_in_many(say) -> None:
    """What the sequential interval is for, and that the simulation can tell."""
    [(_measure, seen)] = watch(World(shops=600, seed=4, plan=Plan(looks=Looks.ONCE)), (BUYERS,))
    say(f"one look used daily: wrong at some time {seen.wrong_share:.1%}")
    assert seen.wrong > 0.12 * seen.spoke
    assert np.mean(np.abs(seen.errors) > 1.96) < 0.08  # at one look it is right: 5 % and three errors of 480 shops


@pytest.mark.parametrize("chance", [1.0, 1.2])
def test_compare__share_and_season_change_together__strata_are_right_where_sums_are_not(chance: float, say) -> None:
    by_strata, added = watch_changing_share(World(shops=300, seed=5, chance=chance, busy=8))
    say(f"share changes: by strata wrong {by_strata.wrong_share:.1%}, added up {added.wrong_share:.1%}")
    assert by_strata.wrong_share <= MOST_WRONG
    assert abs(by_strata.errors.mean()) < 3 / np.sqrt(by_strata.spoke)
    assert added.errors.mean() < -1
    assert added.wrong_share > 0.2


def test_compare__the_share_follows_what_is_seen__is_wrong_in_few_shops(say) -> None:
    seen = watch_learning_share(World(shops=1_000, seed=14))
    say(f"share by what is seen: wrong {seen.wrong_share:.1%}, mean error {seen.errors.mean():+.2f} standard errors")
    assert seen.wrong_share <= MOST_WRONG
    assert abs(seen.errors.mean()) < 0.06 + 3 / np.sqrt(seen.spoke)  # a bias there is, of 0.06 as 24,000 shops showed


def test_compare__adjusted_by_what_was_known__is_not_biased(say) -> None:
    found = adjust(comparisons=2_000, seed=6)
    say(f"adjusted: bias {found.bias:+.1f} of its errors, {found.removed:.0%} of the variance removed")
    assert abs(found.bias) < 3
    assert found.wrong <= MOST_WRONG
    assert found.removed > 0.7


def test_smallest_effect__if_real__is_seen_in_four_of_five(say) -> None:
    found = find_power(shops=2_000, seed=7)
    say(f"the smallest visible effect is seen in {found:.1%}")
    assert 0.78 < found < 0.9


def test_alarm__ninety_days_in_sound_and_in_broken_shops__sounds_in_the_latter(say) -> None:
    false, found = count_alarms(shops=5_000, seed=8), count_alarms(shops=500, seed=9, lost=0.3)
    say(f"false alarms in {false} of 5,000 shops, alarms in {found} of 500 broken ones")
    assert false <= 5
    assert found >= 495


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_before_after__days_resemble_their_neighbours__intervals_cover(rho: float, say) -> None:
    ours, usual = miss_changes(series=120, seed=10, points=20, rho=rho)
    say(f"before and after, rho {rho}: wrong {ours:.1%}, Newey and West {usual:.1%}")
    assert ours < 0.12  # 120 series: 5 % and three of its errors
    assert usual > ours


def test_simulation__truth_and_distances__are_those_of_the_shops() -> None:
    """The means by formula are those that are drawn, and numpy's distances those of the code under test, day by day."""
    rng = np.random.default_rng(11)
    shops = choose_shops(rng, shops=40, days=60, chance=1.3, size=1.1, treated=(0.8,))
    so_far, shares = cumulate(simulate(rng, shops), shops)
    truth = true_means(shops, chance=1.3, size=1.1)
    compared = 0
    for measure in range(len(MEASURES)):
        numbers = so_far[:, :, :, :, measure]
        distances, _ratio = find_distances(
            numbers, is_ratio=measure == BASKET, difference=np.zeros((40, 1)), ratio=np.ones((40, 1))
        )
        for shop in range(40):
            lift = look(numbers[shop, -1], shares, measure, Plan(looks=Looks.ONCE))
            if isinstance(lift, Lift):
                error = (lift.difference.high - lift.difference.value) / 1.959964
                assert distances[shop, -1] == pytest.approx(lift.difference.value / error, rel=1e-4, abs=1e-6)
                assert abs(lift.treated - truth[shop, measure]) < 5 * error
                compared += 1
    assert compared > 80


def test_look_daily__nearness__leaves_no_wrong_statement_out() -> None:
    """Every shop and day asked, and those only that numpy calls far: the same shops are wrong."""
    rng = np.random.default_rng(12)
    shops = choose_shops(rng, shops=60, days=40, treated=(0.5,))
    so_far, shares = cumulate(simulate(rng, shops), shops)
    plan = Plan(looks=Looks.ONCE)
    seen = look_daily(so_far, shares, BUYERS, difference=np.zeros((60, 40)), ratio=np.ones(60), plan=plan)
    wrong = 0
    for shop in range(60):
        said = [look(so_far[shop, day, :, :, BUYERS], shares, BUYERS, plan) for day in range(40)]
        if isinstance(said[-1], Lift):
            wrong += any(isinstance(one, Lift) and not one.difference.low <= 0 <= one.difference.high for one in said)
    assert seen.wrong == wrong > 0
