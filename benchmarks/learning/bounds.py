"""How often do the bounds of an uplift hold the truth? Measured in made-up trials, where the effect on each visitor is known.

Bounds are made to hold nine times in ten. ``slope`` and ``flat`` are worlds in which the models can say what is true; in
``step`` they cannot, for the effect depends on two features together, and what all refits leave out no spread of them shows.
"""

from pathlib import Path

import numpy as np

from benchmarks.bars import Line, report
from benchmarks.learning.worlds import NAMES, WORLDS, make_world
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.score import prepare
from oscar_engage.learning.training.export import vector_of
from oscar_engage.learning.training.ladder import open_rungs
from oscar_engage.learning.training.learn_uplift import count_uplift, fit_rung
from oscar_engage.learning.training.uplift import fit_replicas

SIZES, TRIALS, JUDGED = (3000, 12_000), 4, 400
PROMISED = 0.90
_SLACK = 0.03  # of a share over four trials: their errors are one another's neighbours


def measure(folder: Path | None) -> bool:
    """Measure; return whether the bounds hold the truth as often as promised where the models can say it."""
    lines = [line for kind in WORLDS for size in SIZES for line in _measure(kind, size)]
    return report(f"learning: bounds of uplift, {TRIALS} trials each, promised {PROMISED:.0%}", lines)


def _measure(kind: str, size: int) -> list[Line]:
    found = np.mean([_trial(kind, size, seed) for seed in range(TRIALS)], axis=0)
    what = f"{kind}, {size} visitors"
    floor = PROMISED - _SLACK if kind != "step" else None
    return [
        Line(what=f"{what}: the truth lies between the bounds", measured=found[0], floor=floor),
        Line(what=f"{what}: it lies below them (called too good)", measured=found[1]),
        Line(what=f"{what}: half the way between them", measured=100 * found[2], unit="points"),
        Line(what=f"{what}: root of the mean squared error", measured=100 * found[3], unit="points"),
    ]


def _trial(kind: str, size: int, seed: int) -> tuple[float, float, float, float]:
    data = make_world(kind, size, seed=seed).data
    fresh = make_world(kind, JUDGED, seed=1000 + seed, most_rows=1)
    fitted = fit_rung(open_rungs("uplift", count_uplift(data))[-1], data, seed=seed)
    document = Document(
        task="uplift",
        rung="bench",
        schema="bench",
        features=NAMES,
        model=fitted.model,
        replicas=fit_replicas(data, seed=seed),
    )
    say = prepare(document)
    value, low, high = np.array([say(vector_of(row)) for row in fresh.data.values]).T
    truth = fresh.effect
    return (
        float(((low <= truth) & (truth <= high)).mean()),
        float((truth < low).mean()),
        float((high - low).mean() / 2),
        float(np.sqrt(((value - truth) ** 2).mean())),
    )
