"""What do a visit's three models cost a beat? The median of one full score, beside the limit of 300 microseconds.

Two sets of models as large as training makes them: logistic propensity and exit with an uplift ensemble of a difference and two
sums and its twenty refits; and the same with a boosted propensity of 150 trees with 12 leaves. Vectors have missing values,
and some lie beyond what the models learnt from, which is looked at, too.
"""

import random
import statistics
import time

from benchmarks.bars import Line, report
from oscar_engage.learning.scoring.check import WITH_REACH
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.parts import Difference, Ensemble, Linear, Logistic, Model, Tree, Trees, Weights
from oscar_engage.learning.scoring.reach import is_within
from oscar_engage.learning.scoring.score import prepare

NAMES, SCHEMA = tuple(f"feature_{number}" for number in range(44)), "5ca1ab1e"
"""As many as a visit is turned into (docs/learning-features.md), and the ways of helping, which uplift alone reads."""

REPLICAS, TREES, LEAVES, VECTORS, ROUNDS = 20, 150, 12, 300, 7
BAR = 300.0
MISSING = 0.15


def measure() -> bool:
    """Measure, print and say whether the bar holds."""
    chance = random.Random(8)  # noqa: S311 - made-up models
    vectors = [tuple(None if chance.random() < MISSING else chance.expovariate(0.2) for _ in NAMES) for _ in range(VECTORS)]
    exit_model, uplift = _document("exit", _sum(chance, Logistic)), _uplift(chance)
    sets = {
        "logistic propensity, exit, uplift": (_document("propensity", _sum(chance, Logistic)), exit_model, uplift),
        "boosted propensity, exit, uplift": (_document("propensity", _forest(chance)), exit_model, uplift),
    }
    lines = [Line(what=name, measured=_median(documents, vectors), unit="us", bar=BAR) for name, documents in sets.items()]
    return report(f"score: one visit, {len(NAMES)} features, {REPLICAS} refits", lines)


def _median(documents: tuple[Document, ...], vectors: list[tuple[float | None, ...]]) -> float:
    scorers, taken = [prepare(document) for document in documents], []
    for _round in range(ROUNDS):
        for vector in vectors:
            began = time.perf_counter()
            for score in scorers:
                score(vector)
            is_within(documents[-1].reach, vector)
            taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e6


def _document(task: str, model: Model, replicas: tuple[Model, ...] = ()) -> Document:
    return Document(
        format=WITH_REACH,
        reach=((0.0, 15.0),) * len(NAMES),
        task=task,  # type: ignore[arg-type]  # one of the three
        rung="bench",
        schema=SCHEMA,
        features=NAMES,
        model=model,  # type: ignore[arg-type]  # one of the kinds
        replicas=replicas,
    )


def _sum(chance: random.Random, kind: type[Weights]) -> Model:
    size = len(NAMES)
    made: Model = kind(  # type: ignore[assignment]  # one of the two sums
        intercept=-2.0,
        coefficients=tuple(chance.gauss(0, 0.3) for _ in NAMES),
        fills=(1.0,) * size,
        logs=(True,) * size,
        means=(0.5,) * size,
        scales=(1.0,) * size,
        missing=tuple(chance.gauss(0, 0.1) for _ in NAMES),
    )
    return made


def _ensemble(chance: random.Random) -> Model:
    difference = Difference(treated=_sum(chance, Logistic), control=_sum(chance, Logistic))
    return Ensemble(members=(difference, _sum(chance, Linear), _sum(chance, Linear)), weights=(0.4, 0.3, 0.3))


def _uplift(chance: random.Random) -> Document:
    return _document("uplift", _ensemble(chance), tuple(_ensemble(chance) for _ in range(REPLICAS)))


def _forest(chance: random.Random) -> Model:
    return Trees(base=-2.0, link="logit", trees=tuple(_tree(chance) for _ in range(TREES)))


def _tree(chance: random.Random) -> Tree:
    """Return a tree whose nodes come level by level."""
    inner, size = LEAVES - 1, 2 * LEAVES - 1
    return Tree(
        feature=tuple(chance.randrange(len(NAMES)) if place < inner else -1 for place in range(size)),
        threshold=tuple(chance.expovariate(0.2) for _ in range(size)),
        left=tuple(2 * place + 1 if place < inner else 0 for place in range(size)),
        right=tuple(2 * place + 2 if place < inner else 0 for place in range(size)),
        missing_left=tuple(chance.choice((True, False)) for _ in range(size)),
        value=tuple(chance.gauss(0, 0.02) for _ in range(size)),
    )
