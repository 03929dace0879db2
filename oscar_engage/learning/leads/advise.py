"""What do the scores of an instant mean for who decides? As advice for the gates, and as words for rules. Pure."""

from collections.abc import Mapping, Sequence

from oscar_engage.decisions.advice import Advice
from oscar_engage.learning.features.schema import PLACES
from oscar_engage.learning.leads.bars import gain_of
from oscar_engage.learning.leads.lead import Bars, Estimate, lead_of
from oscar_engage.rules.foretold import NOTHING_FORETOLD, Foretold

BASKET = PLACES["basket_total"]

UNSURE = (-1.0, 1.0)
"""The bounds of an uplift of which nothing is known."""

ALONE = frozenset({"s_learner"})
"""Rungs of one model that errs in one way: they may advise against help, and keep no agent's place for others.

In five of five simulated shops its ranking won less than the rules did; ensembles won more (what-learning-wins.md).
"""

Scores = Mapping[str, Estimate]
"""By task, the value with its low and high end."""


def advice_of(
    scores: Scores, vector: Sequence[float | None], bars: Bars, *, is_far: bool = False, may_outrank: bool = True
) -> Advice | None:
    """Return what the gates are told; ``None`` where no model of uplift speaks: a propensity alone refuses nothing.

    ``is_far``: the model has not learnt from such as this. What it says there was never held against anything, so it counts as
    unsure. ``may_outrank``: it may keep an agent's place for others.
    """
    uplift = scores.get("uplift")
    if uplift is None:
        return None
    _value, low, high = uplift
    if is_far or low == high:  # fitted without replicas: nobody knows how sure that is, so nothing could speak against
        low, high = UNSURE
    leaves = scores["exit"][0] if "exit" in scores else None
    # By the high end: ranked by the value alone, places went to who buys anyway, and rules won more (what-learning-wins.md).
    gain = gain_of(high, basket=vector[BASKET], leaves=leaves, bars=bars)
    return Advice(low=low, high=high, cost=bars.cost, gain=gain, price=bars.price if may_outrank else None)


def foretold_of(scores: Scores, bars: Bars) -> Foretold:
    """Return what rules read of it."""
    if not scores:
        return NOTHING_FORETOLD
    values = {task: scores[task][0] if task in scores else None for task in ("propensity", "exit", "uplift")}
    lead = lead_of(propensity=values["propensity"], uplift=scores.get("uplift"), bars=bars)
    return Foretold(**values, lead="" if lead is None else lead.value)
