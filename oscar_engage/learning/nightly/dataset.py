"""How does the log become something to learn from? A folder that training reads: a header, and rows of plain 64-bit numbers.

``rows.f64`` holds for each vector: group, at, outcome, weight, treated, chance and then its values; NaN where there is none.
The group is a number for a person, salted anew each time: it binds vectors together and leads to nobody.
"""

import json
import math
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from oscar_engage.learning.features.schema import NAMES
from oscar_engage.learning.features.tasks import names_of, schema_of
from oscar_engage.learning.nightly.rows import Row, Source, read_rows
from oscar_engage.learning.nightly.sample import Reservoir

SAMPLED = 2000
"""Vectors kept aside, against which later ones are compared (``drift``)."""

_GROUP_BYTES = 6  # 48 bits: exact in a 64-bit float, and two of a million persons meet with a chance of 1 in 500
_AT_ONCE = 1000

Vector = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written. ``visits``: by the sum of weights; ``events``: rows with an outcome; ``sample``: some vectors."""

    rows: int
    visits: int
    events: int
    first_at: datetime | None
    last_at: datetime | None
    sample: tuple[Vector, ...]

    @property
    def hours(self) -> float:
        """From the first to the last vector."""
        return (self.last_at - self.first_at).total_seconds() / 3600 if self.first_at and self.last_at else 0.0


def write_dataset(folder: Path, source: Source, *, salt: bytes) -> Written:
    """Write ``rows.f64`` and then ``header.json`` into ``folder``; memory does not grow with the rows."""
    names = names_of(source.task)
    sample: Reservoir[Vector] = Reservoir(SAMPLED, salt)
    events, weights = 0, 0.0
    first_at: datetime | None = None
    last_at: datetime | None = None
    with (folder / "rows.f64").open("wb") as file:
        buffer = array("d")
        for row in read_rows(source, width=len(NAMES)):
            buffer.extend(_numbers(row, salt))
            if len(buffer) >= _AT_ONCE * (len(names) + 6):
                _flush(buffer, file)
            sample.show(row.values)
            events, weights = events + int(row.outcome), weights + row.weight
            first_at, last_at = min(first_at or row.at, row.at), max(last_at or row.at, row.at)
        _flush(buffer, file)
    schema = schema_of(source.task)
    header = {"task": str(source.task), "names": list(names), "schema": schema, "rows": sample.seen}
    (folder / "header.json").write_text(json.dumps(header), encoding="utf-8")
    return Written(
        rows=sample.seen,
        visits=round(weights),
        events=events,
        first_at=first_at,
        last_at=last_at,
        sample=tuple(sample.items),
    )


def number_of(unit: UUID, salt: bytes) -> int:
    """Return the number of a person in this folder and in no other."""
    return int.from_bytes(blake2b(unit.bytes, key=salt, digest_size=_GROUP_BYTES).digest(), "big")


def _numbers(row: Row, salt: bytes) -> list[float]:
    known = (row.at.timestamp(), row.outcome, row.weight * row.stands_for, row.treated, row.chance, *row.values)
    return [float(number_of(row.unit, salt)), *(math.nan if value is None else value for value in known)]


def _flush(buffer: "array[float]", file: BinaryIO) -> None:
    """Write what has gathered, little-endian on any machine."""
    if sys.byteorder == "big":  # pragma: no cover - no machine of ours is one
        buffer.byteswap()
    file.write(buffer.tobytes())
    del buffer[:]
