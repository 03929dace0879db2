"""Whom is our uplift compared with? Learners of scikit-uplift and causalml, over LightGBM and over a logistic regression.

They are installed into a folder of the checkout that only this measurement sees, without their own requirements: what the
project has installed stays as it is, and what they need besides is listed. A peer that cannot be had is named and left out.
"""

import importlib
import importlib.util
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks import shop
from oscar_engage.learning.training.data import Data, Floats, trial_of

FOLDER = shop.ROOT / ".bench" / "learning"

PACKAGES = {
    "lightgbm": ("lightgbm==4.7.0",),
    "sklift": ("scikit-uplift==0.5.1", "requests", "tqdm"),
    "causalml": (
        *("causalml==0.18.0", "xgboost-cpu", "tqdm", "statsmodels", "patsy", "shap", "slicer", "numba", "llvmlite"),
        *("cloudpickle", "pathos", "ppft", "pox", "multiprocess", "dill", "forestci", "seaborn", "matplotlib", "contourpy"),
        *("cycler", "fonttools", "kiwisolver", "pyparsing", "pillow", "pydot", "graphviz", "packaging"),
    ),
}
"""Of each module what has to be installed for it."""

_LEAVES = {"n_estimators": 100, "learning_rate": 0.05, "num_leaves": 8, "min_child_samples": 100}
"""Shallow: on this table the peers rank better with these than with LightGBM's defaults."""

Learn = Callable[[Data, Floats], Floats]
"""Rows to learn from and values to judge, to what a peer says of these."""


def ensure_peers() -> list[str]:
    """Make the peers importable, which needs the network the first time; return those that cannot be had."""
    sys.path.append(str(FOLDER))
    return [module for module in PACKAGES if not _has(module) and not _install(module)]


def find_peers(missing: list[str], *, seed: int) -> Iterator[tuple[str, Learn]]:
    """Give the name of each peer that can be had and what fits it."""
    if "sklift" not in missing:
        yield from _of_sklift("logistic", lambda: make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)), False)
    if "lightgbm" not in missing:
        if "sklift" not in missing:
            yield from _of_sklift("LightGBM", lambda: _classifier(seed), True)
        if "causalml" not in missing:
            yield from _of_causalml(seed)


def qini_of_sklift(outcome: Floats, score: Floats, treated: Floats) -> float:
    """Return the coefficient as scikit-uplift works it out."""
    metrics = importlib.import_module("sklift.metrics")
    return float(metrics.qini_auc_score(outcome, score, treated))


def _of_sklift(base: str, make: Callable[[], Any], is_forest: bool) -> Iterator[tuple[str, Learn]]:
    models = importlib.import_module("sklift.models")
    kinds: dict[str, Callable[[], Any]] = {
        "solo": lambda: models.SoloModel(make()),
        "solo, interactions": lambda: models.SoloModel(make(), method="treatment_interaction"),
        "two models": lambda: models.TwoModels(make(), make()),
        "dependent on control": lambda: models.TwoModels(make(), make(), method="ddr_control"),
        "class transformation": lambda: models.ClassTransformation(make()),
    }
    for name, kind in kinds.items():
        if is_forest or name != "solo":  # without interactions a logistic curve ranks by what it starts from
            yield f"scikit-uplift: {name}, {base}", _fit_sklift(kind)


def _fit_sklift(kind: Callable[[], Any]) -> Learn:
    def learn(data: Data, values: Floats) -> Floats:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = kind().fit(_frame(data.values), _series(data.outcome), _series(trial_of(data).treated))
            return np.asarray(model.predict(_frame(values)), dtype=np.float64)

    return learn


def _of_causalml(seed: int) -> Iterator[tuple[str, Learn]]:
    meta = importlib.import_module("causalml.inference.meta")
    kinds: dict[str, Callable[[], Any]] = {
        "S-learner": lambda: meta.BaseSClassifier(_classifier(seed)),
        "T-learner": lambda: meta.BaseTClassifier(_classifier(seed)),
        "X-learner": lambda: meta.BaseXClassifier(outcome_learner=_classifier(seed), effect_learner=_regressor(seed)),
        "R-learner": lambda: meta.BaseRClassifier(_classifier(seed), _regressor(seed), random_state=seed),
        "DR-learner": lambda: meta.BaseDRRegressor(learner=_regressor(seed)),
    }
    for name, kind in kinds.items():
        yield f"causalml: {name}, LightGBM", _fit_causalml(kind)


def _fit_causalml(kind: Callable[[], Any]) -> Learn:
    def learn(data: Data, values: Floats) -> Floats:
        trial = trial_of(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model, share = kind(), float(trial.chance.mean())
            model.fit(X=data.values, treatment=trial.treated.astype(int), y=data.outcome, p=trial.chance)
            said = model.predict(values, p=np.full(len(values), share))
        return np.asarray(said, dtype=np.float64).ravel()

    return learn


def _classifier(seed: int) -> Any:
    return importlib.import_module("lightgbm").LGBMClassifier(**_LEAVES, random_state=seed, n_jobs=1, verbose=-1)


def _regressor(seed: int) -> Any:
    return importlib.import_module("lightgbm").LGBMRegressor(**_LEAVES, random_state=seed, n_jobs=1, verbose=-1)


def _frame(values: Floats) -> Any:
    return importlib.import_module("pandas").DataFrame(values, columns=[f"f{number}" for number in range(values.shape[1])])


def _series(values: Floats) -> Any:
    return importlib.import_module("pandas").Series(values.astype(int))


def _has(module: str) -> bool:
    try:
        importlib.import_module("causalml.inference.meta" if module == "causalml" else module)
    except (ImportError, OSError):
        return False
    return True


def _install(module: str) -> bool:
    print(f"Installing {module} to compare with into .bench …", file=sys.stderr)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade"]
    subprocess.run([*command, "--target", str(FOLDER), *PACKAGES[module]], check=False)
    importlib.invalidate_caches()
    return _has(module)
