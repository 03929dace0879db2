"""How often is an uplift found where there is none? The real promotion, forty times, on trials whose arms were dealt out anew.

Arms are dealt out among visitors, so whatever is promoted is luck. One set of forty is on a made-up shop with one to three rows
a visitor, which needs no table; the other on parts of the Hillstrom mailing. Five in a hundred is what the bar of training
allows at most (5 % one-sided), which is exceeded four times in forty by luck in one measurement of seven.
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.bars import Line, report
from benchmarks.learning.tables import read_hillstrom
from benchmarks.learning.worlds import make_world
from oscar_engage.learning.training.data import Data, trial_of
from oscar_engage.learning.training.learn import learn

RUNS, MOST = 40, 4
VISITORS = 3000
ROWS = 11_000
"""Of the mailing in each run: enough for the ensemble's rung, by counts."""

_LATER = datetime(2026, 1, 1, tzinfo=UTC)
_RATE = -1.4  # a quarter buys: so that the upper rung is open


def measure(folder: Path | None) -> bool:
    """Measure on the made-up shop, then on the mailing; return whether both bars hold."""
    made_up = (deal_anew(make_world("flat", VISITORS, seed=run, rate=_RATE).data, seed=run) for run in range(RUNS))
    held = [_report("a made-up shop", [_promoted(data, run) for run, data in enumerate(made_up)])]
    whole = read_hillstrom(folder, "visit")
    parts = (whole.take(np.sort(np.random.default_rng(run).choice(len(whole), ROWS, replace=False))) for run in range(RUNS))
    held.append(_report("hillstrom", [_promoted(deal_anew(part, seed=run), run) for run, part in enumerate(parts)]))
    return all(held)


def deal_anew(data: Data, *, seed: int) -> Data:
    """Return ``data`` with the arms dealt out anew among visitors: help then changes nothing."""
    _visitors, first, where = np.unique(data.group, return_index=True, return_inverse=True)
    return replace(data, treated=np.random.default_rng(seed).permutation(trial_of(data).treated[first])[where])


def _promoted(data: Data, run: int) -> tuple[str, float]:
    outcome = learn("uplift", data, seed=run, now=_LATER)
    numbers = outcome.numbers
    print(f"  run {run + 1} of {RUNS}: {outcome.verdict}", flush=True)
    return outcome.verdict, numbers["qini"] / numbers["luck"] if numbers else 0.0


def _report(what: str, found: list[tuple[str, float]]) -> bool:
    verdicts = Counter(verdict for verdict, _sure in found)
    sure = np.array([one for _verdict, one in found])
    lines = [
        Line(what="promoted", measured=verdicts["better"], unit=f"of {len(found)}", bar=MOST),
        Line(what="not judged: too little evidence", measured=verdicts["waiting"], unit=f"of {len(found)}", bar=0),
        Line(what="coefficient in errors of luck: mean", measured=float(sure.mean())),
        Line(what="coefficient in errors of luck: spread (1: as it should be)", measured=float(sure.std(ddof=1))),
        Line(what="beyond 1.645 errors on the folds", measured=int((sure > 1.645).sum()), unit=f"of {len(found)}"),  # noqa: PLR2004 - as promotion
    ]
    return report(f"learning: permuted, {what}", lines)
