"""Which bars count in this process? Kept, and read anew by a thread once a minute while beats come: never by a beat itself.

They are measured each hour, so a minute is soon enough. Where nothing was measured for a day (the worker stands still), the
price of an agent's place counts no more: nobody is refused by what was scarce yesterday.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from oscar_engage.learning.leads.bars import NOTHING_MEASURED
from oscar_engage.learning.leads.lead import Bars
from oscar_engage.learning.leads.models import ONLY, LeadBars
from oscar_engage.rules.background import Background

FRESH_FOR = timedelta(minutes=1)
"""How long what is kept is taken as it is."""

PRICE_FOR = timedelta(hours=24)
"""How long a price counts after it was measured."""


@dataclass(frozen=True, slots=True)
class _Kept:
    bars: Bars
    measured_at: datetime | None
    read_at: datetime


_kept: list[_Kept] = []  # at most one entry, replaced as a whole: threads see the old or the new


def live_bars(now: datetime) -> Bars:
    """Return the bars at ``now``; those of a new shop while this process has not looked yet. No query."""
    kept = _kept[0] if _kept else None
    if kept is None or abs(now - kept.read_at) >= FRESH_FOR:
        BACKGROUND.ask(now)
        kept = _kept[0] if _kept else None
    return NOTHING_MEASURED if kept is None else _at(kept.bars, kept.measured_at, now)


def read_bars(now: datetime) -> Bars:
    """Return the bars of the database as they count at ``now``; one query. For the worker and the simulator."""
    kept = _read(now)
    return _at(kept.bars, kept.measured_at, now)


def drop_live_bars() -> None:
    """Be as a process that has just begun; between tests."""
    _kept.clear()


def _at(bars: Bars, measured_at: datetime | None, now: datetime) -> Bars:
    is_old = measured_at is not None and abs(now - measured_at) > PRICE_FOR
    return replace(bars, price=None, uplift=bars.cost) if is_old else bars


def _refresh(now: datetime) -> None:
    _kept[:] = [_read(now)]


def _read(now: datetime) -> _Kept:
    row = LeadBars.objects.filter(pk=ONLY).first()
    if row is None:
        return _Kept(NOTHING_MEASURED, None, now)
    bars = Bars(row.uplift, row.propensity, cost=row.cost, price=row.price, order=row.order, margin=row.margin)
    return _Kept(bars, row.measured_at, now)


BACKGROUND = Background(_refresh, place="bars")
"""Reads the bars of this process."""
