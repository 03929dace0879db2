"""Does the challenger speak? A verdict from numbers.

P ≥ .95 by paired bootstrap is a one-sided test at 5 %. That AUC may give way by .005 and chances may be off by .02 are this
design's own choices, without a source. An uplift model has to beat what luck gives by 1.645 standard errors, 5 % one-sided, on
visitors that it had not seen, and must not turn round on the newest.
"""

from dataclasses import dataclass

SURE = 0.95
AUC_SLACK = 0.005
ECE_MOST = 0.02
LUCK = 1.645

LEAST_EVENTS = 15
"""Outcomes of each kind on the judging side, at least: with fewer nothing is decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the challenger is better, and a code that says why or why not."""

    is_better: bool
    why: str


def judge_chance(*, sureness: float, auc: float, champion_auc: float, calibration_error: float) -> Verdict:
    """Judge a forecast of buying or leaving. ``sureness``: share of bootstraps in which its log-loss is the lower one."""
    if sureness < SURE or auc < champion_auc - AUC_SLACK:
        return Verdict(is_better=False, why="not_better")
    if calibration_error > ECE_MOST:
        return Verdict(is_better=False, why="calibration")
    return Verdict(is_better=True, why="better")


def judge_uplift(*, unseen: float, luck: float, newest: float, champion: float | None) -> Verdict:
    """Judge a ranking by uplift, by Qini: ``unseen`` over folds of visitors with its ``luck`` (standard error).

    ``newest``: on the newest visitors; ``champion``: that of the one that speaks, on the same; None: the rules speak.
    """
    wins = unseen > LUCK * luck and newest > 0 and (champion is None or newest > champion)
    return Verdict(is_better=wins, why="better" if wins else "not_better")


def chance_stopped(*, sureness: float) -> bool:
    """Return whether a forecast that speaks is proven worse than the plain rate. ``sureness``: that it is better."""
    return sureness <= 1 - SURE


def uplift_stopped(*, unseen: float, champion: float, luck: float) -> bool:
    """Return whether a ranking that speaks has stopped winning.

    Models of its kind find nothing any more (``unseen``, over the whole window), or it is proven to rank the wrong way round
    on the newest. Between this and the bar for speaking it stays: else it would come and go by luck.
    """
    return unseen <= 0 or champion < -LUCK * luck
