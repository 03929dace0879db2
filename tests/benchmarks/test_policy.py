"""The comparison of policies: what its figures rest on holds, and short worlds are judged by the report's own functions."""

import pytest

from benchmarks.policy.compare import find_interval
from benchmarks.policy.coverage import FIRST_SEED, say
from benchmarks.policy.play import effect_of, gain_of
from benchmarks.policy.shop import Judged, Won
from benchmarks.policy.world import WORLD
from oscar_engage.simulation.parameters import Kind
from oscar_engage.simulation.world.shopper import draw_shopper


def test_gain_of__many_shoppers__comes_to_the_effects_of_their_kinds() -> None:
    people = [draw_shopper(number, seed=3, parameters=WORLD) for number in range(4000)]
    for kind in (Kind.PERSUADABLE, Kind.DO_NOT_DISTURB):
        some = [one for one in people if one.kind is kind and not one.is_bot]
        gains = [gain_of(one, WORLD) for one in some]
        assert sum(gains) / len(some) == pytest.approx(effect_of(some[0], WORLD), abs=0.05)
    assert not any(gain_of(one, WORLD.scaled(0.0)) for one in people)


def test_find_interval__policies_that_differ_by_a_factor__leave_no_doubt_about_it() -> None:
    judged = [
        Judged(shop, day, {(1.0, "ours"): _won(2.0 * shop + day), (1.0, "rules"): _won(shop + day / 2)})
        for shop in (1, 2, 3)
        for day in (1, 2)
    ]

    def ratio(some: list[Judged], *, one: str, other: str) -> float:
        return sum(day.won[1.0, one].orders for day in some) / sum(day.won[1.0, other].orders for day in some)

    assert find_interval(judged, lambda some: ratio(list(some), one="ours", other="rules")) == pytest.approx((2.0, 2.0))
    low, high = find_interval(judged, lambda some: sum(day.won[1.0, "ours"].orders for day in some) / len(some))
    assert low < 5.5 < high


@pytest.mark.parametrize("effects", [1.0, 0.0])
def test_say__short_world__the_interval_holds_the_truth(effects: float) -> None:
    said = say(FIRST_SEED, effects, 0.5)
    assert said.is_held
    assert (said.truth > 0) == (effects > 0)


def _won(orders: float) -> Won:
    return Won(orders, orders, 60.0, 1)
