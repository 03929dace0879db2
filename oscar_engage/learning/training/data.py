"""What is learnt from? Rows of a folder that the nightly job wrote: numbers, and for each whose, when and what came of it."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
"""Numbers of rows, ascending."""

_LEADING = 6  # group, at, outcome, weight, treated, chance


class BadDataError(ValueError):
    """The folder does not hold what its header promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """``values`` (rows × names; NaN: missing) with what belongs to each row.

    ``outcome`` 0 or 1; ``weight`` 1/(snapshots of the visit); ``group`` the visitor's number; ``at`` seconds since 1970;
    ``treated`` 1: invited, 0: held out; ``chance`` the probability of having been treated. Both are None but for uplift.
    """

    names: tuple[str, ...]
    schema: str
    values: Floats
    outcome: Floats
    weight: Floats
    group: Floats
    at: Floats
    treated: Floats | None = None
    chance: Floats | None = None

    def __len__(self) -> int:
        return len(self.outcome)

    def take(self, rows: Rows) -> "Data":
        """Return only these rows."""
        return Data(
            names=self.names,
            schema=self.schema,
            values=self.values[rows],
            outcome=self.outcome[rows],
            weight=self.weight[rows],
            group=self.group[rows],
            at=self.at[rows],
            treated=None if self.treated is None else self.treated[rows],
            chance=None if self.chance is None else self.chance[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a randomised trial adds, with nothing missing."""

    treated: Floats
    chance: Floats

    @property
    def inverse(self) -> Floats:
        """Weight of each row by the inverse of the probability of its own arm, one on average in each arm."""
        own = np.where(self.treated == 1, self.chance, 1 - self.chance)
        weight = 1 / own
        for arm in (0, 1):
            here = self.treated == arm
            if here.any():
                weight[here] /= weight[here].mean()
        return np.asarray(weight, dtype=np.float64)


def trial_of(data: Data) -> Trial:
    """Return the arms of ``data``, or raise :class:`BadDataError` where a row has none or no chance of the other arm."""
    if data.treated is None or data.chance is None:
        raise BadDataError("no arms")
    if not (np.isin(data.treated, (0, 1)).all() and ((data.chance > 0) & (data.chance < 1)).all()):
        raise BadDataError("an arm without a chance")
    return Trial(treated=data.treated, chance=data.chance)


def read_data(folder: Path) -> tuple[str, Data]:
    """Return the task and the rows of ``folder`` (``header.json``, ``rows.f64``), or raise :class:`BadDataError`."""
    header = json.loads((folder / "header.json").read_text(encoding="utf-8"))
    names = tuple(header["names"])
    numbers = np.fromfile(folder / "rows.f64", dtype="<f8").astype(np.float64)
    width = _LEADING + len(names)
    if numbers.size != header["rows"] * width:
        raise BadDataError("not as many numbers as promised")
    table = numbers.reshape(-1, width)
    if np.isinf(table).any() or np.isnan(table[:, :4]).any():
        raise BadDataError("a number that is none")
    has_arms = header["task"] == "uplift"
    return header["task"], Data(
        names=names,
        schema=header["schema"],
        group=table[:, 0],
        at=table[:, 1],
        outcome=table[:, 2],
        weight=table[:, 3],
        treated=table[:, 4] if has_arms else None,
        chance=table[:, 5] if has_arms else None,
        values=table[:, _LEADING:],
    )


def write_data(folder: Path, task: str, data: Data) -> None:
    """Write what :func:`read_data` reads."""
    nothing = np.full(len(data), np.nan)
    leading = (data.group, data.at, data.outcome, data.weight, data.treated, data.chance)
    columns = [nothing if column is None else column for column in leading]
    np.column_stack([*columns, data.values]).astype("<f8").tofile(folder / "rows.f64")
    header = {"task": task, "names": list(data.names), "schema": data.schema, "rows": len(data)}
    (folder / "header.json").write_text(json.dumps(header), encoding="utf-8")
