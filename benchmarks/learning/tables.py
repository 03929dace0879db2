"""What is measured on? Two public tables, read from a folder that the caller names, as the rows that training takes.

Nothing is downloaded: :data:`SOURCES` says where each comes from and by which hash it is known.
"""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oscar_engage.learning.training.data import Data, Floats

DAY = 86_400.0


class NoTableError(LookupError):
    """A table is not there, or is another one; the message says where it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that somebody has to put into the folder, under any sub-folder."""

    name: str
    sha256: str
    origin: str


UCI = Source(
    name="online_shoppers_intention.csv",
    sha256="b3055ee355f59134d851d32641183cb4a8b45def7124d2f50442a042f358e0d9",
    origin="UCI Machine Learning Repository, data set 468 (Sakar and Kastro, 2018, doi 10.24432/C5F88Q, CC BY 4.0)",
)
HILLSTROM = Source(
    name="hillstrom.csv",
    sha256="27bab8c5d3669f26ec08ebb50a0a78317542f29501156f2e2af6781fab4cd7e2",
    origin="Kevin Hillstrom, MineThatData e-mail analytics challenge, 2008-03-20 (64,000 customers; the file as published)",
)

_MONTHS = ("Feb", "Mar", "May", "June", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBERS = (2, 3, 5, 6, 7, 8, 9, 10, 11, 12)
_NUMBERS = (
    *("Administrative", "Administrative_Duration", "Informational", "Informational_Duration"),
    *("ProductRelated", "ProductRelated_Duration", "SpecialDay"),
)
_OF_GOOGLE = ("BounceRates", "ExitRates", "PageValues")
"""What Google Analytics knew of pages: a shop's own log does not, and the last of them knows of orders."""

_CODES = ("OperatingSystems", "Browser", "Region", "TrafficType", "VisitorType")
_RARE = 100  # rows below which a code has no column of its own


def read_uci(folder: Path | None, *, is_first_party: bool) -> Data:
    """Return the visits of the UCI table; ``at`` is the month's number in days, all the file says of time.

    ``is_first_party`` leaves out what comes from Google Analytics, and the month: the judged months are not among the learnt.
    """
    rows = _rows(folder, UCI)
    columns = {name: _numbers(rows, name) for name in (*_NUMBERS, *(() if is_first_party else _OF_GOOGLE))}
    columns["Weekend"] = np.array([float(row["Weekend"] == "TRUE") for row in rows])
    for name in _CODES if is_first_party else (*_CODES, "Month"):
        columns |= _one_hot(rows, name)
    month = np.array([float(_MONTH_NUMBERS[_MONTHS.index(row["Month"])]) for row in rows])
    if not is_first_party:
        columns["month"] = month
    outcome = np.array([float(row["Revenue"] == "TRUE") for row in rows])
    return _data(columns, outcome, at=month * DAY)


def read_hillstrom(folder: Path | None, outcome: str) -> Data:
    """Return the mailing of the Hillstrom table: any mail against none; ``outcome`` is ``visit`` or ``conversion``.

    The table knows nothing of time; the rows stand in no order that it explains, and are dated in a fixed shuffled one.
    """
    rows = _rows(folder, HILLSTROM)
    columns = {name: _numbers(rows, name) for name in ("recency", "history", "mens", "womens", "newbie")}
    for name in ("zip_code", "channel"):
        columns |= _one_hot(rows, name)
    treated = np.array([float(row["segment"] != "No E-Mail") for row in rows])
    at = np.random.default_rng(2008).permutation(len(rows)) * 60.0
    return _data(columns, _numbers(rows, outcome), at=at, treated=treated, chance=np.full(len(rows), 2 / 3))


def find(folder: Path | None, source: Source) -> Path:
    """Return the file of ``source`` below ``folder``, or raise :class:`NoTableError`."""
    found = next(iter(sorted(folder.rglob(source.name))), None) if folder is not None and folder.is_dir() else None
    if found is None:
        raise NoTableError(f"{source.name} is missing. It comes from: {source.origin}.")
    if hashlib.sha256(found.read_bytes()).hexdigest() != source.sha256:
        raise NoTableError(f"{source.name} is another file than the one measured (SHA-256 {source.sha256}).")
    return found


def _rows(folder: Path | None, source: Source) -> list[dict[str, str]]:
    with find(folder, source).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _numbers(rows: list[dict[str, str]], name: str) -> Floats:
    return np.array([float(row[name]) for row in rows])


def _one_hot(rows: list[dict[str, str]], name: str) -> dict[str, Floats]:
    """Return a column for each code that is not rare, but for the first: all of them together would say one thing twice."""
    said = np.array([row[name] for row in rows])
    codes, counts = np.unique(said, return_counts=True)
    return {f"{name}={code}": (said == code).astype(float) for code in codes[counts >= _RARE][1:]}


def _data(
    columns: dict[str, Floats], outcome: Floats, *, at: Floats, treated: Floats | None = None, chance: Floats | None = None
) -> Data:
    return Data(
        names=tuple(columns),
        schema="bench",
        values=np.column_stack(list(columns.values())),
        outcome=outcome,
        weight=np.ones(len(outcome)),
        group=np.arange(len(outcome), dtype=float),
        at=at,
        treated=treated,
        chance=chance,
    )
