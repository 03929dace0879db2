"""Does the lift that the report measures hold the truth? Many short worlds, counted and judged by the report's own functions.

A rule holds from the first page on for all who agreed to statistics; its arm falls by the product's hash. What the shopper
orders then, and when, is the simulator's. Cells come from ``analytics.lift.tally``, what is said from
``analytics.lift.judge``; the truth is that of the simulator's page: what inviting changed for the treated. Worlds of which the
report says nothing yet count in neither direction, and there have to be as many of the others as promised.
"""

import argparse
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.bars import Line, report
from benchmarks.policy.world import BEGINS
from oscar_engage.analytics.interval import wilson
from oscar_engage.analytics.lift.cells import BUYERS, CONTROL, TREATED, Entry
from oscar_engage.analytics.lift.judge import by_rule, judge
from oscar_engage.analytics.lift.tally import Order, tally
from oscar_engage.decisions.arms import find_arm
from oscar_engage.decisions.models import Arm
from oscar_engage.simulation.drive.person import new_id
from oscar_engage.simulation.parameters import SHOP, Channel, Parameters
from oscar_engage.simulation.world.arrivals import arrivals
from oscar_engage.simulation.world.shopper import Shopper
from oscar_engage.simulation.world.truth import Truth
from oscar_engage.simulation.world.visit import CURRENCY
from oscar_engage.visitors.consent import ConsentLevel

COVERED, FEWEST = 93.0, 500
DAYS, VISITS = 7, 400.0
KINDS = tuple((effects, holdout) for effects in (1.0, 0.5, 0.0) for holdout in (0.5, 0.4))
"""Effects and the share held out; worlds take them in turns."""

FIRST_SEED = 50_001
RULE = "1"
ATTRIBUTION = timedelta(days=7)
AN_ORDER = timedelta(minutes=20)
"""How long after the beginning of its last visit a shopper orders: when exactly makes no difference to a count."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the report says of a world in points of P(orders), and what is true; ``None``: it says nothing yet."""

    low: float | None
    high: float | None
    truth: float
    effects: float

    @property
    def is_held(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low is not None and self.high is not None and self.low <= self.truth <= self.high


def measure(options: argparse.Namespace) -> bool:
    """Measure, with progress; return whether every bar holds."""
    found = []
    for number in range(options.short_worlds):
        found.append(say(FIRST_SEED + number, *KINDS[number % len(KINDS)]))
        if (number + 1) % 50 == 0:
            print(f"  {number + 1} of {options.short_worlds} short worlds", flush=True)
    said = [one for one in found if one.low is not None]
    lines = [
        Line(what="worlds of which the report says something", measured=len(said), floor=min(FEWEST, options.short_worlds)),
        _share("the interval holds the truth", said, floor=COVERED),
        *(
            _share(f"effects times {effects:g}: the interval holds the truth", [one for one in said if one.effects == effects])
            for effects in dict.fromkeys(effects for effects, _holdout in KINDS)
        ),
        Line(
            what="half an interval, points",
            measured=100 * sum((one.high or 0) - (one.low or 0) for one in said) / 2 / max(1, len(said)),
        ),
    ]
    return report(f"policy: measured lift and truth, {len(found)} worlds of {DAYS} days", lines)


def say(seed: int, effects: float, holdout: float) -> Said:
    """Return what the report says of one world."""
    world = SHOP.scaled(effects)
    entries, orders, truth = [], {}, Truth()
    for shopper, at, last_at in _moments(seed, world):
        unit = new_id(seed, shopper.number)
        draw = find_arm(unit, rule_id=1, salt="coverage", shop_share=0.0, rule_share=holdout)
        is_treated = draw.arm is Arm.TREATED
        entries.append(Entry(unit, RULE, TREATED if is_treated else CONTROL, 1 - holdout, at))
        truth.add(shopper, Channel.CHAT, (), is_treated=is_treated, world=world)
        if shopper.orders((Channel.CHAT,) if is_treated else (), world):
            orders[unit] = [Order(last_at, round(100 * shopper.worth), CURRENCY)]
    return _compare(entries, orders, truth, effects)


def _compare(entries: Sequence[Entry], orders: dict[uuid.UUID, list[Order]], truth: Truth, effects: float) -> Said:
    cells = dict(tally(entries, orders, {}, attribution=ATTRIBUTION, caps={}))
    part = by_rule(cells).get(RULE, {})
    lift = judge(RULE, part, part, weeks=1.0).outcome(BUYERS).lift
    true = truth.gained / max(1, truth.treated_units)
    return Said(lift.difference.low if lift else None, lift.difference.high if lift else None, true, effects)


def _moments(seed: int, world: Parameters) -> Iterator[tuple[Shopper, datetime, datetime]]:
    """Give each shopper, when it first came, and when its last visit is over."""
    begun: dict[int, datetime] = {}
    for today in arrivals(BEGINS, days=DAYS, visits_per_day=VISITS, seed=seed, parameters=world):
        for arrival in today:
            shopper = arrival.shopper
            if shopper.consent < ConsentLevel.STATISTICS:
                continue
            at = begun.setdefault(shopper.number, arrival.at)
            if arrival.number == shopper.visits:
                yield shopper, at, arrival.at + AN_ORDER


def _share(what: str, said: Sequence[Said], *, floor: float | None = None) -> Line:
    rate = wilson(sum(one.is_held for one in said), max(1, len(said)))
    interval = (100 * rate.low, 100 * rate.high)
    return Line(what=what, measured=100 * rate.value, unit="%", floor=floor, interval=interval)
