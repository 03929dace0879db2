"""Documents to try: of every kind, made by chance from a seed."""

import random

from hypothesis import strategies as st

from oscar_engage.learning.scoring.document import Document, Window
from oscar_engage.learning.scoring.parts import (
    Difference,
    Ensemble,
    Isotonic,
    Linear,
    Logistic,
    Model,
    Platt,
    Tree,
    Trees,
    Weights,
)
from oscar_engage.learning.scoring.reach import Reach

FEATURES = ("pages", "idle_seconds", "basket_total", "is_phone")
SIZE = len(FEATURES)


def make_sum(chance: random.Random, kind: type[Weights] = Logistic) -> Weights:
    return kind(
        intercept=chance.gauss(0, 1),
        coefficients=tuple(chance.gauss(0, 1) for _ in FEATURES),
        fills=tuple(chance.uniform(0, 3) for _ in FEATURES),
        logs=tuple(chance.random() < 0.5 for _ in FEATURES),
        means=tuple(chance.gauss(0, 1) for _ in FEATURES),
        scales=tuple(chance.uniform(0.5, 3) for _ in FEATURES),
        missing=tuple(chance.gauss(0, 1) for _ in FEATURES),
    )


def make_tree(chance: random.Random) -> Tree:
    """A root, two nodes and four leaves."""
    return Tree(
        feature=(*(chance.randrange(SIZE) for _ in range(3)), -1, -1, -1, -1),
        threshold=(*(chance.uniform(0, 3) for _ in range(3)), 0.0, 0.0, 0.0, 0.0),
        left=(1, 3, 5, 0, 0, 0, 0),
        right=(2, 4, 6, 0, 0, 0, 0),
        missing_left=(*(chance.random() < 0.5 for _ in range(3)), False, False, False, False),
        value=tuple(chance.gauss(0, 1) for _ in range(7)),
    )


def make_trees(chance: random.Random) -> Trees:
    link = chance.choice(["logit", "identity"])
    return Trees(base=chance.gauss(0, 1), link=link, trees=tuple(make_tree(chance) for _ in range(3)))  # type: ignore[arg-type]  # one of the two


def make_uplift(chance: random.Random) -> Model:
    difference = Difference(treated=make_sum(chance), control=make_sum(chance))
    return Ensemble(members=(difference, make_sum(chance, Linear), make_trees(chance)), weights=(0.5, 0.3, 0.2))  # type: ignore[arg-type]  # sums


def make_reach(chance: random.Random) -> Reach:
    return tuple((low, low + chance.uniform(0, 1000)) for low in (chance.uniform(-10, 10) for _ in FEATURES))


def make_document(seed: int = 1, *, task: str = "", replicas: int = 0, has_reach: bool = False) -> Document:
    chance = random.Random(seed)
    task = task or chance.choice(["propensity", "exit", "uplift"])
    model = make_uplift(chance) if task == "uplift" else chance.choice([make_sum(chance), make_trees(chance)])
    curve = chance.choice([None, Platt(a=0.9, b=-0.1), Isotonic(x=(0.1, 0.5, 0.9), y=(0.05, 0.5, 1.0))])
    return Document(
        format=2 if has_reach else 1,
        reach=make_reach(chance) if has_reach else (),
        task=task,  # type: ignore[arg-type]  # one of the three
        rung="logistic",
        schema="5ca1ab1e",
        features=FEATURES,
        model=model,  # type: ignore[arg-type]  # one of the kinds
        calibration=None if task == "uplift" else curve,
        replicas=tuple(make_uplift(chance) for _ in range(replicas)),
        window=Window(start="2026-10-01T00:00:00+00:00", until="2026-11-01T00:00:00+00:00"),
        metrics={"auc": 0.71},
    )


numbers = st.none() | st.floats(-1000, 100_000)
vectors = st.tuples(*[numbers] * SIZE)
documents = st.builds(make_document, st.integers(0, 10_000), replicas=st.integers(0, 3), has_reach=st.booleans())
