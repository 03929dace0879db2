"""What do many days come to together? Two queries for any number of rollups, and no day is decoded twice that has not changed.

A page that shows a year of a rollup with a thousand cells a day would decode and add up 400,000 of them. So the days of a month
that are frozen are added up once in a process and kept, by the digests of their documents: what is kept cannot be out of date.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from oscar_engage.analytics.models import RollupDay
from oscar_engage.analytics.rollups.declare import ROLLUPS, Cells, Key, Rollup, Values
from oscar_engage.analytics.rollups.document import decode_rows
from oscar_engage.analytics.rollups.read import fold
from oscar_engage.core.lru import Lru

MOST_KEPT = 64
"""Months that a process keeps, of all rollups: two years of the two largest reports; about half a megabyte each."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The cells of some days together. ``by_day``: of each day those that were asked for day by day.

    ``filled_at``: when the newest day was counted, ``None`` if none was.
    """

    cells: Cells
    by_day: Mapping[date, Cells]
    filled_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Part:
    cells: Cells
    by_day: Mapping[date, Cells]


_Known = Sequence[tuple[date, str]]
"""Days with the digests of their documents."""

_OPEN = (0,)
"""The group of days that are counted again and may change."""

_kept: Lru[tuple[object, ...], _Part] = Lru(MOST_KEPT)


def read_total(name: str, *, since: date, until: date, by_day: str | None = None) -> Totals:
    """Return what the rollup ``name`` counted on the days ``[since, until)`` together, with two queries at most.

    ``by_day``: cells whose first key is this are given day by day as well. As in ``read_counts``, days that were counted in
    another version are left out. Sums of whole numbers are exact; those of floats may differ in the last digit, by the month.
    """
    return read_totals({name: by_day}, since=since, until=until)[name]


def read_totals(wanted: Mapping[str, str | None], *, since: date, until: date) -> dict[str, Totals]:
    """Return of several rollups what :func:`read_total` does; two queries at most for all. ``wanted``: name to ``by_day``."""
    rows = RollupDay.objects.filter(rollup__in=wanted.keys(), day__gte=since, day__lt=until).order_by("day")
    known: dict[str, list[_Day]] = {name: [] for name in wanted}
    columns = ("rollup", "version", "day", "digest", "frozen_at", "filled_at")
    for name, version, day, digest, frozen_at, filled_at in rows.values_list(*columns):
        if version == ROLLUPS.get(name).version:
            known[name].append(_Day(day, digest, frozen_at, filled_at))
    plans = {name: _Plan(ROLLUPS.get(name), known[name], by_day) for name, by_day in wanted.items()}
    missing = Q()
    for name, plan in plans.items():
        if plan.missing:
            missing |= Q(rollup=name, day__gte=min(plan.missing), day__lte=max(plan.missing))
    texts: dict[tuple[str, date], str] = {}
    if missing:
        as_text = rows.filter(missing).annotate(text=Cast("cells", TextField()))
        texts = {(name, day): text for name, day, text in as_text.values_list("rollup", "day", "text")}
    return {name: plan.total({day: text for (of, day), text in texts.items() if of == name}) for name, plan in plans.items()}


class _Day(NamedTuple):
    """A day that was counted: the digest of its document, and since when it does not change any more."""

    day: date
    digest: str
    frozen_at: datetime | None
    filled_at: datetime


class _Plan:
    """The days of one rollup by month, those that are not frozen apart, and which of them have to be read."""

    def __init__(self, rollup: Rollup, known: Sequence[_Day], by_day: str | None) -> None:
        self._rollup, self._known, self._by_day = rollup, known, by_day
        self._groups: defaultdict[tuple[int, ...], list[tuple[date, str]]] = defaultdict(list)
        for one in known:
            self._groups[(one.day.year, one.day.month) if one.frozen_at else _OPEN].append((one.day, one.digest))
        self._parts = {group: _kept.get(_name_of(rollup, days, by_day)) for group, days in self._groups.items()}

    @property
    def missing(self) -> list[date]:
        """The days that are not kept."""
        return [day for group, days in self._groups.items() if self._parts[group] is None for day, _digest in days]

    def total(self, texts: Mapping[date, str]) -> Totals:
        """Return all days together; ``texts``: the documents of those that were missing."""
        found = [part or self._add_up(group, texts) for group, part in self._parts.items()]
        return Totals(
            cells=fold(self._rollup, (part.cells for part in found)),
            by_day={day: cells for part in found for day, cells in part.by_day.items()},
            filled_at=self._known[-1].filled_at if self._known else None,
        )

    def _add_up(self, group: tuple[int, ...], texts: Mapping[date, str]) -> _Part:
        return _add_up(self._rollup, group, self._groups[group], texts, self._by_day)


def _name_of(rollup: Rollup, days: _Known, by_day: str | None) -> tuple[object, ...]:
    return (rollup.name, rollup.version, by_day, *days)


def _add_up(rollup: Rollup, group: tuple[int, ...], days: _Known, texts: Mapping[date, str], by_day: str | None) -> _Part:
    """Return the days together, and keep those of a frozen month."""
    width, of_days = len(rollup.keys), {}
    of_key: defaultdict[Key, list[Values]] = defaultdict(list)
    for day, _digest in days:
        rows = decode_rows(rollup, texts.get(day, "[]"))
        for row in rows:
            of_key[row[:width]].append(row[width:])
        if by_day is not None:
            of_days[day] = {row[:width]: row[width:] for row in rows if row[0] == by_day}
    part = _Part({key: rollup.add_all(values) for key, values in of_key.items()}, of_days)
    if group != _OPEN:
        _kept.put(_name_of(rollup, days, by_day), part)
    return part
