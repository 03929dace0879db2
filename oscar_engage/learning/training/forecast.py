"""What is foretold of buying or leaving? A model with its calibration, and how it does on visitors it had not seen."""

from dataclasses import dataclass

import numpy as np

from oscar_engage.learning.scoring.parts import Isotonic, Platt
from oscar_engage.learning.training.bootstrap import find_sureness
from oscar_engage.learning.training.calibrate import (
    Calibration,
    calibrate,
    choose_calibration,
    fit_isotonic,
    fit_none,
    fit_platt,
)
from oscar_engage.learning.training.data import Data, Floats
from oscar_engage.learning.training.fitted import Fitted
from oscar_engage.learning.training.promote import SURE
from oscar_engage.learning.training.propensity import choose_steps, choose_strength, fit_boosted, fit_logistic
from oscar_engage.learning.training.split import FOLDS, fold_of, folds, split_by_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A calibrated model; ``unseen``: what models of its kind said of each row without having seen its visitor."""

    fitted: Fitted
    calibration: Calibration
    unseen: Floats

    def predict(self, values: Floats) -> Floats:
        """Return calibrated chances."""
        return calibrate(self.fitted.predict(values), self.calibration)


def fit_rung(rung: str, data: Data, *, strength: float, seed: int, steps: int | None = None) -> Fitted:
    """Fit the model of a rung."""
    return fit_boosted(data, seed=seed, steps=steps) if rung == "boosted" else fit_logistic(data, strength=strength)


def make_forecast(rung: str, data: Data, *, strength: float, seed: int) -> Forecast:
    """Fit on all rows; calibrate on what models that had not seen a visitor said of him.

    How many trees there are is found once: to find it anew in each fold took most of a night's time.
    """
    raw = np.empty(len(data))
    steps = choose_steps(data, seed=seed) if rung == "boosted" else None
    fold = fold_of(data, count=FOLDS, seed=seed)
    for split in folds(data, seed=seed):
        fitted = fit_rung(rung, data.take(split.learn), strength=strength, seed=seed, steps=steps)
        raw[split.judge] = fitted.predict(data.values[split.judge])
    calibration = choose_calibration(data.outcome, raw, data.weight, fold)
    fits = {type(None): fit_none, Platt: fit_platt, Isotonic: fit_isotonic}[type(calibration)]
    unseen = np.empty(len(data))
    for one in range(FOLDS):
        learn, judge = fold != one, fold == one
        unseen[judge] = calibrate(raw[judge], fits(data.outcome[learn], raw[learn], data.weight[learn]))
    final = fit_rung(rung, data, strength=strength, seed=seed, steps=steps)
    return Forecast(fitted=final, calibration=calibration, unseen=unseen)


def choose_rung(rungs: tuple[str, ...], data: Data, *, seed: int) -> tuple[str, float]:
    """Return the rung and the strength of its penalty: a higher rung only where it surely wins on the newest visitors."""
    strength = choose_strength(data, seed=seed)
    best = rungs[0]
    split = split_by_time(data)
    learn, judge = data.take(split.learn), data.take(split.judge)
    for rung in rungs[1:]:
        said = [fit_rung(one, learn, strength=strength, seed=seed).predict(judge.values) for one in (rung, best)]
        if find_sureness(judge, said[0], said[1], seed=seed) >= SURE:
            best = rung
    return best, strength
