"""How far does a model reach? As far as enough rows do that it learnt from: beyond, it is told of nobody what a handful did."""

import numpy as np

from oscar_engage.learning.scoring.reach import Reach
from oscar_engage.learning.training.data import Floats

FEWEST, LEAST_SHARE = 50, 0.005
"""Rows that have to lie at an edge or beyond it, and as a share of all, whichever is more."""


def find_reach(values: Floats, *, fewest: int | None = None) -> Reach:
    """Return from where to where each column is reached by ``fewest`` rows; of fewer known, their middle; of none, nought."""
    least = max(FEWEST, int(LEAST_SHARE * len(values))) if fewest is None else fewest
    ordered = np.sort(values, axis=0)  # what is missing comes last
    found = []
    for column in ordered.T:
        known = column[~np.isnan(column)]
        place = min(least, (len(known) + 1) // 2) - 1
        found.append((float(known[place]), float(known[len(known) - 1 - place])) if len(known) else (0.0, 0.0))
    return tuple((low, max(low, high)) for low, high in found)


def cut_rows(values: Floats, reach: Reach) -> Floats:
    """Return ``values`` as a document of this reach reads them: the same as ``scoring.reach.cut`` of each row."""
    if not reach:
        return values
    lows, highs = np.array(reach, dtype=np.float64).T
    return np.asarray(np.clip(values, lows, highs), dtype=np.float64)
