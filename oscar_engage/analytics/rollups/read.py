"""What was counted in these days? One query a rollup, however long the period; or one for several rollups together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db.models import TextField
from django.db.models.functions import Cast

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.declare import ROLLUPS, Cells, Key, Rollup, Values
from oscar_engage.analytics.rollups.document import decode_rows, digest_of, read_cells


@dataclass(frozen=True, slots=True)
class Counts:
    """The cells of a period, day by day; ``filled_at``: when its newest day was counted, ``None`` if none was."""

    rollup: Rollup
    days: Mapping[date, Cells]
    filled_at: datetime | None

    def total(self) -> dict[Key, Values]:
        """Return the cells of all days together."""
        return fold(self.rollup, self.days.values())

    def column(self, cells: Cells, value: str) -> dict[Key, int | float]:
        """Return one named value of each of ``cells``."""
        place = self.rollup.values.index(value)
        return {key: values[place] for key, values in cells.items()}


def fold(rollup: Rollup, parts: Iterable[Cells]) -> dict[Key, Values]:
    """Return the cells of several days together.

    A page folds tens of thousands of them, so that all days of a cell are added at once.
    """
    of_key: defaultdict[Key, list[Values]] = defaultdict(list)
    for cells in parts:
        for key, values in cells.items():
            of_key[key].append(values)
    return {key: rollup.add_all(days) for key, days in of_key.items()}


def read_counts(name: str, *, since: date, until: date) -> Counts:
    """Return what the rollup ``name`` counted on the days ``[since, until)``, with one query.

    Days that were counted in another version of its cells are left out: they do not mean the same.
    """
    rollup = ROLLUPS.get(name)
    rows = RollupDay.objects.filter(rollup=name, version=rollup.version, day__gte=since, day__lt=until).order_by("day")
    days, filled_at = {}, None
    as_text = rows.annotate(text=Cast("cells", TextField()))
    for day, text, filled in as_text.values_list("day", "text", "filled_at"):
        days[day], filled_at = read_cells(rollup, decode_rows(rollup, text)), filled
    return Counts(rollup, days, filled_at)


class ReadCounts(Protocol):
    """What answers as :func:`read_counts` does: that function, or a :class:`Shelf` that has read it before."""

    def __call__(self, name: str, *, since: date, until: date) -> Counts:
        """Return what the rollup ``name`` counted on the days ``[since, until)``."""
        ...


class Shelf:
    """Several rollups over some days, read with one query; called, it answers as :func:`read_counts` does.

    For a page that says a little of much. Asked for what is not on it, a rollup or a day, it raises :class:`LookupError`:
    an answer would look like days on which nothing happened.
    """

    def __init__(self, names: Collection[str], *, since: date, until: date) -> None:
        """Read the rollups ``names`` on the days ``[since, until)``."""
        self._since, self._until = since, until
        self._kept: dict[str, dict[date, tuple[Cells, datetime]]] = {name: {} for name in names}
        rows = RollupDay.objects.filter(rollup__in=names, day__gte=since, day__lt=until).order_by("day")
        as_text = rows.annotate(text=Cast("cells", TextField()))
        for name, day, version, text, filled in as_text.values_list("rollup", "day", "version", "text", "filled_at"):
            rollup = ROLLUPS.get(name)
            if version == rollup.version:
                self._kept[name][day] = (read_cells(rollup, decode_rows(rollup, text)), filled)

    def __call__(self, name: str, *, since: date, until: date) -> Counts:
        """Return what the rollup ``name`` counted on the days ``[since, until)``, without a query."""
        if since < self._since or until > self._until:
            raise LookupError(f"{since} to {until} is not within {self._since} to {self._until}, which was read.")
        found = {day: kept for day, kept in self._kept[name].items() if since <= day < until}
        filled_at = found[max(found)][1] if found else None
        return Counts(ROLLUPS.get(name), {day: cells for day, (cells, _filled) in found.items()}, filled_at)


def find_altered() -> list[tuple[str, date]]:
    """Return the days, frozen or open, whose document is not what was counted; an empty list: all digests fit."""
    rows = RollupDay.objects.order_by("rollup", "day").values_list("rollup", "day", "version", "cells", "digest")
    return [
        (name, day)
        for name, day, version, document, digest in rows.iterator(chunk_size=100)
        if digest_of(name, day, version, document) != digest
    ]
