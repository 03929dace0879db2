"""Does it help a model of uplift to know how help comes? Its Qini with and without, in shops with a chat and a balloon.

Two rules in each shop, the one of the comparison (a chat) and one that shows a balloon to who has looked at two pages; whoever
comes to a rule for the first time is drawn, half of them held out. An order follows what befell the shopper by both rules.
Judged is what models say of visitors they had not seen (``training.learn_uplift.find_unseen``), over all draws and by way.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from benchmarks.bars import Line, report
from benchmarks.policy.passages import Drawn, Passages
from benchmarks.policy.rules import GOOD
from benchmarks.policy.shops import make_day
from benchmarks.policy.world import BEGINS, FIRST_SEED, VISITS, WORLD
from oscar_engage.learning.features.tasks import UPLIFT_NAMES, UPLIFT_SCHEMA
from oscar_engage.learning.scoring.ways import BALLOON, CHAT, WAYS, with_way
from oscar_engage.learning.training.data import Data, trial_of
from oscar_engage.learning.training.learn_uplift import find_unseen
from oscar_engage.learning.training.qini import qini
from oscar_engage.simulation.parameters import Channel
from oscar_engage.simulation.world.arrivals import arrivals

LOOKING = (("visit.pages", ">=", 2), ("page.visible_seconds", ">=", 5))
"""Whom the balloon is shown: more shoppers, and others, than are invited."""

SEED = 1


def measure(options: argparse.Namespace) -> bool:
    """Measure and print; there is no bar."""
    found: dict[str, list[float]] = {}
    for seed in range(FIRST_SEED, FIRST_SEED + options.ways_shops):
        data = _draws(seed, options.ways_days)
        blind = replace(data, values=np.where(_of_way(data.values.shape), np.nan, data.values))
        for name, some in (("without", blind), ("with", data)):
            said = find_unseen("ensemble", some, seed=SEED)
            for way in ("all", CHAT, BALLOON):
                rows = np.flatnonzero(_is_of(data, way))
                found.setdefault(f"{way}, {name}", []).append(_qini(data.take(rows), said[rows]))
        print(
            f"shop {seed}: {len(data)} draws; " + ", ".join(f"{name} {one[-1]:+.3f}" for name, one in found.items()), flush=True
        )
    lines = [
        Line(what=f"Qini of {name} ways", measured=float(np.mean(one)), interval=_interval(one)) for name, one in found.items()
    ]
    return report("policy: a model of uplift that knows the way of helping", lines)


def _draws(seed: int, days: int) -> Data:
    by_way: dict[str, dict[int, Drawn]] = {}
    for number, (way, conditions) in enumerate(((CHAT, GOOD), (BALLOON, LOOKING))):
        day = make_day(conditions, salt=f"{seed}:{number}")
        passages = Passages(seed=seed, parameters=WORLD, day=day)
        came = arrivals(BEGINS, days=days, visits_per_day=VISITS, seed=seed, parameters=WORLD)
        drawn = (one for week, today in enumerate(came) for one in passages.draw(today, week=week / 7, day=day, share=0.5))
        by_way[way] = {one.passage.shopper.number: one for one in drawn}
    rows = [(one.seen.at, way, one) for way, drawn in by_way.items() for one in drawn.values()]
    return _data(sorted(rows, key=lambda row: row[0]), by_way)


def _data(rows: Sequence[tuple[datetime, str, Drawn]], by_way: dict[str, dict[int, Drawn]]) -> Data:
    channels = {CHAT: Channel.CHAT, BALLOON: Channel.SHOWN}

    def orders(one: Drawn) -> bool:
        number = one.passage.shopper.number
        befell = [channels[way] for way, drawn in by_way.items() if number in drawn and drawn[number].is_treated]
        return one.passage.shopper.orders(befell, WORLD)

    drawn = [one for _at, _way, one in rows]
    return Data(
        names=UPLIFT_NAMES,
        schema=UPLIFT_SCHEMA,
        values=np.array([with_way(one.seen.vector, way) for _at, way, one in rows], dtype=np.float64),
        outcome=np.array([float(orders(one)) for one in drawn]),
        weight=np.ones(len(rows)),
        group=np.array([float(one.passage.shopper.number) for one in drawn]),
        at=np.array([(one.seen.at - BEGINS) / timedelta(seconds=1) for one in drawn]),
        treated=np.array([float(one.is_treated) for one in drawn]),
        chance=np.full(len(rows), 0.5),
    )


def _of_way(shape: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(np.arange(shape[1]) >= shape[1] - len(WAYS), shape)


def _is_of(data: Data, way: str) -> np.ndarray:
    return np.full(len(data), True) if way == "all" else data.values[:, data.names.index(f"by_{way}")] == 1


def _qini(data: Data, said: np.ndarray) -> float:
    return qini(data.outcome, said, trial_of(data).treated)


def _interval(found: Sequence[float]) -> tuple[float, float] | None:
    if len(found) < 2:  # noqa: PLR2004 - of one shop there is no spread
        return None
    reach = 1.96 * float(np.std(found, ddof=1)) / len(found) ** 0.5
    return float(np.mean(found)) - reach, float(np.mean(found)) + reach
