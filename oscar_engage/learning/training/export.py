"""How does a fitted model leave scikit-learn? As numbers in a document, which says the same or is not published."""

from typing import Any

import numpy as np

from oscar_engage.learning.scoring.check import LARGEST
from oscar_engage.learning.scoring.document import Document
from oscar_engage.learning.scoring.parts import Linear, Logistic, Tree, Trees
from oscar_engage.learning.scoring.score import prepare
from oscar_engage.learning.training.data import Floats
from oscar_engage.learning.training.fitted import Predict
from oscar_engage.learning.training.prepare import Preparation
from oscar_engage.learning.training.reach import cut_rows

TOLERANCE = 1e-9
COMPARED = 1000
"""Rows on which document and scikit-learn are compared, as a rule."""


class ParityError(RuntimeError):
    """The document says something else than the model that it was made of."""


def vector_of(row: Floats) -> tuple[float | None, ...]:
    """Return a row as a web process knows it: plain numbers, None where one is missing."""
    return tuple(None if number != number else float(number) for number in row.tolist())  # noqa: PLR0124 - NaN


def linear_of(preparation: Preparation, intercept: float, coefficients: Floats) -> Linear:
    """Return a linear model of prepared columns; ``coefficients`` go over the columns, then over the marks of missing ones."""
    return Linear(**_weights(preparation, intercept, coefficients))


def logistic_of(preparation: Preparation, intercept: float, coefficients: Floats) -> Logistic:
    """Return the same through the logistic link."""
    return Logistic(**_weights(preparation, intercept, coefficients))


def trees_of(forest: Any, *, is_logit: bool) -> Trees:
    """Return a histogram gradient boosting of scikit-learn, classifier or regressor, as trees.

    scikit-learn has no public way to its trees; the names taken here are its own, and a release that
    changes them fails the comparison, not the shop.
    """
    return Trees(
        base=float(np.ravel(forest._baseline_prediction)[0]),
        link="logit" if is_logit else "identity",
        trees=tuple(_tree(stage[0].nodes) for stage in forest._predictors),
    )


def find_gap(document: Document, predict: Predict, values: Floats) -> float:
    """Return the largest difference between what ``document`` says of rows and what ``predict`` says, as far as it reaches."""
    say = prepare(document)
    said = np.array([say(vector_of(row)).value for row in values])
    gap = np.abs(said - predict(cut_rows(values, document.reach)))
    return float(gap.max()) if gap.size and np.isfinite(gap).all() else float("inf")


def check_parity(document: Document, predict: Predict, values: Floats, *, seed: int) -> float:
    """Compare on ``COMPARED`` rows and return the gap; raise :class:`ParityError`.

    A third of them has values taken away; where the document says how far it reaches, another third lies partly beyond.
    """
    chance = np.random.default_rng(seed)
    rows = values[chance.choice(len(values), size=COMPARED, replace=len(values) < COMPARED)].copy()
    holes = chance.random(rows.shape) < 0.1  # noqa: PLR2004 - a tenth of the values
    holes[COMPARED // 3 :] = False
    rows[holes] = np.nan
    if document.reach:
        far = chance.random(rows.shape) < 0.1  # noqa: PLR2004 - a tenth of the values
        far[: 2 * COMPARED // 3] = False
        rows[far] = 3 * rows[far] + chance.choice((-1.0, 1.0), size=int(far.sum()))
    gap = find_gap(document, predict, rows)
    if not gap <= TOLERANCE:
        raise ParityError(f"document and model are {gap:.2e} apart")
    return gap


def _weights(preparation: Preparation, intercept: float, coefficients: Floats) -> dict[str, Any]:
    count = len(preparation.fills)
    missing = np.zeros(count)
    missing[list(preparation.gaps)] = coefficients[count:]
    return {
        "intercept": float(intercept),
        "coefficients": tuple(map(float, coefficients[:count])),
        "fills": tuple(map(float, preparation.fills)),
        "logs": preparation.logs,
        "means": tuple(map(float, preparation.means)),
        "scales": tuple(map(float, preparation.scales)),
        "missing": tuple(map(float, missing)),
    }


def _tree(nodes: Any) -> Tree:
    is_leaf = nodes["is_leaf"].astype(bool)
    # No feature is as large as the largest number of a document, so all that are there go left at it, as at infinity.
    border = np.minimum(nodes["num_threshold"], LARGEST)
    return Tree(
        feature=tuple(np.where(is_leaf, -1, nodes["feature_idx"]).tolist()),
        threshold=tuple(np.where(is_leaf, 0.0, border).tolist()),
        left=tuple(np.where(is_leaf, 0, nodes["left"]).tolist()),
        right=tuple(np.where(is_leaf, 0, nodes["right"]).tolist()),
        missing_left=tuple(nodes["missing_go_to_left"].astype(bool).tolist()),
        value=tuple(_values(nodes, is_leaf)),
    )


def _values(nodes: Any, is_leaf: Any) -> list[float]:
    """Return what is foretold at each node: of a leaf its own, of the others the mean of what lies below, by rows."""
    values, counts = nodes["value"].tolist(), nodes["count"].tolist()
    for place in reversed(range(len(nodes))):  # what lies below comes later
        if not is_leaf[place]:
            left, right = int(nodes["left"][place]), int(nodes["right"][place])
            rows = max(1, counts[left] + counts[right])
            values[place] = (values[left] * counts[left] + values[right] * counts[right]) / rows
    return [float(value) for value in values]
