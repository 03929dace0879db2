"""Which features made a score what it is? Signed, the largest first; before the calibration, in the model's own scale.

For a logistic curve and for trees with log-odds that scale is the log-odds. The contributions and :func:`starting_point`
add up to what the model says there. A tree is read along the vector's way: each step counts for the feature that was asked
(A. Saabas, "Interpreting random forests", 2014).
"""

from collections import defaultdict
from collections.abc import Mapping

from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.frame import take
from oscar_engage.learning.scoring.parts import Difference, Model, Tree, Trees, Weights
from oscar_engage.learning.scoring.reach import cut
from oscar_engage.learning.scoring.score import Vector

_Shares = Mapping[int, float]


def contributions(document: Document, vector: Vector) -> tuple[tuple[str, float], ...]:
    """Return ``(feature, contribution)`` of those that count, the largest first; equal ones in the order of the features."""
    shares = _shares(document.model, cut(document.reach, vector))
    ordered = sorted(shares.items(), key=lambda share: (-abs(share[1]), share[0]))
    return tuple((document.features[place], value) for place, value in ordered if value)


def starting_point(model: Model) -> float:
    """Return what the model says before it has looked at anything: features at their means, trees at their roots."""
    match model:
        case Weights():
            return model.intercept
        case Trees():
            return model.base + sum(tree.value[0] for tree in model.trees)
        case Difference():
            return starting_point(model.treated) - starting_point(model.control)
        case _:
            return sum(weight * starting_point(one) for weight, one in zip(model.weights, model.members, strict=True))


def _shares(model: Model, vector: Vector) -> _Shares:
    match model:
        case Weights():
            return _shares_of_sum(model, vector)
        case Trees():
            return _together([(1.0, _shares_of_tree(tree, vector)) for tree in model.trees])
        case Difference():
            return _together([(1.0, _shares(model.treated, vector)), (-1.0, _shares(model.control, vector))])
        case _:
            parts = zip(model.weights, model.members, strict=True)
            return _together([(weight, _shares(member, vector)) for weight, member in parts])


def _shares_of_sum(model: Weights, vector: Vector) -> _Shares:
    shares = {}
    for place, value in enumerate(vector):
        taken = take(model.fills[place] if value is None else value, model.logs[place])
        shares[place] = model.coefficients[place] * (taken - model.means[place]) / model.scales[place]
        if value is None:
            shares[place] += model.missing[place]
    return shares


def _shares_of_tree(tree: Tree, vector: Vector) -> _Shares:
    shares: defaultdict[int, float] = defaultdict(float)
    node = 0
    while (feature := tree.feature[node]) >= 0:
        value = vector[feature]
        goes_left = tree.missing_left[node] if value is None else value <= tree.threshold[node]
        following = tree.left[node] if goes_left else tree.right[node]
        shares[feature] += tree.value[following] - tree.value[node]
        node = following
    return shares


def _together(parts: list[tuple[float, _Shares]]) -> _Shares:
    summed: defaultdict[int, float] = defaultdict(float)
    for weight, shares in parts:
        for place, value in shares.items():
            summed[place] += weight * value
    return summed
