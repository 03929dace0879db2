"""How sure is it that one forecast is better than another on the same visitors?"""

import numpy as np

from oscar_engage.learning.training.data import Data, Floats
from oscar_engage.learning.training.metrics import losses

DRAWS = 1000


def find_sureness(data: Data, challenger: Floats, champion: Floats, *, seed: int) -> float:
    """Return the share of draws of visitors, with replacement, in which the challenger's log-loss is the lower one."""
    gain = data.weight * (losses(data.outcome, champion) - losses(data.outcome, challenger))
    _groups, where = np.unique(data.group, return_inverse=True)
    of_visitor = np.bincount(where, weights=gain)
    chance = np.random.default_rng(seed)
    draws = (of_visitor[chance.integers(of_visitor.size, size=of_visitor.size)].sum() for _ in range(DRAWS))
    return sum(float(total) > 0 for total in draws) / DRAWS
