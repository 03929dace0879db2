"""Which known questions look like the one that is asked? Compared by the letters of all their words, the small ones too.

What a question is about stands in its telling words; how it is put ("it won't let me …", "where do I …") stands in those that
are stopped elsewhere. Runs of four letters hold both, across the gaps between words, and bear slips of the finger and German
compounds without knowing a word of the language.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from oscar_engage.answers.words import words_of

RUN = 4
"""Letters of a run; 3 to 5 together are no better on the labelled questions, and cost three times as much."""

NEAREST = 3
"""Known questions of one owner whose resemblance is averaged: one alone may look alike by chance."""

MOST_READ = 50_000
"""Places of runs that are read for one question, the rarest runs first, so that its time stays the same in a large library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Known questions by number: whose each is, how long it is as a vector, and in which ones each run of letters stands.

    A run counts the square of its rarity: once for each of the two texts.
    """

    owners: Sequence[int]
    lengths: Sequence[float]
    said_in: Mapping[str, Sequence[int]]

    def rarity(self, run: str) -> float:
        """Return what ``run`` counts; one that nobody says as much as one that one question in two of all says once."""
        return math.log1p(len(self.owners) / len(self.said_in.get(run, (1, 1)))) ** 2


def collect_runs(phrases: Iterable[tuple[int, str]]) -> Runs:
    """Return the runs of ``phrases``: owner and text."""
    owners: list[int] = []
    said_in: dict[str, array[int]] = defaultdict(lambda: array("I"))
    for number, (owner, text) in enumerate(phrases):
        owners.append(owner)
        for run in _runs(text):
            said_in[run].append(number)
    squares = [0.0] * len(owners)
    runs = Runs(owners=owners, lengths=squares, said_in=dict(said_in))
    for run, numbers in said_in.items():
        rarity = runs.rarity(run)
        for number in numbers:
            squares[number] += rarity
    return Runs(owners=owners, lengths=[math.sqrt(one) for one in squares], said_in=runs.said_in)


def resemble(runs: Runs, question: str) -> dict[int, float]:
    """Return for each owner how much its nearest phrases look like ``question``, from 0 to 1: their mean cosine."""
    asked = {run: runs.rarity(run) for run in _runs(question)}
    length = math.sqrt(sum(asked.values()))
    shared: dict[int, float] = defaultdict(float)
    left = MOST_READ
    for run in sorted(asked, key=lambda one: (len(runs.said_in.get(one, ())), one)):
        numbers = runs.said_in.get(run, ())
        left -= len(numbers)
        if left < 0:
            break
        rarity = asked[run]
        for number in numbers:
            shared[number] += rarity
    by_owner: dict[int, list[float]] = defaultdict(list)
    for number, amount in shared.items():
        by_owner[runs.owners[number]].append(amount / (length * runs.lengths[number]))
    return {owner: sum(nlargest(NEAREST, amounts)) / NEAREST for owner, amounts in by_owner.items()}


def _runs(text: str) -> frozenset[str]:
    framed = f" {' '.join(words_of(text))} "
    return frozenset(framed[at : at + RUN] for at in range(len(framed) - RUN + 1))
