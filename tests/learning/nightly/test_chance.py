"""Does a row say how likely it was to be treated? What help does is measured by these chances, so they must not tilt it."""

import random
import uuid
from collections.abc import Iterator
from statistics import fmean, stdev

import pytest

from oscar_engage.decisions.arms import Draw, find_arm
from oscar_engage.decisions.models import Arm, Reason
from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.nightly.rows import read_rows
from oscar_engage.learning.nightly.run import source_of
from oscar_engage.learning.registry.models import Task
from tests.learning.nightly.history import NOW, START, moment, visit, visitor

SHOP = 0.1
EARLY, LATE = 0.5, 0.1
"""What the rule holds out: at first, and later, when more is bought anyway."""

ALONE = {EARLY: 0.1, LATE: 0.4}
HELPS = 0.1
SHOPPERS, SHOPS = 1500, 60


def draws(seed: int) -> Iterator[tuple[float, Draw]]:
    """Whoever comes to a shop, half of them early: the rule's share then, and what the product draws."""
    chance = random.Random(seed)
    for _each in range(SHOPPERS):
        share = chance.choice((EARLY, LATE))
        unit = uuid.UUID(int=chance.getrandbits(128))
        yield share, find_arm(unit, rule_id=1, salt=f"shop {seed}", shop_share=SHOP, rule_share=share)


def measure(seed: int, *, by_last_draw: bool) -> tuple[float, float]:
    """What help seems to do, and what the weights of each shopper come to on average, in the control arm."""
    chance = random.Random(-seed)
    total, weights = 0.0, 0.0
    for share, draw in draws(seed):
        assert draw.probability is not None
        assert draw.chance is not None
        is_treated = draw.arm == Arm.TREATED
        bought = chance.random() < ALONE[share] + HELPS * is_treated
        own = draw.probability if by_last_draw else draw.chance if is_treated else 1 - draw.chance
        total += (1 if is_treated else -1) * bought / own
        weights += 0 if is_treated else 1 / own
    return total / SHOPPERS, weights / SHOPPERS


def test_chance__many_shops__measures_what_help_does_without_bias() -> None:
    found = [measure(seed, by_last_draw=False) for seed in range(SHOPS)]
    effects, weights = zip(*found, strict=True)
    error = stdev(effects) / SHOPS**0.5
    assert abs(fmean(effects) - HELPS) < 3 * error < 0.03
    assert abs(fmean(weights) - 1) < 3 * stdev(weights) / SHOPS**0.5


def test_chance__of_the_last_draw_alone__counts_those_whom_the_shop_holds_out_twice() -> None:
    """What rows said before: in the control arm each shopper counted as nearly two, and help seemed to harm."""
    effects, weights = zip(*(measure(seed, by_last_draw=True) for seed in range(SHOPS)), strict=True)
    assert fmean(weights) > 1.8
    assert fmean(effects) < 0


@pytest.mark.parametrize(("shop_share", "rule_share"), [(0.1, 0.5), (0.1, 0.0), (0.0, 0.2), (0.3, 0.1)])
def test_find_arm__whatever_is_drawn__the_chance_of_being_treated_is_the_same(shop_share: float, rule_share: float) -> None:
    units = [uuid.UUID(int=number) for number in range(3000)]
    drawn = [find_arm(unit, rule_id=1, salt="x", shop_share=shop_share, rule_share=rule_share) for unit in units]
    chance = (1 - shop_share) * (1 - rule_share)
    assert {round(draw.chance or 0, 12) for draw in drawn} == {round(chance, 12)}
    assert {draw.reason for draw in drawn} >= {Reason.OFFERED} | ({Reason.SHOP_HOLDOUT} if shop_share else set())
    assert abs(fmean(draw.arm == Arm.TREATED for draw in drawn) - chance) < 0.03


def test_find_arm__arm_that_was_kept__has_the_chance_it_was_drawn_at() -> None:
    unit = uuid.UUID(int=1)
    for arm, probability in (("treated", 0.8), ("control", 0.2)):
        kept = find_arm(unit, rule_id=1, salt="y", shop_share=0.0, rule_share=0.5, kept=(arm, probability))
        assert (str(kept.arm), kept.chance) == (arm, 0.8)


@pytest.mark.django_db
def test_read_rows__held_out_by_the_shop_or_the_rule__weighs_the_same() -> None:
    for number, arm in enumerate((Arm.CONTROL, Arm.CONTROL, Arm.TREATED)):
        moment(visit(visitor(), number), number, arm, probability=(0.1, 0.5, 0.5)[number], chance=0.45)
    found = list(read_rows(source_of(Task.UPLIFT, since=START, now=NOW), width=len(NAMES)))
    assert [(row.treated, row.chance) for row in found] == [(0.0, 0.45), (0.0, 0.45), (1.0, 0.45)]
