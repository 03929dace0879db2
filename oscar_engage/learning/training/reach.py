"""How far does what is learnt from reach? Where too few have been, nothing is learnt, and nothing foretold."""

import numpy as np

from oscar_engage.learning.scoring.reach import Reach
from oscar_engage.learning.training.data import Floats

FEWEST, LEAST_SHARE = 50, 0.005
"""Rows that have to lie at an edge or beyond it, and as a share of all, whichever is more.

What fewer have shown is read as if it had come only so far.
"""


def cut_rare(values: Floats, *, fewest: int | None = None) -> Floats:
    """Return ``values`` with each column no farther than ``fewest`` rows reach, up and down; of fewer, at their middle."""
    fewest = max(FEWEST, int(LEAST_SHARE * len(values))) if fewest is None else fewest
    ordered = np.sort(values, axis=0)  # what is missing comes last
    known = (~np.isnan(values)).sum(axis=0)
    place = np.maximum(np.minimum(fewest, (known + 1) // 2) - 1, 0)
    columns = np.arange(values.shape[1])
    lows, highs = ordered[place, columns], ordered[np.maximum(known - 1 - place, 0), columns]
    return np.asarray(np.clip(values, lows, np.maximum(lows, highs)), dtype=np.float64)


def find_reach(values: Floats) -> Reach:
    """Return the least and the most of each column; of one that holds nothing, nought."""
    known = np.where(np.isnan(values).all(axis=0), 0.0, values)
    return tuple(zip(np.nanmin(known, axis=0).tolist(), np.nanmax(known, axis=0).tolist(), strict=True))


def cut_rows(values: Floats, reach: Reach) -> Floats:
    """Return ``values`` as a document of this reach reads them: the same as ``scoring.reach.cut`` of each row."""
    if not reach:
        return values
    lows, highs = np.array(reach, dtype=np.float64).T
    return np.asarray(np.clip(values, lows, highs), dtype=np.float64)
