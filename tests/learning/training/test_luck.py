"""Is luck as large as it is, and is a choice between rungs not judged by what it was made on?"""

from dataclasses import replace

import numpy as np
import pytest

from oscar_engage.learning.training.data import Data, trial_of
from oscar_engage.learning.training.learn_uplift import choose_rung, judge_fairly
from oscar_engage.learning.training.qini import qini, qini_error
from oscar_engage.learning.training.split import folds
from oscar_engage.learning.training.uplift import REPLICAS, fit_replicas
from tests.learning.training.shops import make_shop


def repeat(data: Data, times: int) -> Data:
    """Return ``data`` with each visitor seen so many times, weighing as much as once."""
    many = data.take(np.repeat(np.arange(len(data)), times))
    return replace(many, weight=many.weight / times)


def test_qini_error__each_visitor_four_times__is_as_large_as_once() -> None:
    once = make_shop(1500, is_trial=True)
    score, chance = once.values[:, 0], np.random.default_rng
    one = qini_error(once, score, chance=chance(1), runs=200)
    four = qini_error(repeat(once, 4), np.repeat(score, 4), chance=chance(1), runs=200)
    assert four == pytest.approx(one, rel=0.15)


def test_qini_error__no_effect__is_the_spread_that_other_trials_show() -> None:
    scores, errors = [], []
    for seed in range(60):
        data = make_shop(800, seed=seed, is_trial=True, is_permuted=True)
        likely = data.values[:, 0]  # who buys anyway
        scores.append(qini(data.outcome, likely, trial_of(data).treated, trial_of(data).inverse))
        errors.append(qini_error(data, likely, chance=np.random.default_rng(seed)))
    assert float(np.mean(errors)) == pytest.approx(float(np.std(scores)), rel=0.35)


def test_judge_fairly__each_fold__is_said_by_the_rung_that_the_others_chose() -> None:
    data = make_shop(900, is_trial=True)
    helpful = np.sign(data.values[:, 1])
    first = next(folds(data, seed=1)).judge
    good, bad = helpful.copy(), -helpful
    good[first], bad[first] = -5.0, 5.0
    fair = judge_fairly(("good", "bad"), data, {"good": good, "bad": bad}, seed=1)
    assert (fair[first] == -5.0).all()


def test_choose_rung__one_is_open__is_taken_without_a_fit() -> None:
    assert choose_rung(("s_learner",), make_shop(4, is_trial=True), seed=1) == "s_learner"


def test_fit_replicas__of_both_kinds__and_one_arm_gives_none() -> None:
    data = make_shop(600, is_trial=True)
    kinds = [type(one).__name__ for one in fit_replicas(data, seed=1)]
    assert kinds == ["Difference", "Linear"] * (REPLICAS // 2)
    alone = data.take(np.flatnonzero(trial_of(data).treated == 1))
    assert fit_replicas(alone, seed=1) == ()
