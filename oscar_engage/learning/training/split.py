"""What is learnt from, and what is judged on? Nobody's visits are on both sides; the newest judge."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from oscar_engage.learning.training.data import Data, Floats, Rows

NEWEST = 0.3
"""Share of visitors, by when they were first seen, on whom a model that learnt from the others is judged."""

FOLDS = 3


class Split(NamedTuple):
    """Rows to learn from and rows to judge on."""

    learn: Rows
    judge: Rows


def split_by_time(data: Data, *, seen_until: float | None = None) -> Split:
    """Split by visitor; who was seen first before the border is learnt from.

    Where a champion has seen rows until ``seen_until`` beyond the border, half of the visitors that came later judge:
    neither it nor the challenger knows them, and the challenger has learnt from the other half.
    """
    first = _first_seen(data)
    border = float(np.quantile(first, 1 - NEWEST))
    if seen_until is not None and seen_until >= border:
        later = first[first > seen_until]
        border = float(np.median(later)) if later.size else float("inf")
    return Split(np.flatnonzero(first < border), np.flatnonzero(first >= border))


def folds(data: Data, *, count: int = FOLDS, seed: int) -> Iterator[Split]:
    """Give ``count`` folds of visitors, shuffled: rows in order of time would make of each fold another season."""
    fold = fold_of(data, count=count, seed=seed)
    for one in range(count):
        yield Split(np.flatnonzero(fold != one), np.flatnonzero(fold == one))


def fold_of(data: Data, *, count: int, seed: int) -> Rows:
    """Return the fold of each row: visitors are shuffled within those with an outcome and those without, and dealt out."""
    groups, where = np.unique(data.group, return_inverse=True)
    events = np.bincount(where, weights=data.outcome, minlength=groups.size) > 0
    if data.treated is not None:
        events = events + 2 * (np.bincount(where, weights=data.treated, minlength=groups.size) > 0)
    shuffled = np.random.default_rng(seed).permutation(groups.size)
    dealt = shuffled[np.argsort(events[shuffled], kind="stable")]
    number = np.empty(groups.size, dtype=np.int64)
    number[dealt] = np.arange(groups.size) % count
    return np.asarray(number[where], dtype=np.int64)


def thin(data: Data, *, most: int, seed: int) -> Data:
    """Return at most about ``most`` rows, of visitors drawn at random; all rows of a visitor or none."""
    if len(data) <= most:
        return data
    groups, where = np.unique(data.group, return_inverse=True)
    drawn = np.random.default_rng(seed).random(groups.size) < most / len(data)
    return data.take(np.flatnonzero(drawn[where]))


def _first_seen(data: Data) -> Floats:
    groups, where = np.unique(data.group, return_inverse=True)
    first = np.full(groups.size, np.inf)
    np.minimum.at(first, where, data.at)
    return np.asarray(first[where], dtype=np.float64)
