"""What is a model while it is fitted? What scikit-learn says of rows, and the same as a part of a document."""

from collections.abc import Callable
from dataclasses import dataclass

from oscar_engage.learning.scoring.parts import Model
from oscar_engage.learning.training.data import Floats

Predict = Callable[[Floats], Floats]
"""Values (rows × features, NaN: missing) to a number for each row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """``predict`` asks scikit-learn, ``model`` is the export: both must say the same (``export.agrees``)."""

    predict: Predict
    model: Model
