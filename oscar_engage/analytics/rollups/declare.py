"""What is counted? A rollup says of what its cells consist, how long a day of it stays open, and how to count one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from oscar_engage.core.registry import Registry

Number = int | float
Key = tuple[str, ...]
Values = tuple[Number, ...]
Cells = Mapping[Key, Values]
Fold = Literal["sum", "max"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day by the shop's clock: half open, ``[starts_at, ends_at)``; 23 or 25 hours where the clock changes."""

    date: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """One declared count.

    ``keys`` and ``values`` name the parts of a cell, in their order. Values are exact where they are ``int``: count money in
    the currency's hundredths and name the currency in a key. ``count(day, now=…)`` reads the raw rows of one day; it is called
    outside a transaction, again and again while the day is open, and must give the same for the same rows. ``open_days()``: how
    many days after its end facts of a day may still come in or change; then it is frozen. ``begins()``: when the oldest raw
    row is from, ``None`` without any. ``version``: raise it when the meaning of cells changes, and open days are counted anew;
    days that were frozen stay as they are.
    """

    name: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    count: Callable[..., Iterable[tuple[Key, Values]]]
    open_days: Callable[[], int]
    begins: Callable[[], datetime | None]
    reads: tuple[str, ...] = ()
    """Kinds of personal data (their names in ``personal``) that are counted: they have to stay as long as a day is open."""

    version: int = 1
    folds: Mapping[str, Fold] = field(default_factory=dict)
    """How a value of several days becomes one, where that is not their sum."""

    def add(self, one: Values | None, other: Values) -> Values:
        """Return the values of two days together."""
        return other if one is None else self.add_all((one, other))

    def add_all(self, days: Sequence[Values]) -> Values:
        """Return the values of several days together, one at least."""
        if len(days) == 1:
            return days[0]
        if not self.folds:
            return tuple(map(sum, zip(*days, strict=True)))
        return tuple(
            max(values) if self.folds.get(name) == "max" else sum(values)
            for name, values in zip(self.values, zip(*days, strict=True), strict=True)
        )


ROLLUPS: Registry[Rollup] = Registry("rollup")
