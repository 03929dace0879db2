"""Which known question is most like the one that is asked? Compared by the weight of the words that both say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Meanings = Mapping[str, float]
"""Stems that a word may mean, with how far to trust each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Known questions by number: whose each is (``owners``), what it weighs, and for each stem the numbers that say it.

    What a stem counts there is 1, less for a part of a compound.
    """

    owners: Sequence[int]
    sizes: Sequence[float]
    said_in: Mapping[str, Mapping[int, float]]


def collect_phrases(terms: Iterable[tuple[int, Mapping[str, float]]], weights: Mapping[str, float], unknown: float) -> Phrases:
    """Return the phrases of ``terms``: owner and stems; ``unknown`` is the weight of a stem that ``weights`` lacks."""
    owners: list[int] = []
    sizes: list[float] = []
    said_in: dict[str, dict[int, float]] = defaultdict(dict)
    for number, (owner, stems) in enumerate(terms):
        owners.append(owner)
        sizes.append(sum(weights.get(one, unknown) for one, share in stems.items() if share >= 1))
        for one, share in stems.items():
            said_in[one][number] = min(1.0, share)
    return Phrases(owners=owners, sizes=sizes, said_in=said_in)


def most_like(phrases: Phrases, meanings: Sequence[Meanings], weights: Sequence[float]) -> dict[int, float]:
    """Return for each owner how like its nearest phrase is, from 0 to 1: twice the shared weight by that of both (Dice)."""
    shared: dict[int, float] = defaultdict(float)
    for word, weight in zip(meanings, weights, strict=True):
        best: dict[int, float] = {}
        for one, trust in word.items():
            for number, share in phrases.said_in.get(one, {}).items():
                if trust * share > best.get(number, 0.0):
                    best[number] = trust * share
        for number, part in best.items():
            shared[number] += weight * part
    total = sum(weights)
    nearest: dict[int, float] = {}
    for number, amount in shared.items():
        like = 2 * amount / (total + max(phrases.sizes[number], amount))
        owner = phrases.owners[number]
        nearest[owner] = max(nearest.get(owner, 0.0), like)
    return nearest
