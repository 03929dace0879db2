"""Do the refusals of the model that speaks cost orders? Told by the share of them that is not heeded.

Whatever a model learnt from, it may be wrong where it is surest: whom it never lets help, nobody sees helped. Of the moments
that it held for harmful ``LEARNING_EXPLORES`` went on all the same, and there the arm was drawn. So what help does to such
shoppers is measured, free of what the model believes. If it plainly helps them, the model is asked no more.

The difference of two shares weighted by the inverse probability of their own arm, with the variance of a ratio of means
(J. Hájek, in Godambe and Sprott, "Foundations of Statistical Inference", 1971). It is looked at again and again while it
grows, so three standard errors are asked for: by luck alone one look in seven hundred says so.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.nightly.rows import Row, read_rows
from oscar_engage.learning.nightly.run import source_of
from oscar_engage.learning.registry.models import ModelVersion, Task

ERRORS = 3.0
"""Standard errors above zero from which on the refusals are held for wrong."""

FEWEST = 30
"""Explored moments in each arm below which nothing is said: a share of so few is no number."""


@dataclass(slots=True)
class _Arm:
    """Sums over one arm: rows, weights, weighted outcomes, squared weights of both outcomes."""

    rows: int = 0
    weight: float = 0.0
    won: float = 0.0
    squares: float = 0.0
    squares_won: float = 0.0

    def add(self, outcome: float, weight: float) -> None:
        self.rows += 1
        self.weight += weight
        self.won += weight * outcome
        self.squares += weight**2
        self.squares_won += weight**2 * outcome

    @property
    def share(self) -> float:
        return self.won / self.weight

    @property
    def variance(self) -> float:
        """Of the share: squared weights times squared distances, over the squared sum; of 0 and 1 no sum is needed twice."""
        share = (self.won + 0.5) / (self.weight + 1)  # a little towards the middle: none of thirty is not "surely never"
        spread = self.squares_won * (1 - share) ** 2 + (self.squares - self.squares_won) * share**2
        return spread / self.weight**2


def judge_refusals(rows: Iterable[Row]) -> dict[str, Any] | None:
    """Return what help did to those the model held for harmed, as JSON; ``None`` where too few went on to say.

    ``are_wrong``: help made them buy, by :data:`ERRORS` standard errors. ``effect`` in points of P(order).
    """
    arms = (_Arm(), _Arm())
    for row in rows:
        if row.refused_at is None or row.refused_at >= 0 or row.treated is None or row.chance is None:
            continue
        own = row.chance if row.treated else 1 - row.chance
        arms[int(row.treated)].add(row.outcome, 1 / own)
    alone, helped = arms
    if min(alone.rows, helped.rows) < FEWEST:
        return None
    effect, error = helped.share - alone.share, math.sqrt(alone.variance + helped.variance)
    return {
        "effect": round(effect, 4),
        "error": round(error, 4),
        "helped": helped.rows,
        "alone": alone.rows,
        "are_wrong": effect > ERRORS * error,
    }


def look_at_refusals(version: ModelVersion, now: datetime) -> dict[str, Any] | None:
    """Return the same of the version of uplift that speaks, since it does; reads its explored moments."""
    source = source_of(Task.UPLIFT, since=version.live_at or version.created_at, now=now)
    return judge_refusals(read_rows(replace(source, is_explored=True), width=len(NAMES)))
