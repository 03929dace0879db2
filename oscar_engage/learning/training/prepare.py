"""How do raw numbers become what a linear model can weigh? Logarithm, fill, standardise, and a mark where one is missing."""

from dataclasses import dataclass

import numpy as np

from oscar_engage.learning.training.data import Floats

_LONG_TAIL = 10.0  # a count or a time beyond this is told apart by its logarithm


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What to do with each column; ``fills`` and ``means`` are in the column's own unit and after the logarithm."""

    fills: Floats
    logs: tuple[bool, ...]
    means: Floats
    scales: Floats
    gaps: tuple[int, ...]
    """Columns that had missing values: each has a mark of its own, after all columns."""

    def apply(self, values: Floats) -> Floats:
        """Return standardised columns, and behind them the marks of missing values."""
        missing = np.isnan(values)
        filled = np.where(missing, self.fills, values)
        logs = np.array(self.logs)
        filled[:, logs] = np.log1p(filled[:, logs].clip(min=0))
        return np.hstack([(filled - self.means) / self.scales, missing[:, list(self.gaps)].astype(np.float64)])


def prepare(values: Floats) -> Preparation:
    """Learn from ``values`` what to do with columns like these."""
    missing = np.isnan(values)
    known = np.where(missing.all(axis=0), 0.0, values)
    fills = np.nanmedian(known, axis=0)
    filled = np.where(np.isnan(known), fills, known)
    logs = (filled.min(axis=0) >= 0) & (np.quantile(filled, 0.99, axis=0) > _LONG_TAIL)
    filled[:, logs] = np.log1p(filled[:, logs])
    spread = filled.std(axis=0)
    gaps = tuple(int(one) for one in np.flatnonzero(missing.any(axis=0) & ~missing.all(axis=0)))
    return Preparation(
        fills=fills,
        logs=tuple(bool(one) for one in logs),
        means=filled.mean(axis=0),
        scales=np.where(spread > 1e-9, spread, 1.0),  # noqa: PLR2004 - a column that never changes says nothing
        gaps=gaps,
    )


def without_empty_columns(values: Floats) -> Floats:
    """Return ``values`` with nought in columns that hold nothing: trees cannot cut those, and never ask for one value."""
    return np.where(np.isnan(values).all(axis=0), 0.0, values)
