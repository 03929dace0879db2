"""Who leaves? The same models as for buying; only what counts as evidence differs."""

from oscar_engage.learning.training.data import Data


def exits_of(data: Data) -> float:
    """Return the rarer of leaving and staying, in visits: that many examples there are to tell the two apart."""
    left = float((data.outcome * data.weight).sum())
    return min(left, float(data.weight.sum()) - left)
