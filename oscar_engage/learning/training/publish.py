"""How does a model become a document? With its window and numbers, and only if it says what scikit-learn says."""

from datetime import UTC, datetime
from typing import Literal, cast

from oscar_engage.learning.scoring.check import WITH_REACH
from oscar_engage.learning.scoring.document import Document, Window
from oscar_engage.learning.scoring.parts import Model
from oscar_engage.learning.training.calibrate import Calibration
from oscar_engage.learning.training.data import Data
from oscar_engage.learning.training.export import check_parity
from oscar_engage.learning.training.fitted import Predict
from oscar_engage.learning.training.reach import find_reach


def publish(
    task: str,
    rung: str,
    data: Data,
    *,
    model: Model,
    predict: Predict,
    numbers: dict[str, float],
    seed: int,
    calibration: Calibration = None,
    replicas: tuple[Model, ...] = (),
    ways: tuple[str, ...] = (),
) -> Document:
    """Return the document of ``model``, which reaches as far as ``data``; or raise ``export.ParityError``."""
    document = Document(
        format=WITH_REACH,
        task=cast('Literal["propensity", "exit", "uplift"]', task),
        rung=rung,
        schema=data.schema,
        features=data.names,
        model=model,
        calibration=calibration,
        replicas=replicas,
        ways=ways,
        reach=find_reach(data.values),
        window=Window(start=_iso(float(data.at.min())), until=_iso(float(data.at.max()))),
        metrics=dict(numbers),
    )
    check_parity(document, predict, data.values, seed=seed)
    return document


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat()
