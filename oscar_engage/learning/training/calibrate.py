"""Does 7 % mean 7 of 100? Corrects forecasts by what came of them, judged on visitors that the model had not seen."""

import numpy as np
from sklearn.isotonic import IsotonicRegression

from oscar_engage.learning.scoring.parts import Isotonic, Platt
from oscar_engage.learning.training.data import Floats, Rows
from oscar_engage.learning.training.metrics import log_loss
from oscar_engage.learning.training.propensity import solve_logistic

Calibration = Platt | Isotonic | None

ISOTONIC_FROM = 1000
"""Events from which steps are tried: below, they follow noise (Niculescu-Mizil and Caruana, ICML 2005)."""

_LEAST = 1e-12
_KNOTS = 60


def calibrate(chance: Floats, calibration: Calibration) -> Floats:
    """Return corrected forecasts."""
    if calibration is None:
        return chance
    if isinstance(calibration, Platt):
        return np.asarray(1 / (1 + np.exp(-(calibration.a * _logit(chance) + calibration.b))), dtype=np.float64)
    return np.asarray(np.interp(chance, calibration.x, calibration.y), dtype=np.float64)


def choose_calibration(outcome: Floats, chance: Floats, weight: Floats, fold: Rows) -> Calibration:
    """Return the correction with the least log-loss on folds that it was not fitted on; of equals the simpler.

    ``chance`` must come from models that had not seen the visitors (``fold`` of each row: by visitor).
    """
    fits = [fit_none, fit_platt]
    if float((outcome * weight).sum()) >= ISOTONIC_FROM:
        fits.append(fit_isotonic)

    def loss_of(number: int) -> float:
        said = np.empty_like(chance)
        for one in np.unique(fold):
            learn, judge = fold != one, fold == one
            said[judge] = calibrate(chance[judge], fits[number](outcome[learn], chance[learn], weight[learn]))
        return round(log_loss(outcome, said, weight), 6)

    return fits[min(range(len(fits)), key=loss_of)](outcome, chance, weight)


def fit_none(outcome: Floats, chance: Floats, weight: Floats) -> Calibration:
    """Correct nothing."""
    return None


def fit_platt(outcome: Floats, chance: Floats, weight: Floats) -> Calibration:
    """Fit a slope and a shift of the log-odds (Platt, 1999); a slope that would turn the ranking round corrects nothing."""
    if np.unique(outcome).size < 2:  # noqa: PLR2004 - both outcomes
        return None
    solved = solve_logistic(_logit(chance)[:, None], outcome, weight, strength=1e6)
    slope = float(solved.coef_[0, 0])
    return Platt(a=slope, b=float(solved.intercept_[0])) if slope > 0 else None


def fit_isotonic(outcome: Floats, chance: Floats, weight: Floats) -> Calibration:
    """Fit a rising line through steps, with few corners."""
    steps = IsotonicRegression(y_min=1e-6, y_max=1 - 1e-6, out_of_bounds="clip").fit(chance, outcome, sample_weight=weight)
    corners = np.unique(np.quantile(chance, np.linspace(0, 1, _KNOTS)))
    return Isotonic(x=tuple(corners.tolist()), y=tuple(steps.predict(corners).tolist()))


def _logit(chance: Floats) -> Floats:
    kept = np.clip(chance, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)
