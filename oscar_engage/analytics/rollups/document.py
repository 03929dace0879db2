"""How is a day of a rollup written down? As one JSON document, always in the same order, with a digest of what it says."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from math import isfinite
from typing import Any

import msgspec

from oscar_engage.analytics.rollups.declare import Cells, Key, Rollup, Values

Document = list[list[Any]]


class MiscountedError(ValueError):
    """A rollup counted something that does not fit its declaration."""


def write_cells(rollup: Rollup, cells: Iterable[tuple[Key, Values]]) -> Document:
    """Return the document of a day: a list ``[*key, *values]`` a cell, sorted by key; cells of one key are put together.

    What does not fit the declaration raises :class:`MiscountedError`: a count that is wrong must not look like one.
    """
    merged: dict[Key, Values] = {}
    for key, values in cells:
        if len(key) != len(rollup.keys) or len(values) != len(rollup.values) or not all(map(isfinite, values)):
            raise MiscountedError(f"{rollup.name} counted {key!r}: {values!r}, which is not {rollup.keys}: {rollup.values}.")
        kept = tuple(part.replace("\0", "") for part in key)  # PostgreSQL's JSON has no place for it
        merged[kept] = rollup.add(merged.get(kept), values)
    return [[*key, *merged[key]] for key in sorted(merged)]


def read_cells(rollup: Rollup, document: Sequence[Sequence[Any]]) -> Cells:
    """Return the cells of a document that :func:`write_cells` wrote."""
    width = len(rollup.keys)
    return {tuple(row[:width]): tuple(row[width:]) for row in document}


def decode_rows(rollup: Rollup, text: str) -> Sequence[tuple[Any, ...]]:
    """Return the rows ``(*key, *values)`` of a document that is still text, as ``json`` reads it: whole numbers of any size."""
    rows: Sequence[tuple[Any, ...]] = _decoder(len(rollup.keys), len(rollup.values)).decode(text)
    return rows


@lru_cache(maxsize=64)
def _decoder(keys: int, values: int) -> msgspec.json.Decoder[Any]:
    row = (*[str] * keys, *[int | float] * values)
    return msgspec.json.Decoder(list[tuple.__class_getitem__(row)])  # type: ignore[misc]  # a tuple of so many


def digest_of(name: str, day: date, version: int, document: Sequence[Sequence[Any]]) -> str:
    """Return the digest of a day's document: 64 hexadecimal digits that change with anything it says."""
    text = json.dumps([name, day.isoformat(), version, document], ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
