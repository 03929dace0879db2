"""How good is a forecast? Ranking (AUC, PR-AUC), calibration (ECE, log-loss), stability (PSI)."""

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from oscar_engage.learning.training.data import Floats

BINS = 10
"""Bins of equal weight for calibration, as in Naeini et al. (AAAI 2015) but of equal mass: no bin is empty."""

_LEAST = 1e-9


def auc(outcome: Floats, score: Floats, weight: Floats | None = None) -> float:
    """Return the area under the ROC curve; one half where only one outcome is there."""
    if np.unique(outcome).size < 2:  # noqa: PLR2004 - both outcomes
        return 0.5
    return float(roc_auc_score(outcome, score, sample_weight=weight))


def pr_auc(outcome: Floats, score: Floats, weight: Floats | None = None) -> float:
    """Return the average precision: the area under precision over recall, without interpolation."""
    return float(average_precision_score(outcome, score, sample_weight=weight)) if outcome.any() else 0.0


def losses(outcome: Floats, chance: Floats) -> Floats:
    """Return the log-loss of each row, in nats."""
    kept = np.clip(chance, _LEAST, 1 - _LEAST)
    return np.asarray(-(outcome * np.log(kept) + (1 - outcome) * np.log(1 - kept)), dtype=np.float64)


def log_loss(outcome: Floats, chance: Floats, weight: Floats) -> float:
    """Return the weighted mean log-loss, in nats."""
    return float(np.average(losses(outcome, chance), weights=weight))


def reliability(outcome: Floats, chance: Floats, weight: Floats, bins: int = BINS) -> list[list[float]]:
    """Return foretold, happened and weight of each bin of equal weight, from the least to the most likely."""
    order = np.argsort(chance, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    number = np.minimum((share * bins * (1 - 1e-12)).astype(int), bins - 1)
    points = []
    for one in np.unique(number):
        rows = order[number == one]
        mass = float(weight[rows].sum())
        if mass > 0:
            foretold, happened = (float(np.average(what[rows], weights=weight[rows])) for what in (chance, outcome))
            points.append([foretold, happened, mass])
    return points


def ece(outcome: Floats, chance: Floats, weight: Floats, bins: int = BINS) -> float:
    """Return the expected calibration error: how far foretold and happened are apart, averaged over bins."""
    points = reliability(outcome, chance, weight, bins)
    mass = sum(point[2] for point in points)
    return sum(abs(point[0] - point[1]) * point[2] for point in points) / mass
