"""Which days does the reader want to see?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

PERIODS = (7, 30, 90)
DEFAULT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The half-open period ``[since, until)`` of ``days`` days."""

    days: int
    since: datetime
    until: datetime


def choose_period(asked: str | None, *, now: datetime) -> Period:
    """Return the period of ``asked`` days up to ``now``; anything but one of :data:`PERIODS` is the default."""
    days = next((days for days in PERIODS if asked == str(days)), DEFAULT)
    return Period(days=days, since=now - timedelta(days=days), until=now)
