"""Whom does help help? Models of the difference that an invitation makes, learnt from the hold-out.

Rows are weighted by the inverse of the probability of their own arm, so that shares which changed over time do no harm.
"""

from dataclasses import replace

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge

from oscar_engage.learning.scoring.parts import Difference, Ensemble, Model
from oscar_engage.learning.training.data import Data, Floats, trial_of
from oscar_engage.learning.training.export import linear_of, logistic_of, trees_of
from oscar_engage.learning.training.fitted import Fitted
from oscar_engage.learning.training.prepare import Preparation, prepare, without_empty_columns
from oscar_engage.learning.training.propensity import BINS, solve_logistic
from oscar_engage.learning.training.split import fold_of

REPLICAS = 10
"""Refits on visitors drawn with replacement, of which the bounds come."""

REFIT_STRENGTH = 0.1
"""Of the S-learners among the refits: under the penalty that ranks best, refits agree on what they are all wrong about."""

DRAWN = 0.6
"""Visitors drawn for a refit, as a share of all: fewer spread more, by the root of one over this share (1.29).

With all of them, bounds that should hold the true effect nine times in ten did so eight times in made-up trials, for a spread
says nothing of what all refits leave out (``make bench NAME=learning``, part ``bounds``).
"""

STRENGTH = 0.02
"""Inverse strength of the ridge penalty of the S-learner: interactions are weaker than what they interact with."""

_PENALTY = 300.0  # of the doubly robust regression, in rows: pseudo-outcomes are mostly noise
_STEPS = 60  # trees of the X-learner


def fit_s_learner(data: Data, *, strength: float = STRENGTH) -> Fitted:
    """Fit one logistic regression with the arm and its product with each column (Lo, 2002); an arm counts ± one half."""
    trial = trial_of(data)
    preparation = prepare(data.values)
    columns = preparation.apply(data.values)
    arm = (trial.treated - 0.5)[:, None]
    stacked = np.hstack([columns, arm, columns * arm])
    solved = solve_logistic(stacked, data.outcome, data.weight * trial.inverse, strength=strength)
    count = columns.shape[1]
    main, shift, products = solved.coef_[0, :count], solved.coef_[0, count], solved.coef_[0, count + 1 :]
    arms = {side: (solved.intercept_[0] + side * shift, main + side * products) for side in (0.5, -0.5)}

    def predict(values: Floats) -> Floats:
        rows = preparation.apply(values)
        odd = {side: solved.predict_proba(np.hstack([rows, np.full((len(rows), 1), side), rows * side])) for side in arms}
        return np.asarray(odd[0.5][:, 1] - odd[-0.5][:, 1], dtype=np.float64)

    treated, control = (logistic_of(preparation, *arms[side]) for side in (0.5, -0.5))
    return Fitted(predict=predict, model=Difference(treated=treated, control=control))


