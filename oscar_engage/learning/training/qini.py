"""How well does a model rank by uplift? The Qini coefficient, as scikit-uplift defines it, and its noise.

Radcliffe, "Using control groups to target on predicted lift" (2007); normalised by the perfect ranking as
``sklift.metrics.qini_auc_score`` (0.5) with ``negative_effect=True``. Rows may carry weights; without, the two agree.
"""

from typing import NamedTuple

import numpy as np

from oscar_engage.learning.training.data import Data, Floats, Rows, Trial, trial_of

PERMUTATIONS = 60
"""Dealings of arms of which the standard error is taken: known to a tenth."""


class Curve(NamedTuple):
    """Weight of the rows so far, from the highest score down, and the outcomes gained by treating them."""

    size: Floats
    gain: Floats


def qini_curve(outcome: Floats, score: Floats, treated: Floats, weight: Floats) -> Curve:
    """Return the Qini curve; rows of equal score enter together."""
    order = np.argsort(score, kind="stable")[::-1]
    ranked = score[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), ranked.size - 1)
    arm, heavy, out = treated[order], weight[order], outcome[order]
    of_treated = np.cumsum(heavy * arm)[ends]
    of_control = np.cumsum(heavy * (1 - arm))[ends]
    won = np.cumsum(heavy * arm * out)[ends]
    lost = np.cumsum(heavy * (1 - arm) * out)[ends]
    ratio = np.divide(of_treated, of_control, out=np.zeros_like(of_treated), where=of_control > 0)
    gain = won - lost * ratio
    return Curve(np.append(0.0, of_treated + of_control), np.append(0.0, gain))


def qini(outcome: Floats, score: Floats, treated: Floats, weight: Floats | None = None) -> float:
    """Return the Qini coefficient: 0 for a random ranking, 1 for a perfect one."""
    heavy = np.ones_like(outcome) if weight is None else weight
    return _beyond_chance(outcome, score, treated, heavy) / _perfect(outcome, treated, heavy)


def qini_error(data: Data, score: Floats, *, chance: np.random.Generator, runs: int = PERMUTATIONS) -> float:
    """Return the standard deviation of the coefficient where arms are dealt out anew: what luck alone gives.

    They are dealt out among visitors, for the rows of one share an outcome. Dealing out scores instead would make luck look
    smaller than it is: models of uplift rank those high who buy anyway, so that outcomes, and their noise, lie at one end.
    """
    trial = trial_of(data)
    deal = _Dealer(data.group)
    found = []
    for _ in range(runs):
        rows = deal.rows(chance)
        dealt = Trial(treated=trial.treated[rows], chance=trial.chance[rows])
        found.append(qini(data.outcome, score, dealt.treated, data.weight * dealt.inverse))
    return float(np.std(found, ddof=1))


class _Dealer:
    """Deals the rows of visitors to others; who has more rows than the other had is given the same ones again."""

    def __init__(self, group: Floats) -> None:
        _visitors, self._where, self._counts = np.unique(group, return_inverse=True, return_counts=True)
        self._sorted = np.argsort(self._where, kind="stable")
        self._starts = np.cumsum(self._counts) - self._counts
        self._place = np.empty(len(group), dtype=np.int64)
        self._place[self._sorted] = np.arange(len(group)) - self._starts[self._where[self._sorted]]

    def rows(self, chance: np.random.Generator) -> Rows:
        """Return for each row the row whose arm it gets."""
        giver = chance.permutation(self._counts.size)[self._where]
        return np.asarray(self._sorted[self._starts[giver] + self._place % self._counts[giver]], dtype=np.int64)


def points_of(curve: Curve, count: int = 41) -> list[list[float]]:
    """Return share of rows and gain per row at even steps, for a picture."""
    steps = np.linspace(0, curve.size[-1], count)
    gains = np.interp(steps, curve.size, curve.gain) / curve.size[-1]
    return [[float(step / curve.size[-1]), float(gain)] for step, gain in zip(steps, gains, strict=True)]


def _perfect(outcome: Floats, treated: Floats, weight: Floats) -> float:
    best = _beyond_chance(outcome, outcome * treated - outcome * (1 - treated), treated, weight)
    return best if best > 0 else 1.0


def _beyond_chance(outcome: Floats, score: Floats, treated: Floats, weight: Floats) -> float:
    size, gain = qini_curve(outcome, score, treated, weight)
    return float(np.trapezoid(gain, size) - size[-1] * gain[-1] / 2)
