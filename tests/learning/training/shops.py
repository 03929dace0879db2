"""Made-up shops: visitors whose chance of buying follows from two of their features, and whom help changes, or does not."""

import numpy as np

from oscar_engage.learning.training.data import Data

NAMES = ("pages", "basket", "noise", "gap")
SINCE = 1_790_000_000.0
NOW_DAYS = 30


def make_shop(
    rows: int,
    *,
    seed: int = 1,
    rate: float = -2.0,
    effect: float = 1.6,
    share: float = 0.5,
    is_trial: bool = False,
    is_permuted: bool = False,
    later: float = 0.0,
) -> Data:
    """``rate``: log-odds of a buyer; ``effect``: what help adds to them with a large ``basket``, and takes with a small one."""
    chance = np.random.default_rng(seed)
    pages, basket, noise = chance.gamma(2.0, 2.0, rows), chance.normal(0.0, 1.0, rows), chance.normal(0.0, 1.0, rows)
    gap = np.where(chance.random(rows) < 0.3, np.nan, chance.normal(0.0, 1.0, rows))
    treated = (chance.random(rows) < share).astype(float)
    odds = rate + 0.9 * np.log1p(pages) + 0.5 * basket + (effect * np.sign(basket) * treated if is_trial else 0.0)
    outcome = (chance.random(rows) < 1 / (1 + np.exp(-odds))).astype(float)
    if is_permuted:
        treated = chance.permutation(treated)
    return Data(
        names=NAMES,
        schema="5ca1ab1e",
        values=np.column_stack([pages, basket, noise, gap]),
        outcome=outcome,
        weight=np.ones(rows),
        group=np.arange(rows, dtype=float),
        at=SINCE + (later + np.sort(chance.random(rows)) * NOW_DAYS) * 86_400,
        treated=treated if is_trial else None,
        chance=np.full(rows, share) if is_trial else None,
    )
