"""Whom does help help: is there a better ranking than the one that speaks?"""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.ways import CHAT, OTHER, PREFIX, WAY_NAMES
from oscar_engage.learning.training.champion import ask, seen_until
from oscar_engage.learning.training.data import Data, Floats, Rows, trial_of
from oscar_engage.learning.training.fitted import Fitted
from oscar_engage.learning.training.ladder import CONTROL_BY, RULES, TREATED_BY, find_needs, open_rungs
from oscar_engage.learning.training.outcome import Outcome
from oscar_engage.learning.training.promote import LEAST_EVENTS, Verdict, judge_uplift, uplift_stopped
from oscar_engage.learning.training.publish import publish
from oscar_engage.learning.training.qini import points_of, qini, qini_curve, qini_error
from oscar_engage.learning.training.split import folds, split_by_time
from oscar_engage.learning.training.uplift import fit_ensemble, fit_replicas, fit_s_learner

CROSSED = sqrt(2)
"""How much wider luck is over folds than on one set put aside: each fold judges what others taught and teaches what they judge.

In a model that adds up what its rows say, what rows of two folds have in common by chance counts in both directions, so the
variance doubles, however many folds there are. Measured without it: 15 of 100 trials without effect were beyond 5 %.
"""


def learn_uplift(data: Data, champion: Document | None, *, counts: dict[str, float], seed: int) -> Outcome:
    """Fit a challenger, judge it on visitors it had not seen, and on the newest against the champion."""
    rungs, needs = open_rungs("uplift", counts), find_needs("uplift", counts)
    speaking = RULES if champion is None else champion.rung
    split = split_by_time(data, seen_until=seen_until(champion))
    learn, judge = data.take(split.learn), data.take(split.judge)
    if min(*_conversions(judge), *_conversions(learn)) < LEAST_EVENTS:
        return Outcome(verdict="kept", why="too_few", rung=speaking, counts=counts, needs=needs)
    said = {rung: find_unseen(rung, data, seed=seed) for rung in rungs}
    rung = _best(rungs, data, said)
    unseen = judge_fairly(rungs, data, said, seed=seed)
    chance = np.random.default_rng(seed)
    newest = _qini(judge, fit_rung(rung, learn, seed=seed).predict(judge.values))
    ways = find_ways(data)
    numbers = {
        **count_ways(data),
        **{f"qini_{one}": _qini(data, said[one]) for one in rungs},
        **{f"qini_by_{way}": _qini(some, unseen[rows]) for way, rows, some in _by_way(data, ways)},
        "qini": _qini(data, unseen),
        "luck": CROSSED * qini_error(data, unseen, chance=chance),
        "newest": newest,
    }
    before = None
    if champion is not None:
        before = ask(champion, judge.values)
        numbers |= {"champion": _qini(judge, before), "champion_luck": qini_error(judge, before, chance=chance)}
    # One that speaks with more confidence than there is evidence for need not be beaten, only replaced.
    rival = numbers.get("champion") if champion is not None and champion.rung in rungs else None
    verdict = judge_uplift(unseen=numbers["qini"], luck=numbers["luck"], newest=newest, champion=rival)
    trial = trial_of(data)
    curve = qini_curve(data.outcome, unseen, trial.treated, data.weight * trial.inverse)
    common: dict[str, Any] = {"counts": counts, "needs": needs, "numbers": numbers, "curves": {"qini": points_of(curve)}}
    if _way_columns(data) and not ways:
        verdict = Verdict(is_better=False, why="too_few")
    if verdict.is_better:
        final = fit_rung(rung, data, seed=seed)
        document = publish(
            "uplift",
            rung,
            data,
            model=final.model,
            predict=final.predict,
            replicas=fit_replicas(data, seed=seed),
            ways=ways,
            numbers=numbers,
            seed=seed,
        )
        return Outcome(verdict="better", why="better", rung=rung, document=document, **common)
    if champion is None:
        return Outcome(verdict="kept", why=verdict.why, rung=speaking, **common)
    if champion.rung not in rungs:
        return Outcome(verdict="fall", why="evidence_gone", rung=RULES, **common)
    if uplift_stopped(unseen=numbers["qini"], champion=numbers["champion"], luck=numbers["champion_luck"]):
        return Outcome(verdict="fall", why="wins_no_more", rung=RULES, **common)
    return Outcome(verdict="kept", why=verdict.why, rung=speaking, **common)


