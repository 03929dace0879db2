"""Whom does a mailing move? Our uplift beside the learners of others, on the same folds of a randomised trial.

Ours is what the ladder picks, from the rows learnt from alone, and the ensemble beside it. The spread of a coefficient is the
standard error over the five folds. The ranking by visits is dense; of conversions there are 578, so that all are mostly noise.
"""

import statistics
import time
from pathlib import Path

import numpy as np

from benchmarks.bars import Line, report
from benchmarks.learning.peers import Learn, ensure_peers, find_peers, qini_of_sklift
from benchmarks.learning.tables import read_hillstrom
from oscar_engage.learning.training.data import Data, Floats, trial_of
from oscar_engage.learning.training.ladder import RULES, open_rungs
from oscar_engage.learning.training.learn_uplift import choose_rung, count_uplift, fit_rung
from oscar_engage.learning.training.qini import qini
from oscar_engage.learning.training.split import fold_of

FOLDS, SEED = 5, 1
AGREE = 1e-6


def measure(folder: Path | None) -> bool:
    """Measure visits, then conversions; return whether every bar holds."""
    missing = ensure_peers()
    for module in missing:
        print(f"learning: hillstrom: {module} cannot be installed here; the others are measured.")
    held = [_measure(read_hillstrom(folder, outcome), outcome, missing) for outcome in ("visit", "conversion")]
    return all(held)


def _measure(data: Data, outcome: str, missing: list[str]) -> bool:
    picked: list[str] = []
    ours = {
        "ours, as the ladder picks": _ladder(picked),
        "ours: ensemble": _rung("ensemble"),
        "ours: S-learner": _rung("s_learner"),
    }
    peers = dict(find_peers(missing, seed=SEED))
    found = {name: _over_folds(name, learn, data) for name, learn in {**ours, **peers}.items()}
    lines = [Line(what=f"{name} (SE {_error(one):.4f})", measured=statistics.fmean(one)) for name, one in found.items()]
    lines += _bars({name: found[name] for name in ours}, {name: found[name] for name in peers})
    if "sklift" not in missing:
        lines.append(Line(what="our coefficient beside scikit-uplift's, largest gap", measured=_gap(data), bar=AGREE))
    print(f"\npicked on the five folds: {', '.join(picked)}")
    return report(f"learning: hillstrom, {outcome}, {len(data)} rows, Qini over {FOLDS} folds", lines)


def _bars(ours: dict[str, list[float]], peers: dict[str, list[float]]) -> list[Line]:
    """Return what the ladder picks beside the median and the best of the peers; both insist only where there are peers."""
    if not peers:
        return [Line(what="peers to compare with", measured=0, floor=1)]
    means = {name: statistics.fmean(one) for name, one in peers.items()}
    best = max(means, key=lambda name: means[name])
    median, near = statistics.median(means.values()), means[best] - _error(peers[best])
    return [
        Line(what=f"median of {len(peers)} peers", measured=median),
        Line(what=f"best of them, less its SE: {best}", measured=near),
        *(
            line
            for name in list(ours)[:2]
            for line in (
                Line(what=f"{name}, above the median by", measured=statistics.fmean(ours[name]) - median, floor=0),
                Line(what=f"{name}, above the best less SE by", measured=statistics.fmean(ours[name]) - near, floor=0),
            )
        ),
    ]


def _over_folds(name: str, learn: Learn, data: Data) -> list[float]:
    """Return the coefficient on each fold."""
    began, fold, found = time.monotonic(), fold_of(data, count=FOLDS, seed=SEED), []
    for one in range(FOLDS):
        judge = data.take(np.flatnonzero(fold == one))
        said = learn(data.take(np.flatnonzero(fold != one)), judge.values)
        found.append(qini(judge.outcome, said, trial_of(judge).treated))
    print(f"  {name}: {statistics.fmean(found):.4f} after {time.monotonic() - began:.0f} s", flush=True)
    return found


def _ladder(picked: list[str]) -> Learn:
    def learn(data: Data, values: Floats) -> Floats:
        rungs = open_rungs("uplift", count_uplift(data))
        if not rungs:  # too few converted in an arm: rules alone, which rank nobody before anybody
            picked.append(RULES)
            return np.zeros(len(values))
        rung = choose_rung(rungs, data, seed=SEED)
        picked.append(rung)
        return fit_rung(rung, data, seed=SEED).predict(values)

    return learn


def _rung(rung: str) -> Learn:
    return lambda data, values: fit_rung(rung, data, seed=SEED).predict(values)


def _error(found: list[float]) -> float:
    return statistics.stdev(found) / len(found) ** 0.5


def _gap(data: Data) -> float:
    """Return the largest gap between the coefficients, over rankings with ties and without."""
    trial, chance = trial_of(data), np.random.default_rng(SEED)
    scores = (chance.random(len(data)), data.values[:, 0], data.values[:, 1] + data.outcome)
    return max(
        abs(qini(data.outcome, score, trial.treated) - qini_of_sklift(data.outcome, score, trial.treated)) for score in scores
    )
