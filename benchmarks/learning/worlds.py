"""In which made-up worlds are bounds and promotion measured? Trials of which the true effect on every visitor is known.

Three effects: along the features (``slope``), a step with an interaction (``step``), and the same for all (``flat``). Ten
features as a shop's look: counts with long tails, shares, a flag, one with missing values, noise. A visitor has one to
three rows with one arm and one outcome, weighted as the training weights them.
"""

from typing import NamedTuple

import numpy as np

from oscar_engage.learning.training.data import Data, Floats

WORLDS = ("slope", "step", "flat")
NAMES = ("pages", "seconds", "basket", "visits", "price", "scroll", "flag", "gap", "noise", "wobble")


class World(NamedTuple):
    """A trial and the true effect for each of its rows, in probability."""

    data: Data
    effect: Floats


def make_world(kind: str, visitors: int, *, seed: int, rate: float = -2.6, most_rows: int = 3) -> World:
    """Make a trial of ``visitors``, half of them treated; ``rate``: log-odds of buying of an ordinary one, without help."""
    chance = np.random.default_rng([seed, WORLDS.index(kind), visitors])
    rows_of = chance.integers(1, most_rows + 1, visitors)
    group = np.repeat(np.arange(visitors), rows_of)
    values = _values(chance, visitors)
    without = _odds(values, rate)
    with_help = without + _gain(kind, values)
    treated = (chance.random(visitors) < 0.5).astype(float)  # noqa: PLR2004 - half of them
    bought = (chance.random(visitors) < _chance(np.where(treated == 1, with_help, without))).astype(float)
    data = Data(
        names=NAMES,
        schema="bench",
        values=values[group],
        outcome=bought[group],
        weight=1 / rows_of[group],
        group=group.astype(float),
        at=np.sort(chance.random(visitors) * 60 * 86_400)[group],
        treated=treated[group],
        chance=np.full(len(group), 0.5),
    )
    return World(data, (_chance(with_help) - _chance(without))[group])


def _values(chance: np.random.Generator, size: int) -> Floats:
    gap = np.where(chance.random(size) < 0.3, np.nan, chance.normal(size=size))  # noqa: PLR2004 - three in ten
    return np.column_stack(
        [
            chance.geometric(0.2, size).astype(float),
            chance.exponential(90.0, size),
            chance.exponential(40.0, size) * (chance.random(size) < 0.4),  # noqa: PLR2004 - four in ten have a basket
            chance.geometric(0.5, size).astype(float),
            chance.lognormal(3.5, 0.8, size),
            chance.random(size),
            (chance.random(size) < 0.3).astype(float),  # noqa: PLR2004
            gap,
            chance.normal(size=size),
            chance.normal(size=size),
        ]
    )


def _odds(values: Floats, rate: float) -> Floats:
    pages, basket, gap = np.log1p(values[:, 0]), values[:, 2] > 0, np.nan_to_num(values[:, 7])
    return np.asarray(rate + 0.6 * (pages - 1.6) + 0.8 * basket + 0.2 * gap, dtype=np.float64)


def _gain(kind: str, values: Floats) -> Floats:
    """Return what help adds to the log-odds."""
    if kind == "slope":
        gain = 0.3 + 0.5 * (np.log1p(values[:, 0]) - 1.6) - 0.9 * (values[:, 5] - 0.5)
    elif kind == "step":
        gain = np.where((values[:, 2] > 0) & (values[:, 5] > 0.4), 0.9, np.where(values[:, 6] > 0, -0.5, 0.1))  # noqa: PLR2004
    else:
        gain = np.full(len(values), 0.3)
    return np.asarray(gain, dtype=np.float64)


def _chance(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float64)
