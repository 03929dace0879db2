"""How sure is it that what was found answers the question? A probability, and the line below which there is no answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from oscar_engage.answers.rank import Found, Ranking

THRESHOLD = 0.52
"""The probability below which a question gets no answer: where the least of what is above the three bars (right first, within
three, honest "no") is greatest, each question judged by weights that were fitted without it and its like.
Of equal lines it is the lowest."""

FEATURES = (
    *("one", "score", "called", "matched", "covered", "elsewhere", "unknown"),
    *("resembling", "resembling_elsewhere"),
)
"""What the probability is made of, in the order of :data:`WEIGHTS`; chosen by cross-validation."""

WEIGHTS = (-2.39, 2.32, 1.8, 2.1, 2.34, -3.83, -0.35, 3.06, -3.28)
"""Fitted by ``python -m benchmarks.answers.fit`` on all labelled questions that are open, and on none that is sealed."""

_MATCHED, _CALLED, _SCORE, _RESEMBLING = 4, 3, 10, 0.6
"""From so much on, more does not make it surer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What is offered for a question: up to three articles' passages and the probability that one of them is right."""

    found: Sequence[Found]
    confidence: float


def suggest(ranking: Ranking, *, threshold: float = THRESHOLD) -> Suggestion | None:
    """Return what ``ranking`` found if one of it is right with at least the probability ``threshold``, else ``None``."""
    sure = probability(ranking)
    return Suggestion(found=ranking.found, confidence=sure) if ranking.found and sure >= threshold else None


def probability(ranking: Ranking) -> float:
    """Return how probable it is that one of what was found is right, from 0 to 1."""
    total = sum(weight * value for weight, value in zip(WEIGHTS, features(ranking), strict=True))
    return 1 / (1 + math.exp(-total))


def features(ranking: Ranking) -> tuple[float, ...]:
    """Return what tells right from wrong, each about from 0 to 1 (:data:`FEATURES`)."""
    if not ranking.found:
        return (1.0, *[0.0] * (len(FEATURES) - 1))
    first = ranking.found[0]
    return (
        1.0,
        min(first.score, _SCORE) / _SCORE,
        min(first.called, _CALLED) / _CALLED,
        min(first.covered * ranking.words, _MATCHED) / _MATCHED,
        first.covered,
        ranking.elsewhere,
        ranking.unknown,
        min(first.resembling, _RESEMBLING) / _RESEMBLING,
        min(ranking.resembling_elsewhere, _RESEMBLING) / _RESEMBLING,
    )
