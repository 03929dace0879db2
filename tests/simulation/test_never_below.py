"""Never below the rules: what is lost and won by heeding a model, by the world's own truth and on the same shoppers.

The law, for whatever a model says:

1. one that is not sure (the interval reaches zero), or has not learnt from such as these, changes nothing, not even one row;
2. one that is right in saying "harmful" gains;
3. one that is wrong costs at most what it refuses, and never all: of every rule the explored share goes on. There the arm is
   drawn, so that its harm is measured, and ``learning.nightly.refusals`` silences it;
4. where help does nothing, nothing is lost.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pytest
from django.test import override_settings

from oscar_engage.learning.leads.bars import NOTHING_MEASURED
from oscar_engage.learning.leads.lead import Bars
from oscar_engage.learning.registry.live import Models, Speaker
from oscar_engage.learning.scoring.score import Score
from oscar_engage.rules.life.publish import publish, save_draft
from oscar_engage.rules.models import Rule
from oscar_engage.simulation.drive.day import People, pass_day
from oscar_engage.simulation.drive.shop import DayOfShop, read_day
from oscar_engage.simulation.parameters import SHOP, Channel, Parameters
from oscar_engage.simulation.world.agents import AgentPool
from oscar_engage.simulation.world.arrivals import Arrival, arrivals
from tests.learning.registry.fitted import make_fitted
from tests.rules.moments import ENGAGEMENTS, condition, rule_json
from tests.simulation.test_drive import MONDAY, _rules  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_rules")]

Says = Callable[[Sequence[float | None]], Score]
MANY = replace(SHOP, agents=500)


@dataclass(frozen=True, slots=True)
class Came:
    """What a day came to: expected orders in addition, and the rows of decisions as plain values."""

    gained: float
    helped: int
    chats: int
    told: list[tuple[Any, ...]]


def sure(value: float) -> Says:
    return lambda _vector: Score(value, value - 0.001, value + 0.001)


def unsure(value: float) -> Says:
    return lambda _vector: Score(value, value - 1.0, abs(value))


def noise(spread: float) -> Says:
    """Return what says anything of anybody, as sure as it is wrong (``spread`` small), or honestly unsure."""

    def say(vector: Sequence[float | None]) -> Score:
        value = random.Random(repr(vector)).gauss(0, 0.1)
        return Score(value, value - spread, value + spread)

    return say


def speaking(says: Says | None, *, is_far: bool, rung: str) -> Models:
    if says is None:
        return {}
    document = msgspec.structs.replace(make_fitted("uplift"), rung=rung)
    if is_far:  # learnt from visits without a signal, so from none that there is
        reach = ((0.0, 0.0), *[(-1e9, 1e9)] * (len(document.features) - 1))
        document = msgspec.structs.replace(document, format=2, reach=reach)
    return {"uplift": Speaker(1, document, says)}  # type: ignore[arg-type]  # a vector is a sequence


def day_of(world: Parameters) -> tuple[list[Arrival], DayOfShop]:
    (came,) = arrivals(MONDAY, days=1, visits_per_day=450, seed=6, parameters=world)
    return list(came), read_day(MONDAY)


def live_through(
    world: Parameters,
    says: Says | None,
    *,
    explores: float = 0.1,
    bars: Bars = NOTHING_MEASURED,
    is_far: bool = False,
    rung: str = "ensemble",
) -> Came:
    with override_settings(OSCAR_ENGAGE={"SHOP_HOLDOUT": 0.0, "LEARNING_EXPLORES": explores}):
        came, day = day_of(world)
        people = People(seed=6)
        pool, advised = AgentPool(world), replace(day, models=speaking(says, is_far=is_far, rung=rung), bars=bars)
        rows = pass_day(came, people, pool=pool, day=advised, seed=6, week=0, parameters=world)
    gained, helped = 0.0, 0
    for person in people.met.values():
        channels = person.channels()
        if channels:
            mind = world.minds[person.shopper.kind]
            channel = Channel.CHAT if Channel.CHAT in channels else Channel.SHOWN
            gained += 0.0 if person.shopper.is_bot else mind.invited(channel, world.effects) - mind.alone
            helped += 1
    told = sorted((row.visitor_id, row.version_id, row.reason, row.arm, row.eligible_at) for row in rows.decisions)
    return Came(gained, helped, pool.chats, told)


@pytest.mark.parametrize("effects", [1.0, 0.5, 0.0, -1.0])
@pytest.mark.parametrize("says", [unsure(-0.2), unsure(0.2), noise(5.0)], ids=["bad", "good", "noise"])
def test_gate__model_that_is_not_sure__changes_nothing(effects: float, says: Says) -> None:
    world = MANY.scaled(effects)
    alone, advised = live_through(world, None), live_through(world, says)
    assert alone.helped > 50
    assert advised == alone


@pytest.mark.parametrize("says", [sure(-0.1), noise(0.001)], ids=["all harmful", "noise"])
def test_gate__model_that_has_not_learnt_from_such_as_these__changes_nothing(says: Says) -> None:
    bars = replace(NOTHING_MEASURED, order=40.0, margin=0.2, price=0.8)
    alone, advised = live_through(SHOP, None), live_through(SHOP, says, bars=bars, is_far=True)
    assert alone.helped > 20
    assert advised == alone


def test_gate__model_that_is_right_about_harm__gains() -> None:
    minds = {kind: replace(mind, chat=mind.alone * 0.4, shown=mind.alone * 0.7) for kind, mind in MANY.minds.items()}
    world = replace(MANY, minds=minds)
    alone, advised = live_through(world, None), live_through(world, sure(-0.1))
    bold = live_through(world, sure(-0.1), explores=0)
    assert alone.gained < advised.gained < bold.gained == 0.0
    assert bold.helped == 0


@pytest.mark.parametrize("says", [sure(-0.1), noise(0.001)], ids=["all harmful", "noise"])
@pytest.mark.parametrize("effects", [1.0, 0.5, 0.0])
def test_gate__model_that_is_wrong__costs_what_it_refuses_and_never_all(effects: float, says: Says) -> None:
    world = MANY.scaled(effects)
    alone, advised = live_through(world, None), live_through(world, says, explores=0.3)
    assert advised.helped >= 0.2 * alone.helped, "the explored share goes on, give or take chance"
    assert advised.gained >= min(alone.gained, 0.0) - 1e-9 if effects == 0 else advised.gained > 0
    heeded_never = live_through(world, says, explores=1.0)
    assert heeded_never == alone, "a share of one is the rules alone"


def test_gate__few_agents_and_a_price__the_last_place_goes_to_others_and_the_desk_stays_busy() -> None:
    rule = Rule.objects.create(pk=4, name="chat", holdout_share=0.0, priority=0)
    document = rule_json(condition("page.kind", "=", "product"), engagement="checkout-help")
    save_draft(rule, document, user=None, now=MONDAY, engagements=ENGAGEMENTS)
    publish(rule, user=None, now=MONDAY, engagements=ENGAGEMENTS)
    eager = {kind: replace(mind, accepts=0.9) for kind, mind in SHOP.minds.items()}
    world = replace(SHOP, minds=eager, agents=1, chats_at_once=2)
    alone, plain = live_through(world, None), live_through(world, by_luck)
    assert alone.told == plain.told, "nothing is scarce before a day was measured"
    bars = replace(NOTHING_MEASURED, order=40.0, margin=0.2, price=0.8)
    assert live_through(world, unsure(0.2), bars=bars).told == alone.told, "who is not sure ranks nobody below others"
    priced = live_through(world, by_luck, bars=bars)
    single = live_through(world, by_luck, bars=bars, rung="s_learner")
    assert single.told == alone.told, "one model by itself ranks nobody below others"
    assert outcomes(alone)["no_agent"] > 20
    assert outcomes(priced)["outranked"] > 10
    assert outcomes(priced)["chats"] >= 0.8 * outcomes(alone)["chats"], "one place in two is kept, and seldom for nobody"


def by_luck(vector: Sequence[float | None]) -> Score:
    value = random.Random(repr(vector)).uniform(0, 0.2)
    return Score(value, value - 0.001, value + 0.001)


def outcomes(came: Came) -> Counter[str]:
    return Counter([*(reason for _visitor, _version, reason, _arm, _at in came.told), *["chats"] * came.chats])
