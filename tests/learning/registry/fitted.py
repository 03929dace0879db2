"""A model fitted to the shop's own features, as training hands it over."""

import random
from typing import Any

from oscar_engage.learning.features.schema import NAMES, SCHEMA
from oscar_engage.learning.scoring.document import Document, Window
from oscar_engage.learning.scoring.parts import Difference, Logistic


def make_fitted(task: str = "propensity", *, seed: int = 1, **fields: Any) -> Document:
    chance, size = random.Random(seed), len(NAMES)

    def curve() -> Logistic:
        return Logistic(
            intercept=chance.gauss(-2, 0.1),
            coefficients=tuple(chance.gauss(0, 0.3) for _ in NAMES),
            fills=(0.0,) * size,
            logs=(True,) * size,
            means=(0.5,) * size,
            scales=(1.0,) * size,
            missing=(0.1,) * size,
        )

    model = Difference(treated=curve(), control=curve()) if task == "uplift" else curve()
    window = Window(start="2026-10-01T00:00:00+00:00", until="2026-11-01T00:00:00+00:00")
    known: dict[str, Any] = {
        "rung": "logistic",
        "schema": SCHEMA,
        "features": NAMES,
        "window": window,
        "metrics": {"auc": 0.71},
    }
    return Document(task=task, model=model, **{**known, **fields})  # type: ignore[arg-type]  # one of the three