def find_ways(data: Data) -> tuple[str, ...]:
    """Return the ways of helping that enough is known of, the chat first, then by the orders that followed; none of no column.

    Of a way by which in either arm fewer than ``LEAST_EVENTS`` shoppers ordered, the model had better say nothing.
    """
    found = {way: won for way, arms in _won_by_way(data) if (won := min(arms)) >= LEAST_EVENTS}
    return tuple(sorted(found, key=lambda way: (way != CHAT, -found[way])))


def count_ways(data: Data) -> dict[str, float]:
    """Return how many shoppers ordered in either arm of each way that was drawn: ``treated_by_chat``, ``control_by_chat``.

    By these :func:`find_ways` judges; they go with the run and the model, so that people see what is known of which way.
    """
    found: dict[str, float] = {}
    for way, (treated, control) in _won_by_way(data):
        found |= {f"{TREATED_BY}{way}": treated, f"{CONTROL_BY}{way}": control}
    return found


def _won_by_way(data: Data) -> Iterator[tuple[str, tuple[float, float]]]:
    columns = _way_columns(data)
    for way, rows in [*columns.items(), *_of_no_column(data, columns)]:
        if len(rows):
            yield way, _conversions(data.take(rows))


def _way_columns(data: Data) -> dict[str, Rows]:
    """Return for each column of a way the rows that are of it."""
    places = {name.removeprefix(PREFIX): place for place, name in enumerate(data.names) if name in WAY_NAMES}
    return {way: np.flatnonzero(data.values[:, place] == 1) for way, place in places.items()}


def _of_no_column(data: Data, columns: Mapping[str, Rows]) -> Iterator[tuple[str, Rows]]:
    """Give the rows of which it is known that they are of no way with a column."""
    if columns:
        places = [place for place, name in enumerate(data.names) if name in WAY_NAMES]
        yield OTHER, np.flatnonzero((data.values[:, places] == 0).all(axis=1))


def _by_way(data: Data, ways: Sequence[str]) -> Iterator[tuple[str, Rows, Data]]:
    """Give the rows of each way, where there are several."""
    columns = _way_columns(data)
    for way in ways if len(ways) > 1 else ():
        if way in columns:
            yield way, columns[way], data.take(columns[way])


def count_uplift(data: Data) -> dict[str, float]:
    """Return the visitors who converted, by arm."""
    treated, control = _conversions(data)
    return {"treated": treated, "control": control}


def fit_rung(rung: str, data: Data, *, seed: int) -> Fitted:
    """Fit the model of a rung."""
    return fit_ensemble(data, seed=seed) if rung == "ensemble" else fit_s_learner(data)


def choose_rung(rungs: tuple[str, ...], data: Data, *, seed: int) -> str:
    """Return the rung whose models rank best who was not learnt from, over folds of visitors."""
    if len(rungs) == 1:
        return rungs[0]
    return _best(rungs, data, {rung: find_unseen(rung, data, seed=seed) for rung in rungs})


def judge_fairly(rungs: tuple[str, ...], data: Data, said: Mapping[str, Floats], *, seed: int) -> Floats:
    """Return what is judged of each row: said by the rung that the other folds chose.

    The best of several on the rows that chose it looks better than it is.
    """
    fair = np.empty(len(data))
    for split in folds(data, seed=seed):
        others = data.take(split.learn)
        rung = _best(rungs, others, {one: said[one][split.learn] for one in rungs})
        fair[split.judge] = said[rung][split.judge]
    return fair


def find_unseen(rung: str, data: Data, *, seed: int) -> Floats:
    """Return what models of a rung say of each row that had not seen its visitor."""
    said = np.empty(len(data))
    for split in folds(data, seed=seed):
        said[split.judge] = fit_rung(rung, data.take(split.learn), seed=seed).predict(data.values[split.judge])
    return said


def _best(rungs: tuple[str, ...], data: Data, said: Mapping[str, Floats]) -> str:
    return max(rungs, key=lambda one: _qini(data, said[one]))


def _conversions(data: Data) -> tuple[float, float]:
    trial = trial_of(data)
    won = data.outcome == 1
    return (
        float(np.unique(data.group[won & (trial.treated == 1)]).size),
        float(np.unique(data.group[won & (trial.treated == 0)]).size),
    )


def _qini(data: Data, said: Floats) -> float:
    trial = trial_of(data)
    return qini(data.outcome, said, trial.treated, data.weight * trial.inverse)
