"""Who buys, who leaves: is there a better forecast than the one that speaks?"""

from typing import Any

import numpy as np

from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.training.bootstrap import find_sureness
from oscar_engage.learning.training.champion import ask, seen_until
from oscar_engage.learning.training.data import Data, Floats
from oscar_engage.learning.training.exit import exits_of
from oscar_engage.learning.training.forecast import choose_rung, make_forecast
from oscar_engage.learning.training.ladder import RULES, find_needs, open_rungs
from oscar_engage.learning.training.metrics import BINS, auc, ece, log_loss, pr_auc, reliability
from oscar_engage.learning.training.outcome import Outcome, Points
from oscar_engage.learning.training.promote import ECE_MOST, LEAST_EVENTS, chance_stopped, judge_chance
from oscar_engage.learning.training.propensity import fit_logistic
from oscar_engage.learning.training.publish import publish
from oscar_engage.learning.training.split import split_by_time

_A_BIN = 60  # events that a bin holds, at least: with fewer, luck alone is an error of more than the bar
_BY_LUCK = 0.5  # the AUC of a ranking that knows nothing
_STEPS = (0.1, 0.2, 0.4, 0.7, 1.0)


def learn_chance(task: str, data: Data, champion: Document | None, *, counts: dict[str, float], seed: int) -> Outcome:
    """Fit a challenger, judge it on the newest visitors against the champion (the plain rate, if nobody speaks)."""
    rungs, needs = open_rungs(task, counts), find_needs(task, counts)
    split = split_by_time(data, seen_until=seen_until(champion))
    learn, judge = data.take(split.learn), data.take(split.judge)
    speaking = RULES if champion is None else champion.rung
    if min(_events(learn), _events(judge)) < LEAST_EVENTS:
        return Outcome(verdict="kept", why="too_few", rung=speaking, counts=counts, needs=needs)
    rung, strength = choose_rung(rungs, learn, seed=seed)
    said = make_forecast(rung, learn, strength=strength, seed=seed).predict(judge.values)
    rate = np.full(len(judge), float(np.average(learn.outcome, weights=learn.weight)))
    against = rate if champion is None else ask(champion, judge.values)
    final = make_forecast(rung, data, strength=strength, seed=seed)
    numbers = {
        **_numbers(judge, said, against),
        "sureness": find_sureness(judge, said, against, seed=seed),
        "ece": ece(data.outcome, final.unseen, data.weight, _bins(data)),
        "strength": strength,
    }
    verdict = judge_chance(
        sureness=numbers["sureness"],
        auc=numbers["auc"],
        champion_auc=numbers["champion_auc"],
        calibration_error=numbers["ece"],
    )
    curves = {
        "learning": _learning_curve(learn, judge, strength),
        "calibration": reliability(data.outcome, final.unseen, data.weight, _bins(data)),
    }
    common: dict[str, Any] = {"counts": counts, "needs": needs, "numbers": numbers, "curves": curves}
    is_fair = numbers["auc"] > _BY_LUCK and numbers["ece"] <= ECE_MOST
    must_be_replaced = champion is not None and champion.rung not in rungs and is_fair
    if verdict.is_better or must_be_replaced:
        document = publish(
            task,
            rung,
            data,
            model=final.fitted.model,
            calibration=final.calibration,
            predict=final.predict,
            numbers=numbers,
            seed=seed,
        )
        why = "better" if verdict.is_better else "evidence_gone"
        return Outcome(verdict="better", why=why, rung=rung, document=document, **common)
    if champion is not None and chance_stopped(sureness=find_sureness(judge, against, rate, seed=seed)):
        return Outcome(verdict="fall", why="wins_no_more", rung=RULES, **common)
    return Outcome(verdict="kept", why=verdict.why, rung=speaking, **common)


def count_chance(task: str, data: Data) -> dict[str, float]:
    """Return visits, and orders or exits: each visit once, however many snapshots it has."""
    visits = float(round(data.weight.sum()))
    orders = float(round((data.outcome * data.weight).sum()))
    return {"visits": visits, **({"orders": orders} if task == "propensity" else {"exits": float(round(exits_of(data)))})}


def _events(data: Data) -> float:
    return exits_of(data)


def _bins(data: Data) -> int:
    return int(min(BINS, max(2, _events(data) // _A_BIN)))


def _numbers(judge: Data, said: Floats, against: Floats) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, chance in (("", said), ("champion_", against)):
        found[f"{name}auc"] = auc(judge.outcome, chance, judge.weight)
        found[f"{name}pr_auc"] = pr_auc(judge.outcome, chance, judge.weight)
        found[f"{name}log_loss"] = log_loss(judge.outcome, chance, judge.weight)
    return found


def _learning_curve(learn: Data, judge: Data, strength: float) -> Points:
    """Return how well the newest are ranked by a logistic regression that learnt from the first rows only."""
    order = np.argsort(learn.at, kind="stable")
    points = []
    for share in _STEPS:
        part = learn.take(np.sort(order[: max(1, int(share * len(order)))]))
        if 0 < part.outcome.sum() < len(part):
            said = fit_logistic(part, strength=strength).predict(judge.values)
            points.append([float(len(part)), auc(judge.outcome, said, judge.weight)])
    return points
