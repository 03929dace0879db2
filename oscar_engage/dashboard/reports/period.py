"""Which days does the reader want to see?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

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


class PeriodMixin:
    """The chosen period, and what a report page over it shows of it; include ``_period.html``."""

    request: Any

    def period_context(self) -> tuple[Period, dict[str, Any]]:
        """Return the period and the template's names for it."""
        period = choose_period(self.request.GET.get("days"), now=timezone.now())
        return period, {"period": period, "periods": PERIODS}
