"""Did the challenger stand its day beside the one that speaks? Compared on the same visits, by what happened. Plain Python."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from oscar_engage.learning.nightly.stability import MUCH, find_shares, psi

FEWEST = 100
"""Visits (for uplift: moments) below which a day in the shadow says nothing."""

ONE_SIDED = 1.645
"""Standard errors: 5 % on one side."""

TOO_FAR = 3.0
"""Standard errors by which what is foretold in all may miss what happened in all; 1 in 370 by chance."""

SLACK = 0.02
"""The same as a share of visits: the error of calibration that promotion allows, too."""

_LEAST = 1e-6  # a foretold 0 or 1 has no logarithm


@dataclass(frozen=True, slots=True)
class Judged:
    """One vector of the day: what happened, its weight, and what both foretold; ``champion`` may be a constant."""

    outcome: float
    weight: float
    champion: float
    challenger: float


def judge_trial(rows: Sequence[Judged]) -> tuple[str, dict[str, Any]]:
    """Return a code (``shadow_passed``, ``shadow_differs``, ``not_better``, ``too_few``) and the numbers it rests on.

    The back-test has shown that the challenger is better; the day has to show that it is not worse where it will speak, and
    that it foretells as much as happens.
    """
    visits = math.fsum(row.weight for row in rows)
    if visits < FEWEST:
        return "too_few", {"visits": round(visits)}
    gaps = [row.weight * (_loss(row.outcome, row.challenger) - _loss(row.outcome, row.champion)) for row in rows]
    gap = math.fsum(gaps) / visits
    error = math.sqrt(math.fsum((one - row.weight * gap) ** 2 for one, row in zip(gaps, rows, strict=True))) / visits
    foretold = math.fsum(row.weight * row.challenger for row in rows) / visits
    happened = math.fsum(row.weight * row.outcome for row in rows) / visits
    spread = math.sqrt(math.fsum(row.weight * row.challenger * (1 - row.challenger) for row in rows)) / visits
    numbers = {
        "visits": round(visits),
        "loss_gap": round(gap, 6),
        "loss_gap_error": round(error, 6),
        "foretold": round(foretold, 5),
        "happened": round(happened, 5),
    }
    if abs(foretold - happened) > TOO_FAR * spread + SLACK:
        return "shadow_differs", numbers
    return ("not_better" if gap - ONE_SIDED * error > 0 else "shadow_passed"), numbers


def judge_scores(edges: Sequence[float], then: Sequence[float], said: Sequence[float]) -> tuple[str, dict[str, Any]]:
    """Return a code as :func:`judge_trial` where no outcome is known yet: does it say of new visits what it said of the old?"""
    if len(said) < FEWEST:
        return "too_few", {"moments": len(said)}
    moved = psi(then, find_shares(said, edges))
    return ("shadow_differs" if moved >= MUCH else "shadow_passed"), {"moments": len(said), "psi": round(moved, 3)}


def _loss(outcome: float, foretold: float) -> float:
    chance = min(max(foretold, _LEAST), 1 - _LEAST)
    return -math.log(chance if outcome else 1 - chance)
