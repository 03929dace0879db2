"""Laws of the simulated world: the same seed is the same world, and the truth is a difference of what would have happened."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_engage.simulation.parameters import SHOP, Channel, Kind
from oscar_engage.simulation.world.agents import AgentPool
from oscar_engage.simulation.world.answer import answer_of
from oscar_engage.simulation.world.arrivals import arrivals
from oscar_engage.simulation.world.luck import amount, count, seeded
from oscar_engage.simulation.world.shopper import draw_shopper, shoppers
from oscar_engage.simulation.world.truth import Truth, effect_of, expected_effect
from oscar_engage.simulation.world.visit import basket_id, plan_visit

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
SEEDS = st.integers(0, 2**32)
NUMBERS = st.integers(0, 5000)
CHANNELS = st.sampled_from(Channel)


def _take(number: int, seed: int = 1, world=SHOP):
    source = shoppers(seed=seed, parameters=world)
    return [next(source) for _number in range(number)]


@given(SEEDS, NUMBERS)
@settings(max_examples=60, deadline=None)
def test_world__same_seed__same_shopper_and_visit(seed: int, number: int) -> None:
    first, second = (draw_shopper(number, seed=seed, parameters=SHOP) for _time in range(2))
    assert first == second
    assert plan_visit(first, 1, seed=seed, parameters=SHOP) == plan_visit(second, 1, seed=seed, parameters=SHOP)


@given(SEEDS, NUMBERS)
@settings(max_examples=60, deadline=None)
def test_plan__any_visit__runs_forward_and_orders_only_at_the_end(seed: int, number: int) -> None:
    shopper = draw_shopper(number, seed=seed, parameters=SHOP)
    plan = plan_visit(shopper, shopper.visits, seed=seed, parameters=SHOP)
    times = [look.after for look in (*plan.body, *plan.to_order)]
    assert times == sorted(times)
    kinds = [[kind for kind, _payload in look.told] for look in (*plan.body, *plan.to_order)]
    placed = [place for place, told in enumerate(kinds) if "order.placed" in told]
    assert placed == ([] if shopper.is_bot else [len(kinds) - 1])


@given(SEEDS, NUMBERS)
@settings(max_examples=60, deadline=None)
def test_plan__earlier_visits__cannot_order(seed: int, number: int) -> None:
    shopper = draw_shopper(number, seed=seed, parameters=SHOP)
    assert all(not plan_visit(shopper, visit, seed=seed, parameters=SHOP).to_order for visit in range(1, shopper.visits))


@given(SEEDS, CHANNELS)
@settings(max_examples=10, deadline=None)
def test_truth__any_world__is_the_mean_of_differences(seed: int, channel: Channel) -> None:
    came = _take(200, seed)
    truth = Truth()
    for shopper in came:
        truth.add(shopper, channel, (), is_treated=shopper.number % 2 == 0, world=SHOP)
    alone = sum(shopper.orders((), SHOP) for shopper in came)
    invited = sum(shopper.orders({channel}, SHOP) for shopper in came)
    assert truth.effect == pytest.approx((invited - alone) / 200) == pytest.approx(effect_of(came, channel, SHOP))
    assert truth.gained == sum(shopper.gains(channel, (), SHOP) for shopper in came if shopper.number % 2 == 0)
    assert sum(truth.kinds.values()) == truth.units == 200


def test_truth__nobody__is_unknown() -> None:
    assert Truth().effect is None


@given(SEEDS, CHANNELS)
@settings(max_examples=20, deadline=None)
def test_effects__at_zero__change_nobody(seed: int, channel: Channel) -> None:
    world = SHOP.scaled(0)
    assert all(shopper.gains(channel, (), world) == 0 for shopper in _take(100, seed, world))


def test_effects__halved__halve_the_expectation() -> None:
    for channel in Channel:
        assert expected_effect(channel, SHOP.scaled(0.5)) == pytest.approx(expected_effect(channel, SHOP) / 2)


def test_effects__many_shoppers__come_near_the_expectation() -> None:
    came = _take(20_000)
    for channel in Channel:
        assert effect_of(came, channel, SHOP) == pytest.approx(expected_effect(channel, SHOP), abs=0.005)


def test_shares__many_shoppers__are_those_of_the_parameters() -> None:
    came = _take(20_000)
    for kind in Kind:
        share = sum(shopper.kind is kind for shopper in came) / len(came)
        assert share == pytest.approx(SHOP.minds[kind].share, abs=0.012)


def test_orders__stronger_help__never_undoes_chat() -> None:
    for shopper in _take(300):
        assert shopper.orders({Channel.CHAT, Channel.SHOWN}, SHOP) == shopper.orders({Channel.CHAT}, SHOP)


def test_features__kinds__overlap_but_differ() -> None:
    seen = {kind: [] for kind in Kind}
    for shopper in _take(3000):
        if not shopper.is_bot:
            seen[shopper.kind].append(len(plan_visit(shopper, 1, seed=1, parameters=SHOP).body))
    means = {kind: sum(found) / len(found) for kind, found in seen.items()}
    assert means[Kind.LOST_CAUSE] < means[Kind.SELF_SERVER]
    assert max(seen[Kind.LOST_CAUSE]) > means[Kind.PERSUADABLE] > min(seen[Kind.PERSUADABLE])


def test_drift__later_weeks__look_longer() -> None:
    shopper = next(one for one in _take(50) if not one.is_bot)
    early, late = (plan_visit(shopper, 1, seed=1, parameters=SHOP, week=week) for week in (0, 20))
    assert late.body[-1].after > early.body[-1].after or len(late.body) > len(early.body)


def test_arrivals__a_fortnight__keep_their_order_and_number() -> None:
    days = list(arrivals(MONDAY, days=14, visits_per_day=200, seed=3, parameters=SHOP))
    again = list(arrivals(MONDAY, days=14, visits_per_day=200, seed=3, parameters=SHOP))
    assert days == again
    assert all([one.at for one in day] == sorted(one.at for one in day) for day in days)
    pairs = [(one.shopper.number, one.number) for day in days for one in day]
    assert len(set(pairs)) == len(pairs)
    assert 140 < sum(map(len, days[7:])) / 7 < 260


def test_agents__all_taken__free_again_after_the_chat() -> None:
    pool, chance = AgentPool(SHOP), seeded(1)
    noon = MONDAY.replace(hour=12)
    room = pool.free(noon)
    lasts = [pool.take(noon, chance) for _chat in range(room)]
    assert room == 4
    assert pool.free(noon) == 0
    assert pool.chats == 4
    assert pool.seconds == sum(lasts)
    pool.hold(noon, 1)
    assert pool.free(noon.replace(hour=17, minute=59)) == 4


def test_agents__night_and_weekend__nobody() -> None:
    pool = AgentPool(SHOP)
    assert pool.free(MONDAY.replace(hour=3)) == 0
    assert pool.free(MONDAY.replace(day=7, hour=12)) == 0


def test_answers__all_come() -> None:
    found = {answer_of(shopper, channel, 1, seed=1, parameters=SHOP) for shopper in _take(300) for channel in Channel}
    assert found == {"accepted", "dismissed", "ignored"}
    shown = {answer_of(shopper, Channel.SHOWN, 1, seed=1, parameters=SHOP) for shopper in _take(300)}
    assert "accepted" not in shown


def test_luck__no_mean__is_zero() -> None:
    assert count(seeded(1), 0) == 0
    counts = [count(seeded(number), 2.0) for number in range(4000)]
    assert sum(counts) / 4000 == pytest.approx(2.0, abs=0.2)
    assert amount(seeded(1), 10, 0) == 10


def test_ids__of_baskets__are_far_above_a_shops() -> None:
    assert basket_id(_take(1)[0]) >= 1_000_000_000
