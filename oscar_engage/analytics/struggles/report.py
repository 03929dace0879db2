"""Where did the site hurt in these days? Read from the rollup ``struggles``, with two queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from oscar_engage.analytics.rollups.total import Totals, read_total
from oscar_engage.analytics.struggles.count import AUTOMATA, LEFT_OUT, STAFF, STRUGGLES
from oscar_engage.analytics.struggles.rank import Cells, Hurt, count_visits, list_currencies, rank_hurts
from oscar_engage.analytics.struggles.spots import SpotKind
from oscar_engage.analytics.struggles.visit import ANY, VISITS


@dataclass(frozen=True, slots=True, kw_only=True)
class StruggleReport:
    """The days ``[since, until)``: what was counted, in one ``currency``, and of each day the baskets lost in it.

    ``spots`` are places, fields, pages and steps; a struggle is at one of them. ``products`` tell some of the same struggles
    again, by product. ``visits`` ended in the period, ``ordered`` of them ordered; ``staff`` and ``automata`` visits are in
    none of the figures. ``counted_at``: when the newest day was counted; ``None``: nothing was counted yet.
    """

    currency: str
    currencies: tuple[str, ...]
    spots: tuple[Hurt, ...]
    products: tuple[Hurt, ...]
    visits: int
    ordered: int
    staff: int
    automata: int
    lost_by_day: Mapping[date, Decimal]
    counted_at: datetime | None

    def find(self, kind: str, name: str) -> Hurt | None:
        """Return the spot, if somebody struggled there."""
        return next((hurt for hurt in (*self.spots, *self.products) if (hurt.kind, hurt.name) == (kind, name)), None)


READ: Mapping[str, str | None] = {STRUGGLES.name: VISITS}
"""What the report reads, as ``rollups.total.read_totals`` is asked for it."""


def report_struggles(*, since: date, until: date, currency: str = "", counts: Totals | None = None) -> StruggleReport:
    """Return the report; without a ``currency`` that occurred, in the one in which most was lost.

    ``counts``: what was read of :data:`READ` already.
    """
    counts = counts or read_total(STRUGGLES.name, since=since, until=until, by_day=VISITS)
    cells = counts.cells
    currencies = list_currencies(cells)
    chosen = currency if currency in currencies else currencies[0] if currencies else ""
    hurts = rank_hurts(cells, currency=chosen)
    visits, ordered = count_visits(cells)
    return StruggleReport(
        currency=chosen,
        currencies=tuple(currencies),
        spots=tuple(hurt for hurt in hurts if hurt.kind != SpotKind.PRODUCT),
        products=tuple(hurt for hurt in hurts if hurt.kind == SpotKind.PRODUCT),
        visits=visits,
        ordered=ordered,
        staff=_left_out(cells, STAFF),
        automata=_left_out(cells, AUTOMATA),
        lost_by_day={day: _lost(own, chosen) for day, own in counts.by_day.items()},
        counted_at=counts.filled_at,
    )


def worst_struggles(
    *, since: date, until: date, counts: Totals | None = None, most: int = 3
) -> tuple[StruggleReport, tuple[Hurt, ...]]:
    """Return the report and its ``most`` worst spots by name, for an overview: with two queries, none with ``counts``."""
    report = report_struggles(since=since, until=until, counts=counts)
    return report, tuple(hurt for hurt in report.spots if not hurt.is_rest)[:most]


def _left_out(cells: Cells, name: str) -> int:
    return int(cells.get((LEFT_OUT, name, ANY, ""), (0, 0))[1])


def _lost(cells: Cells, currency: str) -> Decimal:
    values = cells.get((VISITS, "", ANY, currency))
    return Decimal(int(values[4])) / 100 if values else Decimal(0)
