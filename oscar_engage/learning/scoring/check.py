"""Is a document complete and bounded? What its types cannot say: lengths, finite numbers, trees that end."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Final

from oscar_engage.learning.scoring.parts import (
    Calibration,
    Difference,
    Isotonic,
    Model,
    Platt,
    Tree,
    Trees,
    Weights,
)

if TYPE_CHECKING:
    from oscar_engage.learning.scoring.document import Document

MOST_FEATURES, MOST_TREES, MOST_NODES, MOST_MEMBERS, MOST_REPLICAS, MOST_METRICS = 200, 500, 511, 10, 50, 200
MOST_WAYS = 20
DEEPEST = 4
"""How deep models may hold models: an ensemble of differences of ensembles of sums."""

LARGEST = 1e12
"""No number of a model is larger: what is, is a fit that ran away, and sums of it are no chance of anything."""

SMALLEST_SCALE = 1e-9
"""Below it, a sum of numbers that are each allowed could leave what a float can hold."""

LONGEST_NAME = 64

WITH_REACH: Final = 2
"""The format from which on a document says how far it reaches."""


def find_fault(document: "Document") -> str | None:
    """Return what is wrong with ``document`` in words, or ``None``."""
    return next(_faults(document), None)


def _faults(document: "Document") -> Iterator[str]:
    names = (document.rung, document.schema, *document.features, *document.metrics, *document.ways)
    if any(not 0 < len(name) <= LONGEST_NAME for name in names):
        yield f"A name has 1 to {LONGEST_NAME} characters."
    if not 0 < len(document.features) <= MOST_FEATURES or len(set(document.features)) < len(document.features):
        yield f"A model has 1 to {MOST_FEATURES} features, each once."
    if len(document.replicas) > MOST_REPLICAS or len(document.metrics) > MOST_METRICS:
        yield f"A model has at most {MOST_REPLICAS} replicas and {MOST_METRICS} metrics."
    if len(document.ways) > MOST_WAYS or len(set(document.ways)) < len(document.ways):
        yield f"A model knows at most {MOST_WAYS} ways, each once."
    if not _are_fine(document.metrics.values()):
        yield "A metric is no number that can be used."
    yield from _reach_faults(document)
    yield from _calibration_faults(document.calibration)
    for model in (document.model, *document.replicas):
        yield from _model_faults(model, len(document.features), DEEPEST)


def _reach_faults(document: "Document") -> Iterator[str]:
    if bool(document.reach) != (document.format == WITH_REACH):
        yield f"A document says how far it reaches from format {WITH_REACH} on."
    elif document.reach and len(document.reach) != len(document.features):
        yield "A model reaches so far of each feature, or nothing is said of any."
    elif not _are_fine(edge for edges in document.reach for edge in edges) or any(low > high for low, high in document.reach):
        yield "A reach goes from its least to its most."


def _calibration_faults(curve: Calibration | None) -> Iterator[str]:
    if isinstance(curve, Platt) and (not _are_fine((curve.a, curve.b)) or curve.a < 0):
        yield "A calibration's slope is not below nothing, and both its numbers can be used."
    if isinstance(curve, Isotonic):
        if len(curve.x) != len(curve.y) or not 0 < len(curve.x) <= MOST_NODES or not _are_fine((*curve.x, *curve.y)):
            yield f"A calibration has 1 to {MOST_NODES} points, each with both its numbers."
        elif any(left >= right for left, right in pairwise(curve.x)) or any(low > high for low, high in pairwise(curve.y)):
            yield "A calibration rises."
        elif curve.y[0] < 0 or curve.y[-1] > 1:
            yield "A calibration gives chances."


def _model_faults(model: Model, features: int, depth: int) -> Iterator[str]:
    match model:
        case _ if depth == 0:
            yield f"Models hold models at most {DEEPEST} deep."
        case Weights():
            yield from _weight_faults(model, features)
        case Trees():
            if len(model.trees) > MOST_TREES or not _are_fine((model.base,)):
                yield f"A model has at most {MOST_TREES} trees."
            for tree in model.trees:
                yield from _tree_faults(tree, features)
        case Difference():
            yield from _model_faults(model.treated, features, depth - 1)
            yield from _model_faults(model.control, features, depth - 1)
        case _:
            if not 0 < len(model.members) <= MOST_MEMBERS or len(model.weights) != len(model.members):
                yield f"An ensemble has 1 to {MOST_MEMBERS} members, each with its weight."
            if not _are_fine(model.weights):
                yield "A weight is no number that can be used."
            for member in model.members:
                yield from _model_faults(member, features, depth - 1)


def _weight_faults(model: Weights, features: int) -> Iterator[str]:
    numbers = (model.coefficients, model.fills, model.means, model.scales, model.missing)
    if any(len(one) != features for one in (*numbers, model.logs)):
        yield "A sum has as many numbers of each sort as there are features."
    elif not _are_fine((model.intercept, *(number for one in numbers for number in one))):
        yield "A sum holds a number that cannot be used."
    elif any(scale < SMALLEST_SCALE for scale in model.scales):
        yield f"A scale is at least {SMALLEST_SCALE}."


def _tree_faults(tree: Tree, features: int) -> Iterator[str]:
    size = len(tree.feature)
    lists = (tree.threshold, tree.left, tree.right, tree.missing_left, tree.value)
    if not 0 < size <= MOST_NODES or any(len(one) != size for one in lists):
        yield f"A tree has 1 to {MOST_NODES} nodes, and says as much of each."
    elif not _are_fine((*tree.threshold, *tree.value)):
        yield "A tree holds a number that cannot be used."
    else:
        yield from _node_faults(tree, features)


def _node_faults(tree: Tree, features: int) -> Iterator[str]:
    size = len(tree.feature)
    for place, feature in enumerate(tree.feature):
        if not -1 <= feature < features:
            yield "A tree asks for a feature that is not there."
        elif feature >= 0 and not (place < tree.left[place] < size and place < tree.right[place] < size):
            yield "A tree does not end."


def _are_fine(numbers: Iterable[float]) -> bool:
    return all(isfinite(number) and abs(number) <= LARGEST for number in numbers)
