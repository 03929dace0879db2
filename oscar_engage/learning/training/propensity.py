"""Who buys, or leaves? A logistic regression for little evidence, boosted trees for much."""

import warnings

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from oscar_engage.learning.training.data import Data, Floats
from oscar_engage.learning.training.export import logistic_of, trees_of
from oscar_engage.learning.training.fitted import Fitted
from oscar_engage.learning.training.metrics import log_loss
from oscar_engage.learning.training.prepare import prepare, without_empty_columns
from oscar_engage.learning.training.split import folds, thin

STRENGTHS = (0.003, 0.03, 0.3)
"""Inverse strengths of the ridge penalty that are tried."""

MOST_STEPS = 400
"""Trees at most; how many there are in the end is found on visitors who were set aside."""

BINS = 63
"""Steps into which boosted trees cut a feature.

Where rows carry weights scikit-learn finds each edge by a percentile of its own; with its 255 that took most of a fit's time.
"""

_TRIED_ON = 15_000  # rows on which strengths are compared
_ITERATIONS = 300


class NotConvergedError(RuntimeError):
    """The solver found no end, so there is no model."""


def fit_logistic(data: Data, *, strength: float) -> Fitted:
    """Fit a logistic regression with ridge penalty on prepared columns."""
    preparation = prepare(data.values)
    solved = solve_logistic(preparation.apply(data.values), data.outcome, data.weight, strength=strength)

    def predict(values: Floats) -> Floats:
        return np.asarray(solved.predict_proba(preparation.apply(values))[:, 1], dtype=np.float64)

    return Fitted(predict=predict, model=logistic_of(preparation, solved.intercept_[0], solved.coef_[0]))


def solve_logistic(columns: Floats, outcome: Floats, weight: Floats, *, strength: float) -> LogisticRegression:
    """Fit; where the quick solver does not converge the slow exact one is asked, and where that does not, nobody speaks."""
    for solver in ("lbfgs", "newton-cholesky"):
        model = LogisticRegression(C=strength, solver=solver, max_iter=_ITERATIONS, tol=1e-5)
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            try:
                return model.fit(columns, outcome, sample_weight=weight)
            except ConvergenceWarning:
                continue
    raise NotConvergedError("logistic regression")


def choose_strength(data: Data, *, seed: int) -> float:
    """Return the strength with the least log-loss on visitors who were not learnt from; of equals the stronger penalty."""
    some = thin(data, most=_TRIED_ON, seed=seed)
    parts = [(some.take(split.learn), some.take(split.judge)) for split in folds(some, seed=seed)]

    def loss_of(strength: float) -> float:
        said = ((fit_logistic(learn, strength=strength), judge) for learn, judge in parts)
        return sum(log_loss(judge.outcome, model.predict(judge.values), judge.weight) for model, judge in said)

    return min(STRENGTHS, key=loss_of)


def fit_boosted(data: Data, *, seed: int, steps: int | None = None) -> Fitted:
    """Fit so many boosted trees; ``None``: as many as serve visitors who were set aside."""
    forest = _forest(steps or choose_steps(data, seed=seed), seed)
    forest.fit(without_empty_columns(data.values), data.outcome, sample_weight=data.weight)

    def predict(values: Floats) -> Floats:
        return np.asarray(forest.predict_proba(values)[:, 1], dtype=np.float64)

    return Fitted(predict=predict, model=trees_of(forest, is_logit=True))


def choose_steps(data: Data, *, seed: int) -> int:
    """Return with how many trees visitors who were set aside are foretold best.

    scikit-learn's own early stopping sets rows aside, not visitors: snapshots of one visit would be on both sides.
    """
    split = next(folds(data, count=6, seed=seed))
    learn, judge = data.take(split.learn), data.take(split.judge)
    trial = _forest(MOST_STEPS, seed).fit(without_empty_columns(learn.values), learn.outcome, sample_weight=learn.weight)
    staged = [log_loss(judge.outcome, said[:, 1], judge.weight) for said in trial.staged_predict_proba(judge.values)]
    return max(int(np.argmin(staged)) + 1, 5)


def _forest(steps: int, seed: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=steps,
        max_leaf_nodes=12,
        max_bins=BINS,
        min_samples_leaf=30,
        l2_regularization=5.0,
        max_features=0.5,
        early_stopping=False,
        random_state=seed,
    )
