"""How well does each step of help do? Judgements in, shares out: no clock, no database."""

from collections.abc import Iterable
from dataclasses import dataclass

HELPED_FROM = 4
"""A conversation helped if it was rated "well" or "very well"."""

SELF_SERVED = frozenset({"article", "answer"})
"""The steps without an agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """How many judged a step, and how many of them it helped."""

    judged: int = 0
    helped: int = 0

    def __add__(self, other: "StepFigures") -> "StepFigures":
        return StepFigures(judged=self.judged + other.judged, helped=self.helped + other.helped)


def has_helped(score: int) -> bool:
    """Whether a conversation rated with ``score`` (1 to 5) counts as one that helped."""
    return score >= HELPED_FROM


def figures_by_step(judgements: Iterable[tuple[str, bool]]) -> dict[str, StepFigures]:
    """Return the figures of each step that was judged."""
    of: dict[str, StepFigures] = {}
    for step, helped in judgements:
        of[step] = of.get(step, StepFigures()) + StepFigures(judged=1, helped=int(helped))
    return of


def by_whom(of: dict[str, StepFigures]) -> tuple[StepFigures, StepFigures]:
    """Return the figures of all self-served steps together, and of all that an agent served."""
    alone, served = StepFigures(), StepFigures()
    for step, figures in of.items():
        if step in SELF_SERVED:
            alone += figures
        else:
            served += figures
    return alone, served
