"""Who buys, on visits of a real shop? The boosted rung over folds, and the ladder's own choice in months it has not seen."""

from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from benchmarks.bars import Line, report
from benchmarks.learning.tables import DAY, read_uci
from oscar_engage.learning.training.data import Data, Floats
from oscar_engage.learning.training.forecast import choose_rung, make_forecast
from oscar_engage.learning.training.ladder import open_rungs
from oscar_engage.learning.training.learn_chance import count_chance
from oscar_engage.learning.training.metrics import auc, ece, pr_auc
from oscar_engage.learning.training.propensity import choose_strength

AUC, PR_AUC, ECE, AUC_LATER = 0.930, 0.745, 0.02, 0.70
NOVEMBER = 11 * DAY
SEED = 1


def measure(folder: Path | None) -> bool:
    """Measure both; return whether every bar holds."""
    data = read_uci(folder, is_first_party=False)
    held = [report(f"learning: uci, {len(data)} visits, 5 folds: boosted rung", _over_folds("boosted", data, with_bars=True))]
    report("learning: uci, 5 folds: logistic rung", _over_folds("logistic", data))
    first_party = read_uci(folder, is_first_party=True)
    held.append(report("learning: uci, first-party, February to October, judged in November and December", _later(first_party)))
    return all(held)


def _over_folds(rung: str, data: Data, *, with_bars: bool = False) -> list[Line]:
    """Return means over the folds; what is judged by is calibrated, as a shop would get it."""
    numbers = []
    dealt = StratifiedKFold(5, shuffle=True, random_state=SEED)
    for learn, judge in dealt.split(data.values, data.outcome):
        some = data.take(learn)
        strength = choose_strength(some, seed=SEED) if rung == "logistic" else 0.0
        said = make_forecast(rung, some, strength=strength, seed=SEED).predict(data.values[judge])
        numbers.append(_numbers(data.take(judge), said))
    ranked, precise, off = np.mean(numbers, axis=0)
    return [
        Line(what="AUC", measured=ranked, floor=AUC if with_bars else None),
        Line(what="PR-AUC", measured=precise, floor=PR_AUC if with_bars else None),
        Line(what="ECE, 10 bins", measured=off, bar=ECE if with_bars else None),
    ]


def _later(data: Data) -> list[Line]:
    """Return how the ladder's own choice does on the two months, and how each rung would have done."""
    learn, judge = (data.take(np.flatnonzero(one)) for one in (data.at < NOVEMBER, data.at >= NOVEMBER))
    rungs = open_rungs("propensity", count_chance("propensity", learn))
    chosen, strength = choose_rung(rungs, learn, seed=SEED)
    found = {
        rung: _numbers(judge, make_forecast(rung, learn, strength=strength, seed=SEED).predict(judge.values))
        for rung in ("logistic", "boosted")
    }
    return [
        Line(what=f"AUC of the ladder's choice ({chosen}, strength {strength:g})", measured=found[chosen][0], floor=AUC_LATER),
        *(Line(what=f"AUC, {rung}", measured=numbers[0]) for rung, numbers in found.items()),
        *(Line(what=f"ECE, {rung}", measured=numbers[2]) for rung, numbers in found.items()),
        Line(what="bought, in the months learnt from", measured=100 * float(learn.outcome.mean()), unit="%"),
        Line(what="bought, in the months judged", measured=100 * float(judge.outcome.mean()), unit="%"),
    ]


def _numbers(judge: Data, said: Floats) -> tuple[float, float, float]:
    return auc(judge.outcome, said), pr_auc(judge.outcome, said), ece(judge.outcome, said, judge.weight)
