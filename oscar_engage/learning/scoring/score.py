"""What does a model say of a vector? In plain Python, prepared once: a visit's three models take some hundred microseconds.

A model and its replicas look at the same features in the same way, so a vector is filled and taken as logarithms once for all
of them; what is left of a sum is one multiplication a feature.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import exp, log, sqrt
from operator import add, mul
from typing import Any, NamedTuple, TypeAlias

from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.frame import Frame, Frames, Laid
from oscar_engage.learning.scoring.parts import (
    Calibration,
    Difference,
    Ensemble,
    Logistic,
    Model,
    Platt,
    Tree,
    Trees,
    Weights,
)
from oscar_engage.learning.scoring.reach import cut

Vector: TypeAlias = Sequence[float | None]

BOUND = 1.6448536269514722
"""Standard deviations between the value and either end: nine in ten of a normal distribution lie between them."""

_SMALLEST = 1e-12


class Score(NamedTuple):
    """What is foretold; without replicas nobody knows how sure that is, and all three are the same."""

    value: float
    low: float
    high: float


Scorer: TypeAlias = Callable[[Vector], Score]
_Say: TypeAlias = Callable[[Sequence[Laid], Vector], float]


def prepare(document: Document) -> Scorer:
    """Return what scores vectors by ``document``: as long as its features, or ``ValueError`` is raised."""
    frames = Frames()
    say, curve = _say(document.model, frames), document.calibration
    refits = [_say(replica, frames) for replica in document.replicas]
    length, reach = len(document.features), document.reach

    def score_vector(vector: Vector) -> Score:
        if len(vector) != length:
            raise ValueError(f"The model takes {length} numbers, not {len(vector)}.")
        near = cut(reach, vector)
        laid = frames.lay(near)
        value = say(laid, near)
        if curve is not None:
            value = calibrate(curve, value)
        if not refits:
            return Score(value, value, value)
        doubt = BOUND * _deviation([refit(laid, near) for refit in refits])
        return Score(value, value - doubt, value + doubt)

    return score_vector


def score(document: Document, vector: Vector) -> Score:
    """Return what ``document`` says of one vector; for many, :func:`prepare` it."""
    return prepare(document)(vector)


def calibrate(curve: Calibration, chance: float) -> float:
    """Return ``chance`` turned by ``curve``."""
    if isinstance(curve, Platt):
        safe = min(max(chance, _SMALLEST), 1 - _SMALLEST)
        return to_chance(curve.a * log(safe / (1 - safe)) + curve.b)
    points = list(zip(curve.x, curve.y, strict=True))
    if chance <= curve.x[0]:
        return curve.y[0]
    for (left, low), (right, high) in pairwise(points):
        if chance <= right:
            return low + (high - low) * (chance - left) / (right - left)
    return curve.y[-1]


def to_chance(log_odds: float) -> float:
    """Return the chance with these log-odds, without overflow."""
    if log_odds >= 0:
        return 1 / (1 + exp(-log_odds))
    small = exp(max(log_odds, -700.0))
    return small / (1 + small)


class _Sum(NamedTuple):
    """A weighted sum as it is worked out: over the values that frame number ``frame`` lays out, from ``start``."""

    weight: float
    frame: int
    start: float
    slopes: tuple[float, ...]
    missing: tuple[float, ...]

    def at(self, laid: Sequence[Laid]) -> float:
        values, gaps = laid[self.frame]
        total = sum(map(mul, self.slopes, values), self.start)
        return total + sum(map(self.missing.__getitem__, gaps)) if gaps else total


def _say(model: Model, frames: Frames) -> _Say:
    """Return what adds up the parts of ``model``: differences and ensembles are sums of their parts with other weights.

    Plain sums over the same values are one sum.
    """
    plain: dict[int, _Sum] = {}
    chances: list[_Sum] = []
    forests: list[tuple[float, _Say]] = []
    for weight, part in _parts(model, 1.0):
        if isinstance(part, Trees):
            forests.append((weight, _say_trees(part)))
        elif isinstance(part, Logistic):
            chances.append(_sum_of(part, frames, weight))
        else:
            one = _scaled(_sum_of(part, frames, weight))
            plain[one.frame] = _add(plain[one.frame], one) if one.frame in plain else one
    sums = list(plain.values())

    def say(laid: Sequence[Laid], vector: Vector) -> float:
        total = 0.0
        for one in chances:
            total += one.weight * to_chance(one.at(laid))
        for one in sums:
            total += one.at(laid)
        for weight, forest in forests:
            total += weight * forest(laid, vector)
        return total

    return say


def _parts(model: Model, weight: float) -> Iterator[tuple[float, Weights | Trees]]:
    match model:
        case Difference():
            yield from _parts(model.treated, weight)
            yield from _parts(model.control, -weight)
        case Ensemble():
            for own, member in zip(model.weights, model.members, strict=True):
                yield from _parts(member, weight * own)
        case _:
            yield weight, model


def _sum_of(model: Weights, frames: Frames, weight: float) -> _Sum:
    slopes = tuple(coefficient / scale for coefficient, scale in zip(model.coefficients, model.scales, strict=True))
    start = model.intercept - sum(map(mul, slopes, model.means))
    return _Sum(weight, frames.place(Frame(model.fills, model.logs)), start, slopes, model.missing)


def _scaled(one: _Sum) -> _Sum:
    slopes, missing = (tuple(one.weight * number for number in numbers) for numbers in (one.slopes, one.missing))
    return _Sum(1.0, one.frame, one.weight * one.start, slopes, missing)


def _add(one: _Sum, other: _Sum) -> _Sum:
    slopes, missing = tuple(map(add, one.slopes, other.slopes)), tuple(map(add, one.missing, other.missing))
    return _Sum(1.0, one.frame, one.start + other.start, slopes, missing)


def _say_trees(model: Trees) -> _Say:
    roots = [_root(tree) for tree in model.trees]
    is_chance = model.link == "logit"

    def say(laid: Sequence[Laid], vector: Vector) -> float:
        total = model.base
        for root in roots:
            node = root
            while node.__class__ is tuple:
                feature, threshold, left, right, if_missing = node
                number = vector[feature]
                node = if_missing if number is None else left if number <= threshold else right
            total += node
        return to_chance(total) if is_chance else total

    return say


def _root(tree: Tree) -> Any:
    """Return the tree as tuples ``(feature, threshold, left, right, if missing)`` within one another; a leaf is its value."""
    built: list[Any] = list(tree.value)
    for place in reversed(range(len(tree.feature))):
        if tree.feature[place] >= 0:
            left, right = built[tree.left[place]], built[tree.right[place]]
            if_missing = left if tree.missing_left[place] else right
            built[place] = (tree.feature[place], tree.threshold[place], left, right, if_missing)
    return built[0]


def _deviation(values: Sequence[float]) -> float:
    """Return the standard deviation of a sample; nothing where there is one value only."""
    if len(values) == 1:
        return 0.0
    mean = sum(values) / len(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
