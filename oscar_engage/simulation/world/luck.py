"""How does chance fall? The few distributions that the world is made of; all take the generator as an argument."""

import math
import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def seeded(*parts: object) -> random.Random:
    """Return a generator for these parts, such as the world's seed and a shopper's number: the same for the same parts."""
    return random.Random(":".join(map(str, parts)))  # noqa: S311 - a world that can be repeated, no secret


def count(chance: random.Random, mean: float) -> int:
    """Return a geometric count from zero up with this mean; 0 for a mean of 0."""
    if mean <= 0:
        return 0
    return int(math.log(1 - chance.random()) / math.log(mean / (1 + mean)))


def amount(chance: random.Random, median: float, spread: float) -> float:
    """Return a log-normal amount with this median; ``spread`` is the deviation of its logarithm."""
    return median * math.exp(chance.gauss(0, spread))


def pick(chance: random.Random, items: Sequence[Item], weights: Sequence[float]) -> Item:
    """Return one of ``items`` by weight."""
    return chance.choices(items, weights)[0]
