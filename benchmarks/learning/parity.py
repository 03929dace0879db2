"""Does a document say what scikit-learn says? Every rung, on every row, with missing values among them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.bars import Line, report
from benchmarks.learning.tables import NoTableError, read_hillstrom, read_uci
from benchmarks.learning.worlds import make_world
from oscar_engage.learning.scoring.document import Document, read_document, write_document
from oscar_engage.learning.training.data import Data
from oscar_engage.learning.training.export import TOLERANCE, find_gap
from oscar_engage.learning.training.fitted import Fitted
from oscar_engage.learning.training.propensity import fit_boosted, fit_logistic
from oscar_engage.learning.training.uplift import fit_ensemble, fit_s_learner

SEED = 1
MISSING = 0.1
_VISITORS = 2000


def measure(folder: Path | None) -> bool:
    """Measure on a made-up shop, then on the public tables; return whether no gap is larger than promised."""
    lines = [*_lines("made-up", make_world("slope", _VISITORS, seed=SEED, rate=-1.4).data)]
    try:
        tables = {"uci": read_uci(folder, is_first_party=False), "hillstrom": read_hillstrom(folder, "visit")}
    except NoTableError:
        report("learning: parity, the made-up shop alone", lines)
        raise
    for name, data in tables.items():
        lines += _lines(name, _with_gaps(data))
    return report("learning: parity of document and scikit-learn, largest gap", lines)


def _lines(name: str, data: Data) -> Iterator[Line]:
    for rung, fitted in _fitted(data):
        task = "propensity" if rung in {"logistic", "boosted"} else "uplift"
        document = Document(task=task, rung=rung, schema=data.schema, features=data.names, model=fitted.model)
        gap = find_gap(read_document(write_document(document)), fitted.predict, data.values)
        yield Line(what=f"{name}, {len(data)} rows: {rung}", measured=gap * 1e9, unit="1e-9", bar=TOLERANCE * 1e9)


def _fitted(data: Data) -> Iterator[tuple[str, Fitted]]:
    yield "logistic", fit_logistic(data, strength=0.03)
    yield "boosted", fit_boosted(data, seed=SEED)
    if data.treated is not None:
        yield "s_learner", fit_s_learner(data)
        yield "ensemble", fit_ensemble(data, seed=SEED)


def _with_gaps(data: Data) -> Data:
    """Return ``data``, some of its values gone: the public tables are complete, a shop's log is not."""
    gone = np.random.default_rng(SEED).random(data.values.shape) < MISSING
    return replace(data, values=np.where(gone, np.nan, data.values))