def fit_x_learner(data: Data, *, seed: int) -> Fitted:
    """Fit shallow trees to the effects imputed in each arm by a model of the other (Künzel et al., PNAS 2019)."""
    trial = trial_of(data)
    with_help, without = _cross_fit(data, seed=seed)
    heavy = data.weight * trial.inverse
    share = float(np.average(trial.chance, weights=data.weight))
    parts: list[tuple[HistGradientBoostingRegressor, float]] = []
    for arm, effect, part in ((1, data.outcome - without, 1 - share), (0, with_help - data.outcome, share)):
        rows = trial.treated == arm
        leaf = max(20, int(rows.sum()) // 40)
        forest = HistGradientBoostingRegressor(
            learning_rate=0.05,
            max_iter=_STEPS,
            max_leaf_nodes=4,
            max_bins=BINS,
            min_samples_leaf=leaf,
            l2_regularization=10.0,
            early_stopping=False,
            random_state=seed,
        )
        parts.append((forest.fit(without_empty_columns(data.values[rows]), effect[rows], sample_weight=heavy[rows]), part))

    def predict(values: Floats) -> Floats:
        return np.asarray(sum(part * forest.predict(values) for forest, part in parts), dtype=np.float64)

    members = tuple(trees_of(forest, is_logit=False) for forest, _part in parts)
    return Fitted(predict=predict, model=Ensemble(members=members, weights=tuple(part for _forest, part in parts)))


def fit_doubly_robust(data: Data, *, seed: int) -> Fitted:
    """Fit a ridge regression to doubly robust pseudo-outcomes (Kennedy, 2023), cross-fitted by visitor."""
    trial = trial_of(data)
    with_help, without = _cross_fit(data, seed=seed)
    own = np.where(trial.treated == 1, with_help, without)
    sign = np.where(trial.treated == 1, 1 / trial.chance, -1 / (1 - trial.chance))
    effect = with_help - without + sign * (data.outcome - own)
    preparation: Preparation = prepare(data.values)
    ridge = Ridge(alpha=_PENALTY, solver="cholesky")
    ridge.fit(preparation.apply(data.values), effect, sample_weight=data.weight)

    def predict(values: Floats) -> Floats:
        return np.asarray(ridge.predict(preparation.apply(values)), dtype=np.float64)

    return Fitted(predict=predict, model=linear_of(preparation, float(ridge.intercept_), ridge.coef_))


def fit_ensemble(data: Data, *, seed: int) -> Fitted:
    """Fit all three and take their mean: each errs in its own way."""
    members = (fit_s_learner(data), fit_x_learner(data, seed=seed), fit_doubly_robust(data, seed=seed))
    weight = 1 / len(members)

    def predict(values: Floats) -> Floats:
        return np.asarray(sum(weight * member.predict(values) for member in members), dtype=np.float64)

    model = Ensemble(members=tuple(member.model for member in members), weights=(weight,) * len(members))
    return Fitted(predict=predict, model=model)


def fit_replicas(data: Data, *, seed: int, count: int = REPLICAS) -> tuple[Model, ...]:
    """Refit on visitors drawn with replacement: an S-learner with a weak penalty and a doubly robust regression in turns.

    Both are sums, which a web process works out quickly; that they are of two kinds makes their spread say, too, how much the
    answer hangs on the kind. Drawing fewer than all widens the spread (the m out of n bootstrap of Bickel, Götze and van Zwet,
    1997); weights make up for it, so that penalties stay as strong as they were. A draw with one arm or one outcome only is
    left out.
    """
    groups, where = np.unique(data.group, return_inverse=True)
    chance = np.random.default_rng(seed)
    size = max(1, round(DRAWN * groups.size))
    found: list[Model] = []
    for number in range(count):
        times = np.bincount(chance.integers(groups.size, size=size), minlength=groups.size)[where]
        rows = np.flatnonzero(times)
        some = data.take(rows)
        drawn = replace(some, weight=some.weight * times[rows] * groups.size / size)
        if np.unique(trial_of(drawn).treated).size == np.unique(drawn.outcome).size == 2:  # noqa: PLR2004 - both
            is_even = number % 2 == 0
            refit = fit_s_learner(drawn, strength=REFIT_STRENGTH) if is_even else fit_doubly_robust(drawn, seed=seed + number)
            found.append(refit.model)
    return tuple(found)


def _cross_fit(data: Data, *, seed: int, count: int = 2) -> tuple[Floats, Floats]:
    """Foretell each row's outcome with and without help by a model that has not seen its visitor."""
    trial = trial_of(data)
    fold = fold_of(data, count=count, seed=seed)
    said = (np.zeros(len(data)), np.zeros(len(data)))
    for one in range(count):
        judge = np.flatnonzero(fold == one)
        for arm in (1, 0):
            learn = np.flatnonzero((fold != one) & (trial.treated == arm))
            said[1 - arm][judge] = _outcome_model(data.take(learn), data.values[judge])
    return said


def _outcome_model(data: Data, values: Floats) -> Floats:
    if np.unique(data.outcome).size < 2:  # noqa: PLR2004 - both outcomes
        return np.full(len(values), float(data.outcome.mean()) if len(data) else 0.0)
    preparation = prepare(data.values)
    solved = solve_logistic(preparation.apply(data.values), data.outcome, data.weight, strength=0.03)
    return np.asarray(solved.predict_proba(preparation.apply(values))[:, 1], dtype=np.float64)
